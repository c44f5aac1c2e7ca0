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
 * No public recording shows these but where a row says so: hand-written from the providers'
 * documentation of their errors and rate limits, as of November 2026.
 */

const DATE = { date: 'Wed, 25 Nov 2026 12:00:00 GMT' };
const QUOTA_FAILURE = 'type.googleapis.com/google.rpc.QuotaFailure';
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';

const rate = (retryAfterMs?: number) => ({
  kind: 'rate',
  code: 'rate_limited',
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
const QUOTA = { kind: 'quota', code: 'quota_exhausted' };
const OVERLOAD = { kind: 'overload', code: 'overloaded' };

describe('toFailure: limits and money', () => {
  it.each<[string, ErrorReply, object]>([
    [
      'F01 OpenAI names requests per minute and how long to wait',
      {
        status: 429,
        headers: { 'retry-after': '2', 'x-ratelimit-reset-requests': '1.2s' },
        body: chatErrorBody('Rate limit reached for gpt-4o on requests per min (RPM)', {
          type: 'requests',
          code: 'rate_limit_exceeded',
        }),
      },
      rate(2000),
    ],
    [
      'F01 without Retry-After the reset of the limit that is at 0 counts, and no other',
      {
        status: 429,
        headers: {
          'x-ratelimit-remaining-requests': '0',
          'x-ratelimit-reset-requests': '17ms',
          'x-ratelimit-remaining-tokens': '900',
          'x-ratelimit-reset-tokens': '6m0s',
        },
        body: chatErrorBody('Rate limit reached', { code: 'rate_limit_exceeded' }),
      },
      rate(17),
    ],
    [
      'F02 one request above the limit per minute is too large, not too often',
      {
        status: 429,
        headers: { 'retry-after': '12' },
        body: chatErrorBody(
          'Request too large for gpt-4o in organization org-1 on tokens per min (TPM): Limit 30000, Requested 36278.',
          { type: 'tokens', code: 'rate_limit_exceeded' },
        ),
      },
      { kind: 'client-size', code: 'request_above_rate_limit', retryAfterMs: 12_000 },
    ],
    [
      'F02 Groq says so with 413',
      {
        status: 413,
        body: chatErrorBody('Request too large for model `llama` on tokens per minute (TPM)', {
          type: 'tokens',
          code: 'rate_limit_exceeded',
        }),
      },
      { kind: 'client-size', code: 'request_too_large' },
    ],
    [
      'F03 tokens per minute, used up for now',
      {
        status: 429,
        headers: { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '25.6575s' },
        body: chatErrorBody('Rate limit reached', { type: 'tokens', code: 'rate_limit_exceeded' }),
      },
      rate(25_658),
    ],
    ...[
      'insufficient_quota',
      'credit_balance_exhausted',
      'project_spend_limit_exceeded',
      'organization_spend_limit_exceeded',
      'organization_usage_limit_exceeded',
    ].map((code): [string, ErrorReply, object] => [
      `F04 ${code}`,
      { status: 429, body: chatErrorBody('You exceeded your current quota', { code }) },
      QUOTA,
    ]),
    [
      'F05 slow_down',
      { status: 429, body: chatErrorBody('Slow down', { code: 'slow_down' }) },
      rate(),
    ],
    [
      'F05 slow_down as 503, as it was before',
      { status: 503, body: chatErrorBody('Slow down', { code: 'slow_down' }) },
      rate(),
    ],
    [
      'F06 Anthropic: until the reset of the limit that is at 0',
      {
        wire: 'anthropic',
        status: 429,
        headers: {
          ...DATE,
          'anthropic-ratelimit-requests-remaining': '20',
          'anthropic-ratelimit-requests-reset': '2026-11-25T12:09:00Z',
          'anthropic-ratelimit-input-tokens-remaining': '0',
          'anthropic-ratelimit-input-tokens-reset': '2026-11-25T12:00:41Z',
        },
        body: messageErrorBody('rate_limit_error', 'would exceed your rate limit'),
      },
      rate(41_000),
    ],
    [
      'F07 Anthropic: enforced_spend_limit_reached',
      {
        wire: 'anthropic',
        status: 429,
        body: messageErrorBody('rate_limit_error', 'spend', {
          code: 'enforced_spend_limit_reached',
        }),
      },
      QUOTA,
    ],
    [
      'F07 Anthropic: 400 that begins with the credit balance',
      {
        wire: 'anthropic',
        status: 400,
        body: messageErrorBody(
          'invalid_request_error',
          'Your credit balance is too low to access the Anthropic API.',
        ),
      },
      QUOTA,
    ],
    [
      'F07 Anthropic: 400 that begins with the usage limits',
      {
        wire: 'anthropic',
        status: 400,
        body: messageErrorBody(
          'invalid_request_error',
          'You have reached your specified API usage limits.',
        ),
      },
      QUOTA,
    ],
    [
      'F07 Anthropic: 402',
      { wire: 'anthropic', status: 402, body: messageErrorBody('billing_error', 'Pay.') },
      QUOTA,
    ],
    [
      'F08 Gemini: the delay stands in the body (the shape as recorded)',
      {
        wire: 'gemini',
        status: 429,
        body: googleErrorBody(429, 'RESOURCE_EXHAUSTED', {
          message: 'You exceeded your current quota, please check your plan and billing details.',
          details: [
            { '@type': QUOTA_FAILURE, violations: [{ quotaId: 'InputTokensPerModelPerMinute' }] },
            { '@type': RETRY_INFO, retryDelay: '34s' },
          ],
        }),
      },
      rate(34_000),
    ],
    [
      "F09 Gemini: a day's limit rests as long as anything may, whatever the delay says",
      {
        wire: 'gemini',
        status: 429,
        body: googleErrorBody(429, 'RESOURCE_EXHAUSTED', {
          details: [
            {
              '@type': QUOTA_FAILURE,
              violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }],
            },
            { '@type': RETRY_INFO, retryDelay: '20s' },
          ],
        }),
      },
      { kind: 'rate', code: 'daily_limit_reached', retryAfterMs: 600_000 },
    ],
    [
      "F10 Vertex: the shared pool is exhausted, which is nobody's limit; the body is a list",
      {
        wire: 'gemini',
        status: 429,
        body: [
          googleErrorBody(429, 'RESOURCE_EXHAUSTED', {
            message: 'Resource exhausted. Please try again later.',
          }),
        ],
      },
      OVERLOAD,
    ],
    ['F11 402 without a hint', { status: 402, body: chatErrorBody('Insufficient credits') }, QUOTA],
    [
      'F11 402 with Retry-After is a throttle',
      { status: 402, headers: { 'retry-after': '3' }, body: chatErrorBody('In-flight budget') },
      rate(3000),
    ],
    [
      'F12 Anthropic 529',
      { wire: 'anthropic', status: 529, body: messageErrorBody('overloaded_error', 'Overloaded') },
      OVERLOAD,
    ],
    [
      'F13 OpenAI 503 server_is_overloaded',
      { status: 503, body: chatErrorBody('Busy', { code: 'server_is_overloaded' }) },
      OVERLOAD,
    ],
    ['F13 Groq 498', { status: 498, body: chatErrorBody('Flex tier capacity exceeded') }, OVERLOAD],
    [
      'F13 Azure 429 that speaks of high demand',
      { status: 429, body: chatErrorBody('System is experiencing high demand', { code: '429' }) },
      OVERLOAD,
    ],
    [
      'F13 Gemini 503',
      {
        wire: 'gemini',
        status: 503,
        body: googleErrorBody(503, 'UNAVAILABLE', { message: 'The model is overloaded.' }),
      },
      OVERLOAD,
    ],
    [
      'F13 Workers AI without capacity',
      { status: 429, body: { success: false, errors: [{ code: 3040, message: 'No more' }] } },
      OVERLOAD,
    ],
    [
      'F14 Bedrock: the model is not ready',
      {
        status: 429,
        headers: { 'x-amzn-errortype': 'ModelNotReadyException:http://internal.amazon.com/' },
        body: { message: 'Model is not ready for inference.' },
      },
      OVERLOAD,
    ],
    [
      'F14 Bedrock: a service quota, said with 400',
      {
        status: 400,
        headers: { 'x-amzn-errortype': 'ServiceQuotaExceededException' },
        body: { message: 'Quota' },
      },
      rate(),
    ],
    [
      'F14 Bedrock: throttled, said with 503',
      { status: 503, body: { message: 'Model is getting throttled. Try again later.' } },
      rate(),
    ],
  ])('%s', (_, reply, expected) => {
    expect(classOf(reply)).toEqual(expected);
  });

  it("F01 OpenRouter gives its own limit's headers in the body", () => {
    const headers = {
      'X-RateLimit-Limit': '20',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': String(Date.parse('2026-11-25T12:00:42Z')),
    };
    const body = chatErrorBody('Rate limit exceeded: free-models-per-min', {
      code: 429,
      metadata: { headers },
    });

    expect(classOf({ status: 429, headers: DATE, body })).toEqual(rate(42_000));
  });

  it.each(['Your credit balance is low', 'api key not valid', 'model x does not exist'])(
    'takes nothing about keys or models from what a caller may have written (%s)',
    (quote) => {
      const body = chatErrorBody(`Invalid value: '${quote}'. Expected one of: 'a', 'b'.`);

      expect(failureOf({ status: 400, body }).kind).toBe('client');
    },
  );
});
