import * as z from 'zod';
import { compileModel } from './compile-model.ts';
import { isJsonObject } from './json.ts';
import {
  type ModelEntry,
  modelEntrySchema,
  type Provider,
  type RoutableModel,
  wireSchema,
} from './model.ts';
import { compileQualityRouting, type QualityRouting } from './quality-routing.ts';
import {
  type Policy,
  policySchema,
  type RoutingConfig,
  routingConfigSchema,
} from './routing-config.ts';

/** A provider that the registry names itself, or what it changes of a well-known one. */
export const providerEntrySchema = z.strictObject({
  wire: wireSchema.optional(),
  baseUrl: z.url().max(300).optional(),
  /** The name of a Worker secret; `null` for a provider that needs no key. */
  secret: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'a secret is named in capitals, e.g. ACME_API_KEY')
    .nullable()
    .optional(),
  headers: z.record(z.string(), z.string().max(300)).optional(),
  /** The well-known vendor whose quirks this provider shares. */
  vendor: z.string().max(64).optional(),
});
export type ProviderEntry = z.infer<typeof providerEntrySchema>;

/** Everything that decides, ready for use. Immutable: a new document is a new registry. */
export type Registry = {
  /** A short hash of the document, `bundled-…` for the copy inside the Worker. */
  readonly version: string;
  readonly models: readonly RoutableModel[];
  readonly modelById: ReadonlyMap<string, RoutableModel>;
  readonly policies: ReadonlyMap<string, Policy>;
  readonly routing: RoutingConfig;
  /** Undefined where no model has a number for its quality. */
  readonly quality?: QualityRouting | undefined;
  /** What was left out, one line each: path and reason. */
  readonly quarantined: readonly string[];
};

export type RegistryState = {
  /** `ok`, or what is wrong with the newest document; requests are served in every state. */
  readonly state: 'ok' | 'quarantined' | 'invalid' | 'unreachable';
  readonly source: 'kv' | 'bundled';
  readonly version: string;
  readonly models: number;
  readonly problems: readonly string[];
  readonly checkedAt: number;
};

/** Finds a provider: from the catalog, changed by the registry's entry. A string says why not. */
export type ResolveProvider = (id: string, entry: ProviderEntry | undefined) => Provider | string;

/** Larger documents are refused: they would cost more to read than an isolate should spend. */
export const MAX_REGISTRY_BYTES = 1_048_576;
const MAX_MODELS = 2000;

export type CompiledRegistry =
  | { readonly type: 'registry'; readonly registry: Registry }
  | { readonly type: 'invalid'; readonly problems: readonly string[] };

/**
 * Reads a published document, in either form. A bad entry is left out and named; a document without
 * one usable model, or with a part that is none, is invalid as a whole.
 */
export function compileRegistry(
  document: unknown,
  version: string,
  resolveProvider: ResolveProvider,
): CompiledRegistry {
  if (!isJsonObject(document)) return invalid(['the document is not a JSON object']);
  const form = documentFormOf(document);
  const problems = faultyParts(form);
  const routing = routingConfigSchema.safeParse(form['routing'] ?? {});
  if (!routing.success) problems.push(...issuesOf(routing.error, 'routing'));
  if (problems.length > 0 || !routing.success) return invalid(problems);
  if (Object.keys(form['models'] ?? {}).length > MAX_MODELS) {
    return invalid([`models: more than ${MAX_MODELS}`]);
  }
  const providers = parseEach(form['providers'], 'providers', providerEntrySchema);
  const policies = parseEach(form['policies'], 'policies', policySchema);
  const parsed = parseEach(form['models'], 'models', modelEntrySchema);
  const quarantined = [...providers.faults, ...policies.faults, ...parsed.faults];
  const modelById = new Map<string, RoutableModel>();
  for (const [id, entry] of parsed.entries) {
    const provider = providerOf(entry, providers, resolveProvider);
    const model = compileModel({ id, entry, provider, routing: routing.data });
    if (typeof model === 'string') quarantined.push(`models.${id}: ${model}`);
    else modelById.set(id, model);
  }
  if (modelById.size === 0) return invalid(['models: no usable entry', ...quarantined]);
  const { defaultModel } = routing.data.quality ?? {};
  if (defaultModel !== undefined && !modelById.has(defaultModel)) {
    quarantined.push(`routing.quality.defaultModel: there is no model "${defaultModel}"`);
  }
  const models = [...modelById.values()];
  const registry = {
    version,
    models,
    modelById,
    policies: policies.entries,
    routing: routing.data,
    quality: compileQualityRouting(models, routing.data),
    quarantined,
  };
  return { type: 'registry', registry };
}

function providerOf(
  { provider, wire }: ModelEntry,
  { entries, bad }: Parsed<ProviderEntry>,
  resolve: ResolveProvider,
): Provider | string {
  // A bad entry must not send its models to the well-known host that it was to replace.
  if (bad.has(provider)) return `its provider "${provider}" is in quarantine`;
  const named = entries.get(provider);
  // A model may be reachable by another wire than its provider's others.
  return resolve(provider, wire === undefined ? named : { ...named, wire });
}

function invalid(problems: readonly string[]): CompiledRegistry {
  return { type: 'invalid', problems };
}

const PARTS = ['models', 'providers', 'policies', 'routing'];

/** The bare record of entries, or the document with parts: told apart by `models`. */
function documentFormOf(document: object): Record<string, unknown> {
  const whole = document as Record<string, unknown>;
  const isBare = !isJsonObject(whole['models']) || typeof whole['models']['provider'] === 'string';
  return isBare && !('routing' in whole || 'providers' in whole || 'policies' in whole)
    ? { models: whole }
    : whole;
}

function faultyParts(form: Record<string, unknown>): string[] {
  return Object.entries(form).flatMap(([name, part]) => {
    if (!PARTS.includes(name)) {
      return [`${name}: unknown part; a document has ${PARTS.join(', ')}`];
    }
    return name === 'routing' || isJsonObject(part) ? [] : [`${name}: expected an object`];
  });
}

/** Reads each entry of a part by itself, so that a bad one costs only itself. */
function parseEach<T>(part: unknown, path: string, schema: z.ZodType<T>): Parsed<T> {
  const parsed: Parsed<T> = { entries: new Map(), bad: new Set(), faults: [] };
  for (const [name, entry] of Object.entries(part ?? {})) {
    const result = schema.safeParse(entry);
    if (result.success) parsed.entries.set(name, result.data);
    else {
      parsed.bad.add(name);
      parsed.faults.push(...issuesOf(result.error, `${path}.${name}`));
    }
  }
  return parsed;
}

type Parsed<T> = {
  readonly entries: Map<string, T>;
  readonly bad: Set<string>;
  readonly faults: string[];
};

/** One line per zod issue: the path into the document, and what is wrong there. */
export function issuesOf(error: z.ZodError, path: string): string[] {
  return error.issues.map((issue) => `${[path, ...issue.path].join('.')}: ${issue.message}`);
}
