import type { JsonObject } from '../../domain/json.ts';
import type { AnswerBill } from '../../domain/ports.ts';
import { inputTokensOf } from '../../domain/response.ts';
import { toCost } from '../cost.ts';

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
