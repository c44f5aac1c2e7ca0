import { describe, expect, it } from 'vitest';
import {
  chatErrorBody,
  classOf,
  type ErrorReply,
  failureOf,
  googleErrorBody,
  messageErrorBody,
} from '../../../support/error-replies.ts';

/*
 * Beyond what the recordings show (see recorded-errors.test.ts): hand-written from the providers'
 * documentation of their errors, as of November 2026, where a row names no recording.
 */

const REJECTED = { kind: 'key', code: 'key_rejected' };
const NOT_PERMITTED = { kind: 'key', code: 'not_permitted' };
const GONE = { kind: 'route', code: 'model_gone' };
const TOO_LONG = { kind: 'client-size', code: 'context_length_exceeded' };
const CLIENT = { kind: 'client', code: 'rejected_request' };
const UNSUPPORTED = { kind: 'client', code: 'unsupported_by_model' };
const FILTERED = { kind: 'policy', code: 'content_filter' };

const said = (status: number, message: string, more: object = {}): ErrorReply => ({
  status,
  body: chatErrorBody(message, { ...more }),
});

describe('toFailure: keys and permissions', () => {
  it.each<[string, ErrorReply, object]>([
    ['F18 OpenAI', said(401, 'Incorrect API key provided', { code: 'invalid_api_key' }), REJECTED],
    [
      'F18 Anthropic',
      { wire: 'anthropic', status: 401, body: messageErrorBody('authentication_error', 'no') },
      REJECTED,
    ],
    [
      'F18 xAI says so with 400 and a bare text',
      { status: 400, body: { code: 'invalid-argument', error: 'Incorrect API key provided: x.' } },
      REJECTED,
    ],
    [
      'F18 Google says so with 400 and a reason',
      {
        wire: 'gemini',
        status: 400,
        body: googleErrorBody(400, 'INVALID_ARGUMENT', {
          details: [{ reason: 'API_KEY_INVALID' }],
        }),
      },
      REJECTED,
    ],
    [
      'F18 Vertex, a token that is over',
      { wire: 'gemini', status: 401, body: googleErrorBody(401, 'UNAUTHENTICATED') },
      REJECTED,
    ],
    [
      'F18 AWS, a signature that is wrong',
      {
        status: 403,
        headers: { 'x-amzn-errortype': 'InvalidSignatureException' },
        body: { message: 'Signature expired' },
      },
      REJECTED,
    ],
    [
      'F18 Perplexity, whose 401 speaks of money',
      said(401, 'You exceeded your current quota', { type: 'insufficient_quota' }),
      { kind: 'quota', code: 'quota_exhausted' },
    ],
    ['F20 a model that the key may not use', said(403, 'Project has no access'), NOT_PERMITTED],
    [
      'F20 Anthropic',
      { wire: 'anthropic', status: 403, body: messageErrorBody('permission_error', 'no') },
      NOT_PERMITTED,
    ],
    [
      'F20 a country',
      said(403, 'Country not supported', { code: 'unsupported_country_region_territory' }),
      NOT_PERMITTED,
    ],
    [
      'F20 Gemini, a country, said with 400',
      {
        wire: 'gemini',
        status: 400,
        body: googleErrorBody(400, 'FAILED_PRECONDITION', {
          message: 'User location is not supported for the API use.',
        }),
      },
      NOT_PERMITTED,
    ],
    [
      'F20 Groq, terms that nobody accepted',
      said(400, 'The model requires terms acceptance', { code: 'model_terms_required' }),
      NOT_PERMITTED,
    ],
    [
      'F20 Workers AI, terms that nobody accepted',
      { status: 403, body: { success: false, errors: [{ code: 5016, message: 'Terms' }] } },
      NOT_PERMITTED,
    ],
    [
      'F21 a challenge page says nothing of the key',
      {
        status: 403,
        headers: { 'content-type': 'text/html; charset=UTF-8' },
        body: '<!DOCTYPE html><title>Just a moment...</title>',
      },
      { kind: 'transport', code: 'challenge_page' },
    ],
    ['F22 OpenAI', said(404, 'no', { code: 'model_not_found' }), GONE],
    [
      'F22 Workers AI says so with 400',
      { status: 400, body: { success: false, errors: [{ code: 5007, message: 'No such model' }] } },
      GONE,
    ],
    ['F22 DeepSeek says so with 400', said(400, 'Model Not Exist'), GONE],
    [
      'F22 a file that the caller named is not the model',
      said(404, 'File not found: file_1'),
      CLIENT,
    ],
    ['F23 410', said(410, 'This model was removed'), GONE],
  ])('%s', (_, reply, expected) => {
    expect(classOf(reply)).toEqual(expected);
  });

  it('F22 is not worth another try on the same model', () => {
    expect(failureOf(said(404, 'no', { code: 'model_not_found' })).retryable).toBe(false);
  });
});

describe('toFailure: the request', () => {
  it.each<[string, ErrorReply, object]>([
    ['F24 OpenAI', said(400, 'too long', { code: 'context_length_exceeded' }), TOO_LONG],
    [
      'F24 Anthropic, input and answer together',
      {
        wire: 'anthropic',
        status: 400,
        body: messageErrorBody(
          'invalid_request_error',
          'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000',
        ),
      },
      TOO_LONG,
    ],
    [
      'F24 Anthropic, the input alone',
      {
        wire: 'anthropic',
        status: 400,
        body: messageErrorBody(
          'invalid_request_error',
          'prompt is too long: 3333404 tokens > 200000 maximum',
        ),
      },
      TOO_LONG,
    ],
    [
      'F24 Gemini',
      {
        wire: 'gemini',
        status: 400,
        body: googleErrorBody(400, 'INVALID_ARGUMENT', {
          message: 'The input token count (1200000) exceeds the maximum number of tokens allowed.',
        }),
      },
      TOO_LONG,
    ],
    ...[
      "This model's maximum context length is 65536 tokens.",
      "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
      'Prompt contains 40000 tokens, too large for model with 32768 maximum context length',
      'The prompt is too long: 204916, model maximum context length: 131071',
      '`inputs` tokens + `max_new_tokens` must be <= 4096.',
      'Please reduce the length of the messages or completion.',
      'Range of input length should be [1, 30720]',
      'Prompt exceeds max length',
      'Input is too long for requested model.',
    ].map((message): [string, ErrorReply, object] => [
      `F24 in a vendor's own words: ${message}`,
      said(400, message),
      TOO_LONG,
    ]),
    ['F25 a bad parameter', said(400, "Invalid 'temperature'", { param: 'temperature' }), CLIENT],
    ['F26 OpenAI', said(400, 'no', { code: 'content_policy_violation' }), FILTERED],
    [
      'F26 Azure names the policy inside',
      said(400, 'The response was filtered', {
        code: 'content_filter',
        innererror: { code: 'ResponsibleAIPolicyViolation' },
      }),
      FILTERED,
    ],
    [
      'F26 Anthropic',
      {
        wire: 'anthropic',
        status: 400,
        body: messageErrorBody(
          'invalid_request_error',
          'Output blocked by content filtering policy',
        ),
      },
      FILTERED,
    ],
    ['F26 OpenRouter, 403 of its moderation', said(403, 'Your input was flagged for x'), FILTERED],
    ['F26 DeepSeek', said(400, 'Content Exists Risk'), FILTERED],
    [
      'F26 Alibaba',
      said(400, 'Input data may contain inappropriate content.', {
        code: 'data_inspection_failed',
      }),
      FILTERED,
    ],
    [
      'F27 Anthropic, as JSON',
      { wire: 'anthropic', status: 413, body: messageErrorBody('request_too_large', 'no') },
      { kind: 'client-size', code: 'request_too_large' },
    ],
    [
      'F27 the page of its edge',
      { status: 413, body: '<html><title>413 Request Entity Too Large</title></html>' },
      { kind: 'client-size', code: 'request_too_large' },
    ],
    [
      'F28 a validation by its fields',
      { status: 422, body: { detail: [{ loc: ['body', 'user'], msg: 'extra fields' }] } },
      CLIENT,
    ],
    ['F29 408', said(408, 'Request timeout'), { kind: 'route', code: 'conflict' }],
    [
      'F29 409',
      { wire: 'anthropic', status: 409, body: messageErrorBody('conflict_error', 'Try again') },
      { kind: 'route', code: 'conflict' },
    ],
    ['F29 425', { status: 425 }, { kind: 'route', code: 'conflict' }],
  ])('%s', (_, reply, expected) => {
    expect(classOf(reply)).toEqual(expected);
  });

  it('F25 names the field and stops there', () => {
    const failure = failureOf(said(400, "Invalid 'temperature'", { param: 'temperature' }));

    expect(failure.field).toBe('temperature');
    expect(failure.triesNext).toBe(undefined);
  });

  it('F25 goes on to another model where this one cannot do what was asked', () => {
    const reply = said(400, "Unsupported parameter: 'top_p'", { code: 'unsupported_parameter' });

    expect(classOf(reply)).toEqual(UNSUPPORTED);
    expect(failureOf(reply).triesNext).toBe(true);
  });
});
