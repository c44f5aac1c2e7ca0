import * as z from 'zod';
import { RouterError } from '../domain/errors.ts';
import { type JsonText, readJsonText } from '../domain/json-text.ts';
import { modelIdSchema } from '../domain/model.ts';
import {
  providerPreferencesSchema,
  type RoutingConstraints,
  type RoutingRequest,
  routingConstraintsSchema,
} from '../domain/request.ts';
import { readClientHints, withHints } from './client-hints.ts';
import { invalidRequest } from './zod-fault.ts';

/** The fields of any dialect's body that are the router's own. */
export const ROUTING_FIELDS: readonly string[] = ['routing', 'models', 'provider', 'session_id'];

/** Never a caller's to say: hosts, keys and headers of providers (fault catalogue A09). */
const RESERVED_FIELDS = [
  'api_key',
  'api_base',
  'base_url',
  'custom_host',
  'headers',
  'extra_headers',
  'organization',
  'proxy',
  'timeout',
];

const bodySchema = z.object({
  model: z.string().min(1).max(200),
  models: z.array(modelIdSchema).min(1).max(20).optional(),
  provider: providerPreferencesSchema.optional(),
  session_id: z.string().min(1).max(128).optional(),
  routing: routingConstraintsSchema.optional(),
});

/** What steers the choice of a model, from a body and its headers. */
export type RoutingFields = {
  readonly request: Omit<RoutingRequest, 'conversation'>;
  readonly sessionId: string | undefined;
  readonly tags: readonly string[];
  /** Whether the answer explains its decision. */
  readonly explains: boolean;
};

/** @throws RouterError 400 for a field that is unknown, reserved, given twice or contradictory. */
export function readRoutingFields(body: JsonText, headers: Headers): RoutingFields {
  const reserved = RESERVED_FIELDS.find((name) => body.members.has(name));
  if (reserved !== undefined) {
    const message = `${reserved} is not a caller's to set: providers belong to the registry`;
    throw new RouterError('reserved_field', message, { field: reserved });
  }
  const twice = givenTwice(body);
  if (twice !== undefined) {
    throw new RouterError('invalid_request', `${twice} is given twice`, { field: twice });
  }
  const parsed = bodySchema.safeParse(body.value);
  if (!parsed.success) throw invalidRequest(parsed.error, '', knownFieldsAt(parsed.error));
  const { routing = {}, session_id: sessionId, model, models, provider } = parsed.data;
  const fromHeaders = readRoutingHeaders(headers);
  const request = {
    model: fromHeaders.policy === undefined ? model : `auto/${fromHeaders.policy}`,
    ...omitUndefined({ models: fromHeaders.models ?? models, provider }),
    ...routing,
    ...fromHeaders.constraints,
    compliance: [...(routing.compliance ?? []), ...fromHeaders.compliance],
  };
  refuseContradictions(request);
  const hints = readClientHints(headers, body.value['stream'] === true);
  return {
    request: withHints(request, hints),
    sessionId: fromHeaders.sessionId ?? sessionId,
    tags: fromHeaders.tags,
    explains: request.explain === true,
  };
}

/** Which of the two is meant is not for us to guess, least of all where they are limits (A01). */
function givenTwice(body: JsonText): string | undefined {
  const whole = body.duplicates.find((name) => name === 'model' || ROUTING_FIELDS.includes(name));
  const inside = ['routing', 'provider'].flatMap((name) => {
    const span = body.members.get(name);
    const inner = span && readJsonText(body.text.slice(span.valueStart, span.end));
    const names = inner !== undefined && 'duplicates' in inner ? inner.duplicates : [];
    return names.map((field) => `${name}.${field}`);
  });
  return whole ?? inside[0];
}

const KNOWN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  routing: Object.keys(routingConstraintsSchema.shape),
  provider: Object.keys(providerPreferencesSchema.shape),
};

function knownFieldsAt(error: z.ZodError): readonly string[] {
  return KNOWN_FIELDS[String(error.issues[0]?.path[0] ?? '')] ?? [];
}

const names = z
  .string()
  .max(2000)
  .transform((text) => text.split(',').map((name) => name.trim()))
  .transform((items) => items.filter((name) => name !== ''));
const positive = z.coerce.number().positive();

/** The same wishes for callers that cannot change their bodies. */
const headersSchema = z.object({
  'x-router-policy': z.string().min(1).max(64).optional(),
  'x-router-models': names.pipe(z.array(modelIdSchema).min(1).max(20)).optional(),
  'x-router-max-cost-usd': positive.max(10_000).optional(),
  'x-router-max-latency-ms': positive.max(3_600_000).optional(),
  'x-router-deadline-ms': positive.max(3_600_000).optional(),
  'x-router-compliance': names.default([]),
  'x-router-tags': names.pipe(z.array(z.string().max(64)).max(10)).default([]),
  'x-router-session-id': z.string().min(1).max(128).optional(),
  'x-router-explain': z.enum(['0', '1', 'true', 'false']).optional(),
});

function readRoutingHeaders(headers: Headers) {
  const given = Object.keys(headersSchema.shape).flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  const parsed = headersSchema.safeParse(Object.fromEntries(given));
  if (!parsed.success) throw invalidRequest(parsed.error, 'header');
  const { data } = parsed;
  const explain = data['x-router-explain'];
  const constraints: RoutingConstraints = omitUndefined({
    maxCostUsd: data['x-router-max-cost-usd'],
    maxLatencyMs: data['x-router-max-latency-ms'],
    deadlineMs: data['x-router-deadline-ms'],
    explain: explain === undefined ? undefined : explain === '1' || explain === 'true',
  });
  return {
    policy: data['x-router-policy'],
    models: data['x-router-models'],
    compliance: data['x-router-compliance'],
    tags: data['x-router-tags'],
    sessionId: data['x-router-session-id'],
    constraints,
  };
}

/** Wishes that nothing could meet are a mistake of the caller's, told before any model is looked at. */
export function refuseContradictions(request: RoutingRequest): void {
  const { deadlineMs, firstTokenMs, provider } = request;
  if (deadlineMs !== undefined && firstTokenMs !== undefined && firstTokenMs > deadlineMs) {
    contradiction(
      'routing.firstTokenMs',
      `${firstTokenMs} is above routing.deadlineMs ${deadlineMs}`,
    );
  }
  const ignored = new Set(provider?.ignore ?? []);
  if (provider?.only?.every((name) => ignored.has(name)) === true) {
    contradiction('provider.only', 'provider.ignore names all of its providers');
  }
  const ordered = request.fallbackOrder ?? [];
  const outside = ordered.find(
    (id) => request.models !== undefined && !request.models.includes(id),
  );
  if (outside !== undefined) {
    contradiction('routing.fallbackOrder', `"${outside}" is not among models`);
  }
}

function contradiction(field: string, message: string): never {
  throw new RouterError('invalid_request', `${field}: ${message}`, { field });
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function omitUndefined<T extends object>(fields: T): Present<T> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Present<T>; // the same fields without the empty ones
}
