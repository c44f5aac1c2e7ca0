import * as z from 'zod';
import type { AttemptFailure } from '../domain/failure.ts';
import { isJsonObject, parseJson } from '../domain/json.ts';
import type { FailureReply } from '../domain/ports.ts';
import { classifyError } from './classify-error.ts';
import { durationMs, retryAfterMs } from './retry-after.ts';

const word = z.union([z.string(), z.number()]).nullish().catch(undefined);
const text = z.string().nullish().catch(undefined);

/** Google's `ErrorInfo`, `RetryInfo` and `QuotaFailure`, told apart by their fields. */
const detailSchema = z.object({
  reason: text,
  retryDelay: text,
  violations: z
    .array(z.object({ quotaId: text }))
    .nullish()
    .catch(undefined),
});

const faultSchema = z.object({
  message: text,
  type: word,
  code: word,
  status: word,
  status_code: z.number().nullish().catch(undefined),
  param: text,
  innererror: z.object({ code: word }).nullish().catch(undefined),
  details: z.array(detailSchema).nullish().catch(undefined),
});

/**
 * The shapes seen in recorded traffic: `{"error": {…}}` (OpenAI, Anthropic, Google and most),
 * `{"error": "text", "code": …}` (xAI), the fields at the top (Mistral, AWS), `{"detail": "text"}`
 * (Mistral 401), `{"id", "message", "error_type"}` (Cohere), a list of one (Vertex).
 */
const errorBodySchema = faultSchema.extend({
  error: z.union([faultSchema, z.string()]).nullish().catch(undefined),
  error_type: word,
  detail: text,
});

/** An error answer → its class. */
export function toFailure(reply: FailureReply): AttemptFailure {
  const json = parseJson(reply.body);
  const { innerStatus, retryDelayMs, ...facts } = factsOf(json);
  // AWS names the class in a header: `ThrottlingException:http://…`.
  const type = reply.headers.get('x-amzn-errortype')?.split(':')[0];
  return classifyError({
    ...facts,
    words: type === undefined ? facts.words : [...facts.words, type],
    status: reply.status,
    retryAfterMs: retryAfterMs(reply.headers) ?? retryDelayMs,
    isPage: json === undefined && reply.body.trimStart().startsWith('<'),
  });
}

/** True for a body or an event that reports a fault, whatever its status says (F37, F47). */
export function isErrorBody(json: unknown): boolean {
  if (!isJsonObject(json)) return false;
  const { error, errors, object, type, detail } = json;
  if (error || object === 'error' || type === 'error') return true;
  return (Array.isArray(errors) && errors.length > 0) || typeof detail === 'string';
}

/** An error object in a body or an event of status 200 (F37, F47): its inner code is the status. */
export function fromErrorInBody(json: unknown): AttemptFailure {
  const { innerStatus, retryDelayMs, ...facts } = factsOf(json);
  const failure = classifyError({
    ...facts,
    status: innerStatus ?? 500,
    retryAfterMs: retryDelayMs,
    isPage: false,
  });
  return { ...failure, accepted: 'unknown' };
}

function factsOf(json: unknown) {
  const body = errorBodySchema.safeParse(Array.isArray(json) ? json[0] : json).data ?? {};
  const nested = typeof body.error === 'object' ? body.error : undefined;
  const fault = nested ?? body;
  const details = fault.details ?? [];
  const plain = typeof body.error === 'string' ? body.error : body.detail;
  const quotas = details.flatMap(({ violations }) => violations ?? []);
  const words = [
    ...[fault.type, fault.code, fault.status, fault.innererror?.code, body.code, body.error_type],
    ...details.map(({ reason }) => reason),
  ];
  return {
    words: words.filter((value) => value !== null && value !== undefined).map(String),
    message: [fault.message ?? plain, ...quotas.map(({ quotaId }) => quotaId)].join(' ').trim(),
    field: fault.param ?? undefined,
    innerStatus: statusOf(fault.status_code, fault.code, fault.status) ?? statusOfType(fault.type),
    retryDelayMs: durationMs(details.find(({ retryDelay }) => retryDelay)?.retryDelay ?? undefined),
  };
}

/** The first of the values that is an HTTP error status. */
function statusOf(...values: readonly unknown[]): number | undefined {
  return values
    .map(Number)
    .find((status) => Number.isInteger(status) && status >= 400 && status < 600);
}

/** The status that a type stands for, where an event inside a stream has no status of its own. */
const STATUS_BY_TYPE: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

function statusOfType(type: string | number | null | undefined): number | undefined {
  const name = String(type);
  return Object.hasOwn(STATUS_BY_TYPE, name) ? STATUS_BY_TYPE[name] : undefined;
}
