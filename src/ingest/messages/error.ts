import type { RouterError } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import { statusOf } from '../error-status.ts';

/** Anthropic's names for kinds of errors, by HTTP status. */
const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

/** An error in Anthropic's shape, with our stable code, the request's id and what could be relaxed. */
export function toMessagesError(error: RouterError, requestId: string): JsonObject {
  const { field, availability, failures } = error.details;
  const status = statusOf(error.code);
  const type = TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return {
    type: 'error',
    error: {
      type,
      message: error.message,
      code: error.code,
      // Where the official client looks for a code.
      details: { error_code: error.code },
      ...(field !== undefined && { param: field }),
      ...(availability && { availability }),
      ...(failures && { attempts: failures.map(({ kind, code }) => ({ class: kind, code })) }),
    },
    request_id: requestId,
  };
}
