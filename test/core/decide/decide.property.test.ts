import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecisionInput, decide } from '../../../src/decide/decide.ts';
import type { ModelHealth } from '../../../src/decide/eligibility.ts';
import type { Requirement, RoutingDecision } from '../../../src/domain/decision.ts';
import type { Ability, RoutableModel } from '../../../src/domain/model.ts';
import type { Registry } from '../../../src/domain/registry.ts';
import type { RoutingRequest } from '../../../src/domain/request.ts';
import { someRegistry, someRequest, someRequirement } from '../../support/arbitraries.ts';

const NOW = Date.parse('2026-11-25');

const healths: fc.Arbitrary<ModelHealth> = fc.record({
  breaker: fc.constantFrom<ModelHealth['breaker']>(
    ...Array(8).fill({ state: 'closed', isPassable: true, retryInMs: 0 }),
    { state: 'half-open', isPassable: true, retryInMs: 0 },
    { state: 'open', isPassable: false, retryInMs: 30_000 },
  ),
  host: fc.constantFrom<ModelHealth['host']>(
    ...Array(15).fill({ state: 'closed', isPassable: true, retryInMs: 0 }),
    { state: 'open', isPassable: false, retryInMs: 30_000 },
  ),
  key: fc.constantFrom(...Array<'free'>(18).fill('free'), 'held', 'none'),
  latencyMs: fc.option(fc.integer({ min: 50, max: 4000 }), { nil: undefined }),
});

type Situation = {
  readonly registry: Registry;
  readonly request: RoutingRequest;
  readonly requirement: Requirement;
  readonly healthById: ReadonlyMap<string, ModelHealth>;
};

const situations: fc.Arbitrary<Situation> = someRegistry.chain((registry) =>
  fc
    .record({
      request: someRequest(registry),
      requirement: someRequirement,
      health: fc.array(healths, {
        minLength: registry.models.length,
        maxLength: registry.models.length,
      }),
    })
    .map(({ request, requirement, health }) => ({
      registry,
      request,
      requirement,
      healthById: new Map(
        registry.models.flatMap(({ id }, at) => {
          const state = health[at];
          return state === undefined ? [] : [[id, state]];
        }),
      ),
    })),
);

function inputOf({ healthById, ...situation }: Situation): DecisionInput {
  const healthOf = ({ id }: RoutableModel): ModelHealth => {
    const health = healthById.get(id);
    if (health === undefined) throw new Error(`no health of ${id}`);
    return health;
  };
  return { ...situation, healthOf, now: NOW };
}

function decideOn(situation: Situation): RoutingDecision {
  return decide(inputOf(situation));
}

type Case = {
  readonly model: RoutableModel;
  readonly health: ModelHealth;
  readonly request: RoutingRequest;
  readonly requirement: Requirement;
};

/** What would speak against a model, said anew and without the rules under test. */
const FAULTS: Readonly<Record<string, (given: Case) => boolean>> = {
  'not active': ({ model }) => model.entry.status !== 'active',
  retired: ({ model }) => Date.parse(model.entry.retiresAt ?? '3000-01-01') <= NOW,
  'no key': ({ health }) => health.key !== 'free',
  resting: ({ health }) => !health.breaker.isPassable,
  'a resting host': ({ health }) => !health.host.isPassable,
  'lacks an ability': ({ model, requirement }) =>
    Object.entries(requirement.abilities).some(
      ([name, isNeeded]) => isNeeded && !model.capability[name as Ability], // a key of abilities
    ),
  'lacks a parameter': ({ model, requirement }) =>
    requirement.parametersAreRequired &&
    [...requirement.parameters].some((name) => !model.capability.parameters.has(name)),
  'lacks a tag': ({ model, request, requirement }) =>
    [...requirement.compliance].some((tag) => !model.entry.compliance.includes(tag)) ||
    (request.model === 'auto/regulated' && !model.entry.compliance.includes('pii_safe')),
  'in another region': ({ model, requirement }) =>
    requirement.regions.size > 0 &&
    !model.entry.regions.some((region) => requirement.regions.has(region)),
  'window too small': ({ model, requirement }) =>
    requirement.inputTokens.o200k.atMost + requirement.outputRoomTokens >
    model.entry.maxContextTokens,
  'input too large': ({ model, requirement }) =>
    requirement.inputTokens.o200k.atMost > (model.entry.maxInputTokens ?? Infinity),
  'window below the wanted': ({ model, requirement }) =>
    requirement.contextTokens > model.entry.maxContextTokens,
  'output too small': ({ model, requirement }) =>
    requirement.outputRoomTokens > (model.entry.maxOutputTokens ?? Infinity),
  'quality too low': ({ model, request, requirement }) =>
    (model.entry.quality[requirement.task] ?? usualQuality(model)) < (request.minQuality ?? -1),
  'too slow': ({ model, health, request }) =>
    (health.latencyMs ?? model.entry.estimatedP50LatencyMs) >= (request.deadlineMs ?? Infinity),
  // What is estimated is rounded to a nano-dollar.
  'too expensive': ({ model, request, requirement }) =>
    costUsdOf(model, requirement) > (request.maxCostUsd ?? Infinity) + 1e-9,
  'above the price': ({ model, request }) =>
    request.provider?.max_price?.prompt !== undefined &&
    (model.price === undefined ||
      (model.entry.costPer1kInputTokens ?? Infinity) * 1000 >
        request.provider.max_price.prompt + 1e-9),
  'of an excluded provider': ({ model, request }) =>
    request.provider?.ignore?.includes(model.provider.id) === true ||
    request.provider?.only?.includes(model.provider.id) === false,
};

function costUsdOf({ entry }: RoutableModel, requirement: Requirement): number {
  const { costPer1kInputTokens: input, costPer1kOutputTokens: output } = entry;
  if (input === null || output === null) return Infinity;
  const { estimated } = requirement.inputTokens.o200k;
  return (estimated * input + requirement.estimatedOutputTokens * output) / 1000;
}

function faultsOf(id: string, situation: Situation): readonly string[] {
  const { registry, healthById, ...wishes } = situation;
  const model = registry.modelById.get(id);
  const health = healthById.get(id);
  if (model === undefined || health === undefined) throw new Error(`there is no ${id}`);
  return Object.keys(FAULTS).filter((name) => FAULTS[name]?.({ ...wishes, model, health }));
}

type Check = (decision: RoutingDecision, situation: Situation) => void;

function chainLength({ registry, request }: Situation): number {
  const { evaluation, fallback } = registry.routing;
  const mayFallBack = fallback.enabled && request.provider?.allow_fallbacks !== false;
  return mayFallBack ? evaluation.maxCandidates : 1;
}

/** Whether the caller or the policy puts models in an order of its own. */
function hasOwnOrder({ request, registry }: Situation): boolean {
  const lists = [request.models, request.fallbackOrder, request.provider?.order];
  const isPinned = registry.modelById.has(request.model ?? '');
  return isPinned || request.model === 'auto/resilient' || lists.some((list) => list !== undefined);
}

const INVARIANTS: Readonly<Record<string, Check>> = {
  'no candidate lacks what the request needs, so no fallback downgrades': (decision, situation) => {
    for (const { model } of decision.candidates) expect(faultsOf(model, situation)).toEqual([]);
  },

  'no model is rejected that nothing speaks against': ({ rejections }, situation) => {
    const groundless = rejections
      .filter(({ reason }) => reason !== 'not-a-candidate')
      .filter(({ model }) => faultsOf(model, situation).length === 0);
    expect(groundless).toEqual([]);
  },

  'every model is a candidate, or rejected for one reason, or cut': (decision, situation) => {
    const named = [...decision.candidates, ...decision.rejections].map(({ model }) => model);
    const cut = situation.registry.models.map(({ id }) => id).filter((id) => !named.includes(id));

    expect(new Set(named).size).toBe(named.length);
    expect(cut.flatMap((id) => faultsOf(id, situation))).toEqual([]);
    if (cut.length > 0) expect(decision.candidates).toHaveLength(chainLength(situation));
    else expect(decision.candidates.length).toBeLessThanOrEqual(chainLength(situation));
  },

  'the public fields say what the candidates say': (decision) => {
    const [selected, ...chain] = decision.candidates;

    expect(decision.selectedModel).toBe(selected?.model);
    expect(decision.fallbackChain).toEqual(chain.map(({ model }) => model));
    expect(decision.estimatedLatencyMs).toBe(selected?.estimatedLatencyMs ?? null);
    expect(decision.estimatedCost === null).toBe(selected?.estimatedCostNanoUsd === undefined);
    expect(decision.rejectionReason === undefined).toBe(selected !== undefined);
    expect(decision.rejectionReason).not.toBe('');
  },

  'what keeps the soft limits is tried before what breaks them': ({ candidates }, situation) => {
    if (hasOwnOrder(situation)) return;
    const penalties = candidates.map((candidate) => candidate.penalties.length);
    expect(penalties).toEqual(penalties.toSorted((a, b) => a - b));
  },

  'the same input gives the same decision': (decision, situation) => {
    expect(decideOn(situation)).toEqual(decision);
  },

  "the order of the registry's models says nothing": (decision, situation) => {
    const models = situation.registry.models.toReversed();
    const reversed = decideOn({
      ...situation,
      registry: { ...situation.registry, models },
    });
    expect(reversed).toEqual(decision);
  },
};

describe('decide, for any registry and any request', () => {
  it('holds every invariant', { timeout: 60_000 }, () => {
    let choices = 0;
    fc.assert(
      fc.property(situations, (situation) => {
        const decision = decideOn(situation);
        if (decision.candidates.length > 1) choices += 1;
        for (const check of Object.values(INVARIANTS)) check(decision, situation);
      }),
      { numRuns: 1200 },
    );

    // Random wishes can be so many that nothing fits: enough of them must leave a choice.
    expect(choices).toBeGreaterThan(150);
  });
});

/** What a row says of kinds that it does not name; nothing where it is empty. */
function usualQuality({ entry: { quality } }: RoutableModel): number {
  const values = Object.values(quality);
  if (values.length === 0) return -1;
  return quality['general'] ?? values.reduce((sum, value) => sum + value, 0) / values.length;
}
