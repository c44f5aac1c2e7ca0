import type { RouterError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import { statusOf } from './error-status.ts';

/** OpenAI's names for kinds of errors, by HTTP status. */
const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  429: 'rate_limit_error',
};

/** An error in OpenAI's shape, with our stable code, the request's id and what could be relaxed. */
export function toOpenAiError(error: RouterError, requestId: string): JsonObject {
  const { field, availability, failures } = error.details;
  const status = statusOf(error.code);
  const type = TYPES[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
  return {
    error: {
      message: error.message,
      type,
      param: field ?? null,
      code: error.code,
      request_id: requestId,
      ...(availability && { availability }),
      ...(failures && { attempts: failures.map(({ kind, code }) => ({ class: kind, code })) }),
    },
  };
}
