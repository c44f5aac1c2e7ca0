import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, RouterError } from '../../../../src/domain/errors.ts';
import { statusOf } from '../../../../src/ingest/error-status.ts';
import { toMessagesError } from '../../../../src/ingest/messages/error.ts';

describe('toMessagesError', () => {
  it('has the shape of the dialect, our code, and all that helps', () => {
    const failure = { kind: 'overload', code: 'overloaded', message: 'x', accepted: 'no' } as const;
    const availability = { excluded_by: [], constraint: 'no-vision', relax: [] };
    const error = new RouterError('no_capable_model', 'nobody can', {
      field: 'messages',
      availability,
      failures: [{ ...failure, status: 529 }],
    });

    expect(toMessagesError(error, 'id-1')).toEqual({
      type: 'error',
      error: {
        type: 'invalid_request_error',
        message: 'nobody can',
        code: 'no_capable_model',
        details: { error_code: 'no_capable_model' },
        param: 'messages',
        availability,
        attempts: [{ class: 'overload', code: 'overloaded' }],
      },
      request_id: 'id-1',
    });
  });

  it.each<[ErrorCode, string, unknown]>([
    ['invalid_request', 'invalid_request_error', Anthropic.BadRequestError],
    ['context_length_exceeded', 'invalid_request_error', Anthropic.BadRequestError],
    ['invalid_key', 'authentication_error', Anthropic.AuthenticationError],
    ['origin_not_allowed', 'permission_error', Anthropic.PermissionDeniedError],
    ['model_not_found', 'not_found_error', Anthropic.NotFoundError],
    ['request_too_large', 'request_too_large', Anthropic.APIError],
    ['no_capable_model', 'invalid_request_error', Anthropic.UnprocessableEntityError],
    ['rate_limited', 'rate_limit_error', Anthropic.RateLimitError],
    ['internal_error', 'api_error', Anthropic.InternalServerError],
    ['upstream_error', 'api_error', Anthropic.InternalServerError],
    ['no_capacity', 'overloaded_error', Anthropic.InternalServerError],
    ['deadline_exceeded', 'timeout_error', Anthropic.InternalServerError],
  ])('says of %s that it is %s', (code, type, errorClass) => {
    const body = toMessagesError(new RouterError(code, 'why'), 'id-1');

    const thrown = Anthropic.APIError.generate(statusOf(code), body, undefined, new Headers());

    expect(thrown).toBeInstanceOf(errorClass);
    expect(thrown.type).toBe(type);
  });
});
