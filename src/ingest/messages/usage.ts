import type { JsonObject } from '../../domain/json.ts';
import type { AnswerBill } from '../../domain/ports.ts';
import type { Usage } from '../../domain/response.ts';
import { toCost } from '../cost.ts';

/** The dialect's usage, with what the answer costs beside it. */
export function toUsage(bill: AnswerBill): JsonObject {
  return { ...toCounts(bill.usage), ...toCost(bill) };
}

/** `input_tokens` leaves out what was written to the cache or read from it. */
export function toCounts(usage: Usage): JsonObject {
  const { cacheWriteTokens: written = 0, cacheWrite1hTokens: written1h = 0 } = usage;
  return {
    input_tokens: usage.uncachedInputTokens ?? 0,
    cache_creation_input_tokens: written + written1h,
    cache_read_input_tokens: usage.cacheReadTokens ?? 0,
    cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: written1h },
    output_tokens: usage.outputTokens ?? 0,
    output_tokens_details: { thinking_tokens: usage.reasoningTokens ?? 0 },
  };
}
