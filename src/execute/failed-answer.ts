import { type ErrorCode, RouterError, retryAfterFor } from '../domain/errors.ts';
import type { AttemptFailure, FailureKind } from '../domain/failure.ts';
import { RATE_HOLD_MS } from './key-hold.ts';

/** What the caller can do something about comes first: its own request, then time, then our keys. */
const MOST_ACTIONABLE: readonly FailureKind[] = [
  'cancel',
  'client',
  'policy',
  'client-size',
  'deadline',
  'rate',
  'quota',
  'key',
  'overload',
  'slow',
  'route',
  'transport',
  'provider',
  'malformed',
  'content',
  'mid-stream',
  'self',
];

const CODES: Readonly<Record<FailureKind, ErrorCode>> = {
  client: 'upstream_rejected_request',
  'client-size': 'context_length_exceeded',
  policy: 'content_filter',
  rate: 'rate_limited',
  quota: 'no_capacity',
  key: 'upstream_auth',
  overload: 'no_capacity',
  route: 'upstream_error',
  malformed: 'upstream_malformed',
  slow: 'upstream_timeout',
  content: 'upstream_malformed',
  transport: 'upstream_error',
  provider: 'upstream_error',
  'mid-stream': 'upstream_stream_error',
  cancel: 'client_closed_request',
  deadline: 'deadline_exceeded',
  self: 'internal_error',
};

/**
 * The one error that answers a request whose attempts all failed; the most actionable of them. `isLast`:
 * the client is not to ask again by itself.
 */
export function failedAnswer(failures: readonly AttemptFailure[], isLast: boolean): RouterError {
  const [first, ...rest] = failures;
  if (first === undefined) return new RouterError('internal_error', 'no attempt was made');
  const worst = rest.reduce(
    (best, failure) => (urgency(failure) < urgency(best) ? failure : best),
    first,
  );
  const tried = failures.length === 1 ? 'one attempt' : `${failures.length} attempts`;
  return new RouterError(CODES[worst.kind], `${worst.message}; ${tried} failed`, {
    field: worst.field,
    failures,
    retryAfterMs: waitMs(worst, failures),
    shouldRetry: worst.kind === 'rate' && !isLast,
  });
}

/** When the first of the models may be free again; undefined where waiting does not help. */
function waitMs(worst: AttemptFailure, failures: readonly AttemptFailure[]): number | undefined {
  if (worst.kind !== 'rate' && worst.kind !== 'overload') return undefined;
  const waits = failures.map(({ kind, retryAfterMs }) => {
    return retryAfterMs ?? (kind === 'rate' ? RATE_HOLD_MS : Infinity);
  });
  const soonest = Math.min(...waits);
  return soonest === Infinity ? undefined : retryAfterFor(soonest);
}

/** What one model cannot do is no fault of the request where another failed in its own way. */
function urgency(failure: AttemptFailure): number {
  const isModelUnable = failure.kind === 'client' && failure.triesNext === true;
  return isModelUnable ? MOST_ACTIONABLE.length : MOST_ACTIONABLE.indexOf(failure.kind);
}
