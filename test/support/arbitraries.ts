import fc from 'fast-check';
import { compileModel } from '../../src/domain/compile-model.ts';
import type { Requirement } from '../../src/domain/decision.ts';
import { type ModelEntry, PARAMETERS, type RoutableModel } from '../../src/domain/model.ts';
import { compileQualityRouting } from '../../src/domain/quality-routing.ts';
import type { Registry } from '../../src/domain/registry.ts';
import type { RoutingRequest } from '../../src/domain/request.ts';
import { routingConfigSchema } from '../../src/domain/routing-config.ts';
import { aModel, aModelEntry } from './builders.ts';
import { aRequirement } from './plans.ts';

/** Few of each, so that random models and requests have something in common. */
const PROVIDERS = ['openai', 'anthropic', 'google', 'groq', 'mistral'];
const TAGS = ['pii_safe', 'gdpr_compliant', 'audit_logged'];
const REGIONS = ['eu', 'us'];
const TASKS = ['general', 'code', 'summarization'];
const WINDOWS = [4000, 32_000, 128_000, 128_000, 128_000, 1_000_000];

/** Given in one of ten cases: a request with every wish at once has no model to choose. */
function seldom<T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  const nothing = { arbitrary: fc.constant(undefined), weight: 9 };
  return fc.oneof(nothing, { arbitrary: values, weight: 1 });
}

/** True in nine of ten cases. */
const usually = fc.constantFrom(...Array<boolean>(9).fill(true), false);
const seldomTrue = usually.map((isUsual) => !isUsual);
const prices = fc.oneof(
  {
    arbitrary: fc.integer({ min: 0, max: 100_000 }).map((count) => count / 1_000_000),
    weight: 19,
  },
  { arbitrary: fc.constant(null), weight: 1 },
);

const entries: fc.Arbitrary<Partial<ModelEntry>> = fc.record({
  status: seldom(fc.constantFrom('degraded', 'offline')).map((status) => status ?? 'active'),
  maxContextTokens: fc.constantFrom(...WINDOWS),
  maxInputTokens: seldom(fc.constantFrom(...WINDOWS)),
  maxOutputTokens: fc.constantFrom(undefined, 4000, 16_000, 16_000),
  supportsFunctionCalling: usually,
  supportsParallelToolCalls: usually,
  supportsVision: usually,
  supportsPdf: usually,
  supportsAudio: usually,
  supportsStructuredOutput: usually,
  supportsReasoning: usually,
  supportsTemperature: usually,
  costPer1kInputTokens: prices,
  costPer1kOutputTokens: prices,
  estimatedP50LatencyMs: fc.integer({ min: 100, max: 5000 }),
  compliance: fc.subarray(TAGS),
  regions: fc.subarray(REGIONS),
  quality: fc.dictionary(fc.constantFrom(...TASKS), fc.double({ min: 0, max: 1, noNaN: true })),
  family: fc.constantFrom(undefined, 'large', 'small'),
  weight: fc.constantFrom(1, 1, 1, 0.5, 3),
  retiresAt: seldom(fc.constantFrom('1970-01-01', '2999-12-31', '2999-12-31')),
});

const BASE_ENTRY = aModelEntry();
const ROUTING = routingConfigSchema.parse({});
const PROVIDER_BY_ID = new Map(PROVIDERS.map((id) => [id, aModel(`${id}/base`).provider]));

/** Compiles as the registry does, without its reading: thousands of models are made. */
function compiled(id: string, fields: Partial<ModelEntry>): RoutableModel {
  const providerId = id.split('/')[0] ?? '';
  const entry = { ...BASE_ENTRY, ...fields, provider: providerId };
  const provider = PROVIDER_BY_ID.get(providerId) ?? `no provider ${providerId}`;
  const model = compileModel({ id, entry, provider, routing: ROUTING });
  if (typeof model === 'string') throw new Error(model);
  return model;
}

/** Models of all kinds, each with an id of its own; their order says nothing. */
export const someRoutableModels: fc.Arbitrary<readonly RoutableModel[]> = fc
  .array(fc.tuple(fc.constantFrom(...PROVIDERS), entries), {
    minLength: 2,
    maxLength: 8,
    size: 'max',
  })
  .map((drawn) =>
    drawn.map(([provider, entry], at) => compiled(`${provider}/m${(at * 5) % 8}`, entry)),
  );

const routings = fc
  .record({
    maxCandidates: fc.integer({ min: 1, max: 6 }),
    isEnabled: usually,
    cost: fc.constantFrom(0, 0.3, 1),
    latency: fc.constantFrom(0.1, 0.4),
    capabilityMatch: fc.constantFrom(0, 0.3, 1),
  })
  .map(({ maxCandidates, isEnabled, ...scoreWeights }) => ({
    ...ROUTING,
    evaluation: { ...ROUTING.evaluation, maxCandidates, scoreWeights },
    fallback: { ...ROUTING.fallback, enabled: isEnabled },
  }));

export const someRegistry: fc.Arbitrary<Registry> = fc
  .record({ models: someRoutableModels, routing: routings })
  .map(({ models, routing }) => ({
    version: 'random',
    models,
    modelById: new Map(models.map((model) => [model.id, model])),
    policies: new Map(),
    routing,
    quality: compileQualityRouting(models, routing),
    quarantined: [],
  }));

const abilities = fc.record({
  functionCalling: seldomTrue,
  parallelToolCalls: seldomTrue,
  vision: seldomTrue,
  imageUrls: seldomTrue,
  fileUrls: seldomTrue,
  pdf: seldomTrue,
  audio: seldomTrue,
  structuredOutput: seldomTrue,
  reasoning: seldomTrue,
  prefill: seldomTrue,
});

export const someRequirement: fc.Arbitrary<Requirement> = fc
  .record({
    abilities,
    parameters: seldom(fc.subarray([...PARAMETERS])).map((list) => new Set(list)),
    parametersAreRequired: usually,
    estimated: fc.oneof(fc.nat(3000), fc.nat(3000), fc.nat(100_000)),
    slack: fc.integer({ min: 0, max: 2000 }),
    estimatedOutputTokens: fc.integer({ min: 1, max: 400 }),
    outputRoomTokens: fc.constantFrom(100, 1024, 1024, 8192),
    contextTokens: seldom(fc.constantFrom(10_000, 200_000)).map((tokens) => tokens ?? 0),
    compliance: seldom(fc.subarray(TAGS)).map((tags) => new Set(tags)),
    regions: seldom(fc.subarray(REGIONS)).map((names) => new Set(names)),
    task: fc.constantFrom(...TASKS),
  })
  .map(({ estimated, slack, ...fields }) => {
    const tokens = { estimated, atMost: estimated + slack };
    const inputTokens = { o200k: tokens, cl100k: tokens, llama3: tokens, gemma: tokens };
    return aRequirement({ ...fields, inputTokens });
  });

const providerNames = seldom(fc.subarray(PROVIDERS, { minLength: 1 }));
const preferences = fc
  .record({
    order: fc.option(fc.shuffledSubarray(PROVIDERS, { minLength: 1 }), { nil: undefined }),
    only: providerNames,
    ignore: providerNames,
    sort: fc.constantFrom(undefined, 'price', 'throughput', 'latency'),
    allow_fallbacks: usually,
    maxPrompt: seldom(fc.nat(100)),
  })
  .map(({ maxPrompt, ...fields }) => ({
    ...fields,
    require_parameters: true,
    max_price: maxPrompt === undefined ? undefined : { prompt: maxPrompt },
    data_collection: 'allow' as const,
    zdr: false,
  }));

/** A request whose names exist in the registry, with limits and preferences of all kinds. */
export function someRequest(registry: Registry): fc.Arbitrary<RoutingRequest> {
  const ids = registry.models.map(({ id }) => id);
  const autos = ['auto', 'auto:floor', 'auto:nitro', 'auto/economy', 'auto/quality'];
  const policies = ['auto/regulated', 'auto/resilient', 'auto/realtime:floor'];
  const pinned = [...ids, ...ids.map((id) => `${id}:nitro`)];
  return fc
    .record({
      model: fc.oneof(
        { arbitrary: fc.constantFrom(...autos, ...policies), weight: 5 },
        { arbitrary: fc.constantFrom(...pinned), weight: 1 },
      ),
      models: seldom(fc.shuffledSubarray(ids, { minLength: 1 })),
      fallbackOrder: seldom(fc.shuffledSubarray(ids, { minLength: 1 })),
      provider: seldom(preferences),
      maxCostPer1kTokens: seldom(fc.constantFrom(0.001, 0.01)),
      maxLatencyMs: seldom(fc.constantFrom(500, 2000)),
      minQuality: seldom(fc.constantFrom(0.2, 0.6)),
      maxCostUsd: seldom(fc.constantFrom(0.001, 0.1)),
      deadlineMs: seldom(fc.constantFrom(1000, 60_000)),
    })
    .map((request) => request as RoutingRequest); // undefined fields are those not given
}
