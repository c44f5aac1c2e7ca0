import * as z from 'zod';
import type { AttemptFailure } from '../../domain/failure.ts';
import { parseJson } from '../../domain/json.ts';
import type { FailureReply } from '../../domain/ports.ts';
import { classifyError } from '../classify-error.ts';
import { retryAfterMs } from '../retry-after.ts';

const word = z.union([z.string(), z.number()]).nullish().catch(undefined);

const faultSchema = z.object({
  message: z.string().nullish().catch(undefined),
  type: word,
  code: word,
  status: word,
  status_code: z.number().nullish().catch(undefined),
  param: z.string().nullish().catch(undefined),
  innererror: z.object({ code: word }).nullish().catch(undefined),
});

/**
 * The shapes seen: `{"error": {…}}` (most), `{"error": "text", "code": …}` (xAI), the fields at the
 * top (Mistral), `{"detail": "text"}` (Mistral 401), a list of one (Vertex).
 */
const errorBodySchema = faultSchema.extend({
  error: z.union([faultSchema, z.string()]).nullish().catch(undefined),
  detail: z.union([z.string(), z.unknown()]).nullish(),
});

/** An error answer → its class. */
export function toFailure(reply: FailureReply): AttemptFailure {
  const json = parseJson(reply.body);
  return classifyError({
    ...factsOf(json),
    status: reply.status,
    retryAfterMs: retryAfterMs(reply.headers),
    isPage: json === undefined && reply.body.trimStart().startsWith('<'),
  });
}

/** An error object in a body or an event of status 200 (F37, F47): its inner code is the status. */
export function fromErrorInBody(json: unknown): AttemptFailure {
  const facts = factsOf(json);
  const failure = classifyError({
    ...facts,
    status: facts.innerStatus ?? 500,
    retryAfterMs: undefined,
    isPage: false,
  });
  return { ...failure, accepted: 'unknown' };
}

function factsOf(json: unknown) {
  const body = errorBodySchema.safeParse(Array.isArray(json) ? json[0] : json).data ?? {};
  const nested = typeof body.error === 'object' ? body.error : undefined;
  const fault = nested ?? body;
  const text = typeof body.error === 'string' ? body.error : body.detail;
  const words = [fault.type, fault.code, fault.status, fault.innererror?.code, body.code];
  return {
    words: words.filter((value) => value !== null && value !== undefined).map(String),
    message: fault.message ?? (typeof text === 'string' ? text : ''),
    field: fault.param ?? undefined,
    innerStatus: statusOf(fault.status_code, fault.code, fault.status),
  };
}

/** The first of the values that is an HTTP error status. */
function statusOf(...values: readonly unknown[]): number | undefined {
  return values
    .map(Number)
    .find((status) => Number.isInteger(status) && status >= 400 && status < 600);
}
