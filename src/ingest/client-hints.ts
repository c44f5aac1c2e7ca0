import type { RoutingRequest } from '../domain/request.ts';

/** What the official clients tell of themselves. */
export type ClientHints = Pick<RoutingRequest, 'deadlineMs' | 'beginMs' | 'isRetry'>;

/** An answer must be on its way this long before the client gives up; a tenth of its time at most. */
const HEAD_START_MS = 1000;
const HEAD_START_SHARE = 0.1;
const LONGEST_MS = 3_600_000;

/**
 * Reads `x-stainless-retry-count` and `x-stainless-timeout` (seconds; the time until the headers are
 * there), which the official clients send (fault catalogue F72, F73). Nonsense in them is nobody's
 * wish and is ignored.
 */
export function readClientHints(headers: Headers, isStream: boolean): ClientHints {
  const retries = Number(headers.get('x-stainless-retry-count'));
  const timeoutMs = Number(headers.get('x-stainless-timeout') ?? Number.NaN) * 1000;
  const isTimed = timeoutMs > 0 && timeoutMs < LONGEST_MS;
  const headStartMs = Math.min(HEAD_START_MS, timeoutMs * HEAD_START_SHARE);
  const limitMs = Math.round(timeoutMs - headStartMs);
  return {
    ...(retries > 0 && { isRetry: true }),
    ...(isTimed && (isStream ? { beginMs: limitMs } : { deadlineMs: limitMs })),
  };
}

/** The caller's own deadline holds beside the client's; the shorter one counts. */
export function withHints<Request extends RoutingRequest>(
  request: Request,
  hints: ClientHints,
): Request {
  const deadlines = [request.deadlineMs, hints.deadlineMs].filter((limit) => limit !== undefined);
  return {
    ...request,
    ...hints,
    ...(deadlines.length > 0 && { deadlineMs: Math.min(...deadlines) }),
  };
}
