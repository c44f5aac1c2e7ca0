import { nanoUsd } from '../../src/domain/money.ts';
import type { AnswerBill, AnswerHead } from '../../src/domain/ports.ts';
import type { ModelResponse, ResponsePart } from '../../src/domain/response.ts';
import { aModel } from './builders.ts';

/** What is known of an answer when it goes out. */
export function aHead(fields: Partial<AnswerHead> = {}): AnswerHead {
  return {
    requestId: 'id-1',
    model: aModel('google/gemini-test').id,
    createdAt: 1_000_000,
    warnings: [],
    ...fields,
  };
}

/** Ten tokens in, five out, for a thousandth of a cent. */
export function aBill(fields: Partial<AnswerBill> = {}): AnswerBill {
  return {
    usage: { uncachedInputTokens: 10, outputTokens: 5 },
    usageIsEstimated: false,
    costNanoUsd: nanoUsd(10_000),
    ...fields,
  };
}

/** An answer that ended as it should. */
export function anAnswer(
  content: readonly ResponsePart[],
  fields: Partial<ModelResponse> = {},
): ModelResponse {
  return {
    upstreamId: 'up-1',
    upstreamModel: 'served',
    content,
    finishReason: { unified: 'stop', raw: 'stop' },
    usage: { uncachedInputTokens: 10, outputTokens: 5 },
    ...fields,
  };
}
