import type { ErrorCode, RouterError } from '../domain/errors.ts';

/** The HTTP status of an error; every code has one. */
export function statusOf(code: ErrorCode): number {
  switch (code) {
    case 'invalid_json':
    case 'invalid_request':
    case 'reserved_field':
    case 'context_length_exceeded':
    case 'content_filter':
    case 'upstream_rejected_request':
      return 400;
    case 'missing_key':
    case 'invalid_key':
      return 401;
    case 'origin_not_allowed':
      return 403;
    case 'not_found':
    case 'model_not_found':
    case 'generation_not_found':
      return 404;
    case 'method_not_allowed':
      return 405;
    case 'request_too_large':
      return 413;
    case 'unsupported_media_type':
      return 415;
    case 'no_capable_model':
      return 422;
    case 'rate_limited':
      return 429;
    case 'client_closed_request':
      return 499;
    case 'internal_error':
      return 500;
    case 'upstream_auth':
    case 'upstream_error':
    case 'upstream_malformed':
    case 'upstream_stream_error':
    case 'upstream_stalled':
      return 502;
    case 'router_not_configured':
    case 'no_capacity':
    case 'all_candidates_unavailable':
      return 503;
    case 'upstream_timeout':
    case 'deadline_exceeded':
      return 504;
  }
}

/** What a client that retries by itself is told; without it the official clients would try again. */
export function errorHeaders(error: RouterError): Record<string, string> {
  const { shouldRetry = false, retryAfterMs } = error.details;
  return {
    'x-should-retry': String(shouldRetry),
    ...(retryAfterMs === undefined
      ? {}
      : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
  };
}
