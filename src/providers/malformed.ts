import type { AttemptFailure } from '../domain/failure.ts';
import type { StreamEvent } from '../domain/ports.ts';

/** An answer of status 200 that is none: it counts against the model and another may do better. */
export function malformed(message: string): AttemptFailure {
  return { kind: 'malformed', code: 'malformed_answer', message, status: 200, accepted: 'yes' };
}

/** An event whose data is not what the wire says: it is passed over, and nobody gets to see it. */
export const BROKEN_EVENT = { parts: [], isBroken: true } as const;

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
