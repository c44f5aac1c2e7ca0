import type { AttemptFailure } from '../../src/domain/failure.ts';
import type { Wire } from '../../src/domain/model.ts';
import { adapterOf } from '../../src/providers/index.ts';

export type ErrorReply = {
  readonly wire?: Wire;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a text as it is. */
  readonly body?: unknown;
};

/** What an adapter makes of an error answer. */
export function failureOf({
  wire = 'openai',
  status,
  headers,
  body = '',
}: ErrorReply): AttemptFailure {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return adapterOf(wire).toFailure({ status, headers: new Headers(headers), body: text });
}

/** The class of an error answer, and how long it rests what is at fault. */
export function classOf(reply: ErrorReply): Pick<AttemptFailure, 'kind' | 'code' | 'retryAfterMs'> {
  const { kind, code, retryAfterMs } = failureOf(reply);
  return { kind, code, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** OpenAI's error body, and that of the vendors of its dialect. */
export function chatErrorBody(message: string, more: Readonly<Record<string, unknown>> = {}) {
  return { error: { message, type: 'invalid_request_error', param: null, code: null, ...more } };
}

/** Anthropic's. */
export function messageErrorBody(type: string, message: string, more: object = {}) {
  return { type: 'error', error: { type, message, ...more }, request_id: 'req_011' };
}

/** Google's. */
export function googleErrorBody(code: number, status: string, more: object = {}) {
  return { error: { code, message: 'no', status, ...more } };
}
