import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoutableModel } from '../../src/domain/model.ts';
import type { Registry } from '../../src/domain/registry.ts';
import type { RoutingRequest } from '../../src/domain/request.ts';
import { policySchema, routingConfigSchema } from '../../src/domain/routing-config.ts';
import { someRegistry, someRequest } from '../support/arbitraries.ts';
import { scriptOf, someFates } from '../support/faults.ts';
import { aRouter } from '../support/journeys.ts';
import { readText } from '../support/read-text.ts';

const TAGS = ['pii_safe', 'gdpr_compliant', 'audit_logged'];
const PERSONAL = 'Write to jane.doe@example.com, please.';
/** Fits the larger windows of the registries, not the smallest ones. */
const LONG = 'The quick brown fox jumps over the lazy dog. '.repeat(700);

const NARROW = 4000;

/** A request that is regulated in one way or another, and all that may lead it astray. */
const situations = someRegistry.chain((registry) =>
  fc.boolean().chain((isStream) =>
    fc.record({
      registry: fc.constant(registry),
      isStream: fc.constant(isStream),
      request: someRequest(registry),
      tags: fc.subarray(TAGS, { maxLength: 2 }),
      policyTags: fc.subarray(TAGS, { maxLength: 1 }),
      usesPolicy: fc.boolean(),
      deniesCollection: fc.constantFrom(...Array(9).fill(false), true),
      detects: fc.constantFrom('nobody', 'registry', 'caller'),
      isPersonal: fc.boolean(),
      length: fc.constantFrom('short', 'short', 'long', 'oversize'),
      isHedged: fc.boolean(),
      fates: someFates(isStream),
      areAlike: fc.boolean(),
    }),
  ),
);
type Situation = typeof situations extends fc.Arbitrary<infer Value> ? Value : never;

/** What any model must carry, read from the situation alone. */
function neededTags(situation: Situation): ReadonlySet<string> {
  const { tags, policyTags, usesPolicy, deniesCollection, detects, isPersonal } = situation;
  const isRegulated = !usesPolicy && situation.request.model?.startsWith('auto/regulated') === true;
  const isFound = isPersonal && detects !== 'nobody';
  return new Set([
    ...tags,
    ...(usesPolicy ? policyTags : []),
    ...(isRegulated || isFound ? ['pii_safe'] : []),
    ...(deniesCollection ? ['no_data_collection'] : []),
  ]);
}

/** Every window is a small one, where a text shall fit none. */
function modelsOf({ registry, length }: Situation): readonly RoutableModel[] {
  if (length !== 'oversize') return registry.models;
  return registry.models.map((model) => {
    const narrow = { contextTokens: NARROW, inputTokens: NARROW, outputTokens: NARROW };
    return { ...model, capability: { ...model.capability, ...narrow } };
  });
}

function registryOf(situation: Situation): Registry {
  const { registry, policyTags, detects } = situation;
  const models = modelsOf(situation);
  const held = policySchema.parse({ constraints: { compliance: policyTags } });
  const compliance = { detectPersonalData: detects === 'registry', auditLogging: true };
  return {
    ...registry,
    models,
    modelById: new Map(models.map((model) => [model.id, model])),
    policies: new Map([['held', held]]),
    routing: {
      ...registry.routing,
      compliance: routingConfigSchema.parse({ compliance }).compliance,
    },
  };
}

function requestOf(situation: Situation): RoutingRequest {
  const { request, tags, usesPolicy, deniesCollection, detects, isHedged } = situation;
  const preferences = {
    allow_fallbacks: true,
    require_parameters: true,
    zdr: false,
    data_collection: 'deny',
  } as const;
  return {
    ...request,
    compliance: tags,
    hedge: isHedged,
    oversize: 'chunk',
    onContentFilter: 'fallback',
    ...(usesPolicy && { model: 'auto/held' }),
    ...(deniesCollection && { provider: preferences }),
    ...(detects === 'caller' && { detectPersonalData: true }),
  };
}

/** Lives through one request, and tells which models were called for it. */
async function live(situation: Situation) {
  const { registry, fates, areAlike, isStream, isPersonal, length } = situation;
  const world = aRouter(registry.models, (_, at) => {
    const fate = fates[at % fates.length];
    return fate && scriptOf(fate, areAlike ? 'abc' : String(at).repeat(3));
  });
  world.ports.registry.registry = registryOf(situation);
  const text = `${isPersonal ? PERSONAL : 'Hello'} ${length === 'short' ? '' : LONG}`;
  const journey = world.journeyOf({
    ...requestOf(situation),
    conversation: {
      stream: isStream,
      messages: [{ role: 'user', content: [{ type: 'text', text }] }],
    },
  });
  const go = async (): Promise<void> => {
    const answer = await world.router.answer(journey).catch(() => undefined);
    if (answer?.type === 'stream') await readText(answer.body).catch(() => undefined);
    await Promise.all(world.ports.background.work);
  };
  await world.ports.clock.run(go());
  return world.ports;
}

/** What the runs came to: a property that holds of nothing would hold, too. */
class Tally {
  readonly seen = { calls: 0, refusals: 0, fallbacks: 0, parts: 0 };

  note(models: readonly string[], isParted: boolean): void {
    this.seen.calls += models.length;
    if (models.length === 0) this.seen.refusals += 1;
    if (new Set(models).size > 1) this.seen.fallbacks += 1;
    if (isParted && models.length > 0) this.seen.parts += 1;
  }
}

describe('MultiModelRouter, for regulated requests', () => {
  it('calls no model without the tags, whatever happens, and keeps a record of it (A46)', {
    timeout: 240_000,
  }, async () => {
    const tally = new Tally();
    await fc.assert(
      fc.asyncProperty(situations, async (situation) => {
        const needed = neededTags(situation);
        const { ledger, transport } = await live(situation);

        const models = ledger.opened.map(({ model }) => model);
        const [entry] = ledger.entries;
        expect(models).toHaveLength(transport.calls.length);
        for (const id of models) {
          const carried = new Set(situation.registry.modelById.get(id)?.entry.compliance);
          expect([...needed].filter((tag) => !carried.has(tag))).toEqual([]);
        }
        if (needed.size === 0) return;
        expect(entry?.audit).toMatchObject({ tags: [...needed].sort() });
        expect(entry?.audit?.attempts.map(({ model }) => model).sort()).toEqual(models.sort());
        tally.note(models, entry?.decision.parts !== undefined);
      }),
      { numRuns: 600 },
    );

    expect(tally.seen.calls).toBeGreaterThan(200);
    expect(Math.min(...Object.values(tally.seen))).toBeGreaterThan(10);
  });
});
