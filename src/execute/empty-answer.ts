import type { AttemptFailure } from '../domain/failure.ts';
import type { FinishReason, Usage, Vector } from '../domain/response.ts';

/** What is known of an answer that came whole. */
type Said = {
  readonly usage: Usage;
  readonly outputCharacters: number;
  readonly finishReason: FinishReason | undefined;
  /** Vectors have neither text nor output tokens. */
  readonly vectors?: readonly Vector[] | undefined;
};

/** An answer that says nothing, and not why: another model often has one (fault catalogue F36). */
export function isEmpty({ usage, outputCharacters, finishReason, vectors }: Said): boolean {
  if (vectors !== undefined) return false;
  const reason = finishReason?.unified ?? 'unknown';
  const saysWhy = reason !== 'stop' && reason !== 'unknown';
  return !saysWhy && outputCharacters === 0 && (usage.outputTokens ?? 0) === 0;
}

/** It counts against the model; the empty answer that is served in the end does not. */
export const EMPTY_ANSWER: AttemptFailure = {
  kind: 'malformed',
  code: 'empty_answer',
  message: 'the model said nothing',
  status: 200,
  accepted: 'yes',
};
