import type { ErrorKind } from './prompt.ts';
import { jsonReply, type Reply, type Scene, textReply } from './reply.ts';

/** Faults that a provider tells by status, headers and body; ids are those of the fault catalogue. */
export type StatusFault = {
  readonly about: string;
  readonly kind: ErrorKind;
  /** Replaces the wire's own status. */
  readonly status?: number;
  readonly message?: string;
  readonly code?: string;
  readonly field?: string;
  /** Seconds of `Retry-After` unless the settings say otherwise. */
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Replaces the wire's own body. */
  readonly body?: string;
};

const CHALLENGE = '<!DOCTYPE html><html><title>Just a moment...</title></html>';
const EDGE_PAGE =
  '<!DOCTYPE html><title>error code: 520</title>Ray ID: 8c1d2e3f4a5b6c7d Your IP: 203.0.113.7';

/** The clock of a provider whose answers name instants. */
const SENT_AT = { date: 'Wed, 21 Oct 2026 07:28:00 GMT' };

export const STATUS_FAULTS: Readonly<Record<string, StatusFault>> = {
  F01: {
    about: '429: the limit of requests is reached',
    kind: 'rate',
    message: 'Rate limit reached for requests per min (RPM): Limit 500, Used 500.',
    retryAfterSeconds: 20,
  },
  F02: {
    about: '429: one request above the limit of a minute',
    kind: 'rate',
    message: 'Request too large for tokens per min (TPM): Limit 30000, Requested 36278.',
  },
  F03: {
    about: '429: the limit of tokens is reached',
    kind: 'rate',
    message: 'Rate limit reached for tokens per min (TPM): Limit 30000, Used 29000.',
    retryAfterSeconds: 6,
    headers: { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '6s' },
  },
  F04: { about: 'the money of the key is used up', kind: 'quota' },
  F05: { about: '429: traffic rose too fast', kind: 'rate', code: 'slow_down' },
  F06: {
    about: '429 that says when its limit is free again',
    kind: 'rate',
    headers: {
      ...SENT_AT,
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '2026-10-21T07:28:20Z',
    },
  },
  F07: {
    about: '400: the credit is used up, in words only',
    kind: 'invalid',
    status: 400,
    message: 'Your credit balance is too low to access the API. Please go to Plans & Billing.',
  },
  F11: { about: '402: no credits', kind: 'quota', status: 402, message: 'Insufficient credits.' },
  'F11:later': {
    about: '402 with a Retry-After: a throttle',
    kind: 'rate',
    status: 402,
    message: 'Too much in flight.',
    retryAfterSeconds: 5,
  },
  F12: { about: 'the model is overloaded', kind: 'overload' },
  F13: {
    about: '503: the server is overloaded',
    kind: 'unavailable',
    code: 'server_is_overloaded',
  },
  F15: {
    about: '429 with a Retry-After that is a date, by a clock of its own',
    kind: 'rate',
    headers: { ...SENT_AT, 'retry-after': 'Wed, 21 Oct 2026 07:28:15 GMT' },
  },
  F16: {
    about: '429 with a Retry-After of a day',
    kind: 'rate',
    headers: { 'retry-after': '86400' },
  },
  F17: { about: '429 without a Retry-After', kind: 'rate' },
  F18: { about: 'the key is wrong', kind: 'auth' },
  F20: { about: '403: the key may not use the model', kind: 'permission' },
  F21: { about: '403 with a challenge page', kind: 'permission', body: CHALLENGE },
  F22: { about: '404: the model is gone', kind: 'not-found' },
  F24: {
    about: '400: the prompt is longer than the window',
    kind: 'context-length',
    message: "This model's maximum context length is 128000 tokens. Your input has 200000.",
  },
  F25: {
    about: '400: a parameter is wrong',
    kind: 'invalid',
    message: "Invalid value for 'temperature'.",
    field: 'temperature',
  },
  F26: {
    about: '400: the prompt was filtered',
    kind: 'content-filter',
    message: 'The response was filtered due to the prompt triggering a content management policy.',
  },
  F27: { about: '413 from the edge', kind: 'too-large', body: '<html>413 Too Large</html>' },
  F28: { about: '422: a field does not validate', kind: 'invalid', status: 422 },
  F29: { about: '409: a conflict', kind: 'conflict' },
  F30: { about: '500', kind: 'server' },
  F31: { about: '503', kind: 'unavailable' },
  'F31:504': { about: '504', kind: 'timeout' },
  F32: { about: '520 with a page of the edge', kind: 'server', status: 520, body: EDGE_PAGE },
  F38: { about: 'a redirect', kind: 'server', status: 307, headers: { location: '/elsewhere' } },
};

/** The error reply of a fault, in the words of the wire. */
export function statusReply(fault: StatusFault, { wire, settings }: Scene): Reply {
  const { kind, code, field } = fault;
  const message = `${fault.message ?? fault.about}${settings.canary ?? ''}`;
  const error = wire.error({ kind, message, code, field });
  const status = settings.status ?? fault.status ?? error.status;
  const seconds =
    settings.retryAfterSeconds === undefined ? fault.retryAfterSeconds : settings.retryAfterSeconds;
  const hint = typeof seconds === 'number' ? { 'retry-after': String(seconds) } : {};
  const headers = { ...error.headers, ...hint, ...fault.headers };
  if (fault.body === undefined) return jsonReply(status, error.body, headers);
  const page = `${fault.body}${settings.canary ?? ''}`;
  return textReply(status, page, { ...headers, 'content-type': 'text/html; charset=utf-8' });
}
