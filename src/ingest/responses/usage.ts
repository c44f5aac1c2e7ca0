import type { JsonObject } from '../../domain/json.ts';
import type { AnswerBill } from '../../domain/ports.ts';
import { inputTokensOf } from '../../domain/response.ts';
import { toCost } from '../cost.ts';

/** The dialect's usage, with what the answer costs beside it. */
export function toUsage(bill: AnswerBill): JsonObject {
  const { usage } = bill;
  const inputTokens = inputTokensOf(usage) ?? 0;
  const outputTokens = usage.outputTokens ?? 0;
  const written = (usage.cacheWriteTokens ?? 0) + (usage.cacheWrite1hTokens ?? 0);
  return {
    input_tokens: inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cacheReadTokens ?? 0,
      cache_write_tokens: written,
    },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: inputTokens + outputTokens,
    ...toCost(bill),
  };
}
