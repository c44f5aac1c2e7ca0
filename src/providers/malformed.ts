import type { AttemptFailure } from '../domain/failure.ts';

/** An answer of status 200 that is none: it counts against the model and another may do better. */
export function malformed(message: string): AttemptFailure {
  return { kind: 'malformed', code: 'malformed_answer', message, status: 200, accepted: 'yes' };
}
