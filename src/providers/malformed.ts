import type { AttemptFailure } from '../domain/failure.ts';
import type { StreamEvent } from '../domain/ports.ts';
import type { ModelResponse, ModelStreamPart } from '../domain/response.ts';

/** An answer of status 200 that is none: it counts against the model and another may do better. */
export function malformed(message: string): AttemptFailure {
  return { kind: 'malformed', code: 'malformed_answer', message, status: 200, accepted: 'yes' };
}

const JSON_START = /^\s*\[?\s*\{/;

/**
 * An event whose data is not what the wire says. Cut or wrong JSON may have held content, so that the
 * answer is no longer whole; data that was never meant to be JSON is noise and is passed over.
 */
export function brokenEvent(data: string): {
  readonly parts: readonly ModelStreamPart[];
  readonly isBroken: true;
} {
  return {
    parts: JSON_START.test(data) ? [{ type: 'error', failure: BROKEN_EVENT }] : [],
    isBroken: true,
  };
}

const BROKEN_EVENT = malformed('an event of the stream cannot be read');

/** One event larger than this is a fault, not an answer (fault catalogue F40). */
export const MAX_EVENT_CHARACTERS = 1_048_576;
/** The same for a whole answer. */
export const MAX_ANSWER_CHARACTERS = 33_554_432;

/** Stands for an event, or an answer in place of one, that is too large to be read. */
export const OVERSIZED_EVENT: StreamEvent = {
  name: undefined,
  data: '',
  parts: [
    {
      type: 'error',
      failure: {
        ...malformed('the provider sent more than an answer may have'),
        code: 'event_too_large',
      },
    },
  ],
  isBroken: true,
};

/** An answer that says nothing though it ended well: another try may say something (F36). */
export function refuseEmpty(response: ModelResponse): ModelResponse | AttemptFailure {
  const { content, finishReason, usage } = response;
  const isEmpty = content.length === 0 && finishReason.unified === 'stop';
  return isEmpty && (usage.outputTokens ?? 0) === 0 ? EMPTY_ANSWER : response;
}

const EMPTY_ANSWER: AttemptFailure = {
  ...malformed('the answer is empty'),
  code: 'empty_answer',
};
