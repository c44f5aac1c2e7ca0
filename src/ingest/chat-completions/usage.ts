import type { JsonObject } from '../../domain/json.ts';
import { usdFromNano } from '../../domain/money.ts';
import type { AnswerBill } from '../../domain/ports.ts';
import { inputTokensOf } from '../../domain/response.ts';

/** The dialect's usage, with what the answer costs beside it. */
export function toUsage(bill: AnswerBill): JsonObject {
  const { usage } = bill;
  const promptTokens = inputTokensOf(usage) ?? 0;
  const completionTokens = usage.outputTokens ?? 0;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cacheReadTokens ?? 0,
      audio_tokens: usage.audioInputTokens ?? 0,
      ...(usage.cacheWriteTokens !== undefined && { cache_write_tokens: usage.cacheWriteTokens }),
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens ?? 0,
      audio_tokens: usage.audioOutputTokens ?? 0,
    },
    ...toCost(bill),
  };
}

/** US dollars by our price; what the provider says itself stands beside it. `null`: not known. */
export function toCost({ costNanoUsd, usage, usageIsEstimated }: AnswerBill): JsonObject {
  return {
    cost: costNanoUsd === undefined ? null : usdFromNano(costNanoUsd),
    cost_details: {
      upstream_cost: usage.upstreamCostUsd ?? null,
      is_estimated: usageIsEstimated,
    },
  };
}
