import * as z from 'zod';
import type { AttemptFailure } from '../domain/failure.ts';
import { isJsonObject, parseJson } from '../domain/json.ts';
import type { FailureReply } from '../domain/ports.ts';
import { classifyError, type ErrorFacts } from './classify-error.ts';
import { resetMs } from './rate-limits.ts';
import { durationMs, retryAfterMs, sentAt } from './retry-after.ts';

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

/** OpenRouter's: the error of the provider behind it as text, or its own limit as headers. */
const metadataSchema = z.object({
  raw: text,
  headers: z.record(z.string(), z.string()).nullish().catch(undefined),
});

const faultSchema = z.object({
  message: text,
  type: word,
  code: word,
  status: word,
  status_code: word,
  raw_status_code: word,
  param: text,
  innererror: z.object({ code: word }).nullish().catch(undefined),
  details: z.array(detailSchema).nullish().catch(undefined),
  metadata: metadataSchema.nullish().catch(undefined),
});
type Fault = z.infer<typeof faultSchema>;

/**
 * The shapes seen in recorded traffic: `{"error": {…}}` (OpenAI, Anthropic, Google and most),
 * `{"error": "text", "code": …}` (xAI), the fields at the top (Mistral, AWS), `{"detail": "text"}`
 * (Mistral 401), `{"id", "message", "error_type"}` (Cohere), a list of one (Vertex); and by its
 * documentation `{"errors": [{…}]}` (Cloudflare).
 */
const errorBodySchema = faultSchema.extend({
  error: z.union([faultSchema, z.string()]).nullish().catch(undefined),
  errors: z.array(faultSchema).nullish().catch(undefined),
  error_type: word,
  detail: text,
});

/** An error answer → its class. */
export function toFailure(reply: FailureReply): AttemptFailure {
  const { headers, status } = reply;
  const json = parseJson(reply.body);
  const said = readError(json);
  // AWS names the class in a header: `ThrottlingException:http://…`.
  const type = headers.get('x-amzn-errortype')?.split(':')[0];
  const limits = [...headers, ...said.limits];
  return classifyError({
    ...said,
    words: type === undefined ? said.words : [...said.words, type],
    status,
    retryAfterMs: retryAfterMs(headers) ?? said.retryDelayMs ?? resetMs(limits, sentAt(headers)),
    isPage: json === undefined && isPage(reply),
    forbidsRetry: headers.get('x-should-retry') === 'false',
  });
}

const PAGE_TYPE = /\bhtml\b/i;

function isPage({ body, headers }: FailureReply): boolean {
  return body.trimStart().startsWith('<') || PAGE_TYPE.test(headers.get('content-type') ?? '');
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
  const said = readError(json);
  const failure = classifyError({
    ...said,
    status: said.innerStatus ?? 500,
    retryAfterMs: said.retryDelayMs,
    isPage: false,
    forbidsRetry: false,
  });
  return { ...failure, accepted: 'unknown' };
}

type SaidError = Pick<ErrorFacts, 'words' | 'messages' | 'field'> & {
  readonly innerStatus: number | undefined;
  readonly retryDelayMs: number | undefined;
  /** Headers of a limit, given inside the body. */
  readonly limits: readonly (readonly [string, string])[];
};

function readError(json: unknown): SaidError {
  const body = errorBodySchema.safeParse(Array.isArray(json) ? json[0] : json).data ?? {};
  const listed = body.errors?.[0];
  const fault = (typeof body.error === 'object' ? body.error : listed) ?? body;
  const details = fault.details ?? [];
  const plain = typeof body.error === 'string' ? body.error : body.detail;
  const quotas = details.flatMap(({ violations }) => violations ?? []);
  const behind = passedOn(fault);
  const words = [
    ...[fault.type, fault.code, fault.status, fault.innererror?.code, body.code, body.error_type],
    ...details.map(({ reason }) => reason),
    ...(isGiven(listed?.code) ? [`errors/${listed.code}`] : []),
    ...(behind?.words ?? []),
  ];
  const messages = [
    ...[fault.message ?? plain, ...quotas.map(({ quotaId }) => quotaId)],
    ...(behind?.messages ?? []),
  ];
  const { retryDelay } = details.find((detail) => detail.retryDelay) ?? {};
  return {
    words: words.filter(isGiven).map(String),
    messages: messages.filter(isGiven),
    field: fault.param ?? undefined,
    innerStatus: innerStatusOf(fault),
    retryDelayMs: durationMs(retryDelay ?? undefined),
    limits: Object.entries(fault.metadata?.headers ?? {}),
  };
}

/** The error of the provider behind a provider, which is JSON or a bare sentence. */
function passedOn({ metadata }: Fault): Pick<SaidError, 'words' | 'messages'> | undefined {
  const { raw } = metadata ?? {};
  if (!raw) return undefined;
  const json = parseJson(raw);
  return isJsonObject(json) ? readError(json) : { words: [], messages: [raw] };
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

/** The first of the values that is an HTTP error status. */
function innerStatusOf(fault: Fault): number | undefined {
  const { status_code: status, raw_status_code: raw, code, status: name, type } = fault;
  return (
    [status, raw, code, name]
      .map(Number)
      .find((value) => Number.isInteger(value) && value >= 400 && value < 600) ?? statusOfType(type)
  );
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
