import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode, RouterError } from '../../../src/domain/errors.ts';
import { errorHeaders, statusOf } from '../../../src/ingest/error-status.ts';
import { toOpenAiError } from '../../../src/ingest/openai-error.ts';

const STATUSES: Readonly<Record<ErrorCode, readonly [number, string]>> = {
  invalid_json: [400, 'invalid_request_error'],
  invalid_request: [400, 'invalid_request_error'],
  reserved_field: [400, 'invalid_request_error'],
  unsupported_media_type: [415, 'invalid_request_error'],
  request_too_large: [413, 'invalid_request_error'],
  missing_key: [401, 'authentication_error'],
  invalid_key: [401, 'authentication_error'],
  origin_not_allowed: [403, 'permission_error'],
  router_not_configured: [503, 'server_error'],
  not_found: [404, 'not_found_error'],
  method_not_allowed: [405, 'invalid_request_error'],
  model_not_found: [404, 'not_found_error'],
  generation_not_found: [404, 'not_found_error'],
  no_capable_model: [422, 'invalid_request_error'],
  context_length_exceeded: [400, 'invalid_request_error'],
  content_filter: [400, 'invalid_request_error'],
  upstream_rejected_request: [400, 'invalid_request_error'],
  rate_limited: [429, 'rate_limit_error'],
  no_capacity: [503, 'server_error'],
  all_candidates_unavailable: [503, 'server_error'],
  upstream_auth: [502, 'server_error'],
  upstream_error: [502, 'server_error'],
  upstream_malformed: [502, 'server_error'],
  upstream_timeout: [504, 'server_error'],
  upstream_stream_error: [502, 'server_error'],
  upstream_stalled: [502, 'server_error'],
  deadline_exceeded: [504, 'server_error'],
  client_closed_request: [499, 'invalid_request_error'],
  internal_error: [500, 'server_error'],
};

describe('statusOf', () => {
  it.each(ERROR_CODES.map((code) => [code, ...STATUSES[code]] as const))(
    'answers %s with %i, which OpenAI calls %s',
    (code, status, type) => {
      expect(statusOf(code)).toBe(status);
      expect(toOpenAiError(new RouterError(code, 'no'), 'r1')).toMatchObject({ error: { type } });
    },
  );

  it('never tells a caller that its own key is wrong when a provider refused ours (F18)', () => {
    expect(statusOf('upstream_auth')).not.toBe(401);
  });
});

describe('errorHeaders', () => {
  it('tells clients that retry by themselves to let it be, unless the error says otherwise', () => {
    expect(errorHeaders(new RouterError('upstream_error', 'no'))).toEqual({
      'x-should-retry': 'false',
    });
    expect(errorHeaders(new RouterError('rate_limited', 'no', { shouldRetry: true }))).toEqual({
      'x-should-retry': 'true',
    });
  });

  it('says in whole seconds when to come back, never too soon', () => {
    const details = { shouldRetry: true, retryAfterMs: 1001 };

    expect(errorHeaders(new RouterError('rate_limited', 'no', details))).toEqual({
      'x-should-retry': 'true',
      'retry-after': '2',
    });
  });
});

describe('toOpenAiError', () => {
  it('has our code, the request’s id, the field at fault, and what was tried, by class alone', () => {
    const failure = {
      kind: 'overload',
      code: 'overloaded',
      message: 'the model is overloaded',
      status: 529,
      accepted: 'no',
    } as const;
    const error = new RouterError('no_capacity', 'the model is overloaded; one attempt failed', {
      field: 'tools',
      failures: [failure],
    });

    expect(toOpenAiError(error, 'r1')).toEqual({
      error: {
        message: 'the model is overloaded; one attempt failed',
        type: 'server_error',
        param: 'tools',
        code: 'no_capacity',
        request_id: 'r1',
        attempts: [{ class: 'overload', code: 'overloaded' }],
      },
    });
  });

  it('says what could be relaxed where no model fits', () => {
    const availability = { excluded_by: [], constraint: 'no-vision', relax: [] };
    const error = new RouterError('no_capable_model', 'no', { availability });

    expect(toOpenAiError(error, 'r1')).toMatchObject({ error: { param: null, availability } });
  });
});
