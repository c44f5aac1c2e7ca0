import { type ErrorCode, RouterError } from '../domain/errors.ts';
import type { AttemptFailure, FailureKind } from '../domain/failure.ts';

/** Longer than this no client should be told to wait (fault catalogue §1). */
const MAX_RETRY_AFTER_MS = 60_000;

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
  transport: 'upstream_error',
  provider: 'upstream_error',
  'mid-stream': 'upstream_stream_error',
  cancel: 'client_closed_request',
  deadline: 'deadline_exceeded',
  self: 'internal_error',
};

/** The one error that answers a request whose attempts all failed; the most actionable of them. */
export function failedAnswer(failures: readonly AttemptFailure[], isRetry: boolean): RouterError {
  const [first, ...rest] = failures;
  if (first === undefined) return new RouterError('internal_error', 'no attempt was made');
  const worst = rest.reduce(
    (best, failure) => (urgency(failure) < urgency(best) ? failure : best),
    first,
  );
  const waits = failures
    .map((failure) => failure.retryAfterMs)
    .filter((wait) => wait !== undefined);
  const tried = failures.length === 1 ? 'one attempt' : `${failures.length} attempts`;
  return new RouterError(CODES[worst.kind], `${worst.message}; ${tried} failed`, {
    field: worst.field,
    failures,
    ...(worst.kind === 'rate' && waits.length > 0
      ? { retryAfterMs: Math.min(...waits, MAX_RETRY_AFTER_MS) }
      : {}),
    shouldRetry: worst.kind === 'rate' && !isRetry,
  });
}

function urgency(failure: AttemptFailure): number {
  return MOST_ACTIONABLE.indexOf(failure.kind);
}
