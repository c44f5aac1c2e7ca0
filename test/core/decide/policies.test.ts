import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/decide/decide.ts';
import { policyFor, policyNamed, policyNames, weightsOf } from '../../../src/decide/policies.ts';
import type { Requirement } from '../../../src/domain/decision.ts';
import type { Ability, RoutableModel } from '../../../src/domain/model.ts';
import { aModel, aRegistry } from '../../support/builders.ts';
import { aRequirement } from '../../support/plans.ts';

/** The order in which a policy tries models that differ in what the row says. */
function orderBy(policy: string, models: readonly RoutableModel[], fields?: Partial<Requirement>) {
  const { candidates } = decide({
    request: { model: `auto/${policy}` },
    requirement: aRequirement(fields),
    registry: aRegistry(models),
    healthOf: () => ({
      breaker: { state: 'closed', isPassable: true, retryInMs: 0 },
      host: { state: 'closed', isPassable: true, retryInMs: 0 },
      key: 'free',
      latencyMs: undefined,
    }),
    now: 0,
  });
  return candidates.map(({ model }) => model);
}

const price = (usd: number) => ({ costPer1kInputTokens: usd, costPer1kOutputTokens: usd });
const CHEAP_SLOW = aModel('openai/cheap', { ...price(0.0001), estimatedP50LatencyMs: 1400 });
const DEAR_FAST = aModel('openai/fast', { ...price(0.01), estimatedP50LatencyMs: 200 });
const GOOD = aModel('openai/good', {
  ...price(0.02),
  estimatedP50LatencyMs: 3000,
  quality: { general: 0.9 },
});
const POOR = aModel('openai/poor', {
  ...price(0.0001),
  estimatedP50LatencyMs: 200,
  quality: { general: 0.6 },
});
const WIDE = aModel('openai/wide', { ...price(0.002), maxContextTokens: 1_000_000 });
const TIGHT = aModel('openai/tight', { ...price(0.001), maxContextTokens: 128_000 });
const SAFE_DEAR = aModel('openai/safe', { ...price(0.02), compliance: ['pii_safe'] });
const SAFE_CHEAP = aModel('groq/safe', { ...price(0.001), compliance: ['pii_safe'] });
const SLOW = aModel('openai/slow', { ...price(0.0001), estimatedP50LatencyMs: 1501 });
const IN_BUDGET = aModel('openai/in-budget', { ...price(0.05), estimatedP50LatencyMs: 1500 });

function ofTokens(count: number): Pick<Requirement, 'inputTokens'> {
  const tokens = { estimated: count, atMost: count };
  return { inputTokens: { o200k: tokens, cl100k: tokens, llama3: tokens, gemma: tokens } };
}

describe('the built-in policies', () => {
  it.each([
    ['economy', 'cost first', [DEAR_FAST, CHEAP_SLOW], ['openai/cheap', 'openai/fast']],
    ['economy', 'cost before quality', [GOOD, POOR], ['openai/poor', 'openai/good']],
    [
      'realtime',
      'time to first token first',
      [DEAR_FAST, CHEAP_SLOW],
      ['openai/fast', 'openai/cheap'],
    ],
    [
      'realtime',
      'what keeps the budget of time before all',
      [SLOW, IN_BUDGET],
      ['openai/in-budget', 'openai/slow'],
    ],
    [
      'regulated',
      'only approved models, then cost',
      [SAFE_DEAR, CHEAP_SLOW, SAFE_CHEAP],
      ['groq/safe', 'openai/safe'],
    ],
    ['quality', 'predicted quality first', [POOR, GOOD], ['openai/good', 'openai/poor']],
    [
      'balanced',
      'the weights of the registry',
      [CHEAP_SLOW, DEAR_FAST],
      ['openai/fast', 'openai/cheap'],
    ],
  ])('%s: %s', (policy, _, models, order) => {
    expect(orderBy(policy, models)).toEqual(order);
  });

  it('long-context: window and output room first, then cost', () => {
    const roomy = aModel('openai/roomy', { ...price(0.001), maxContextTokens: 1_000_000 });
    const models = [TIGHT, WIDE, roomy];

    expect(orderBy('long-context', models, ofTokens(90_000))).toEqual([
      'openai/roomy',
      'openai/wide',
      'openai/tight',
    ]);
    expect(orderBy('long-context', models, ofTokens(400_000))).toEqual([
      'openai/roomy',
      'openai/wide',
    ]);
  });

  it('resilient: the chain spans two providers, however good the models of one are', () => {
    const best = [1, 2, 3].map((at) => aModel(`openai/m${at}`, price(0.0001)));
    const other = aModel('groq/m', price(0.05));
    const models = [...best, aModel('openai/m4', price(0.0002)), other];

    expect(orderBy('resilient', models)).toEqual([
      'openai/m1',
      'groq/m',
      'openai/m2',
      'openai/m3',
      'openai/m4',
    ]);
    expect(orderBy('balanced', models).at(-1)).toBe('groq/m');
  });

  it('resilient: goes on with one provider where there is no other', () => {
    expect(orderBy('resilient', [DEAR_FAST, CHEAP_SLOW])).toHaveLength(2);
  });
});

describe('policyFor', () => {
  const needing = (ability: Ability) => ({
    abilities: { ...aRequirement().abilities, [ability]: true },
  });

  it.each<[string, string, Partial<Requirement>]>([
    ['balanced', 'nothing in particular', {}],
    ['regulated', 'personal data', { compliance: new Set(['pii_safe']) }],
    ['long-context', 'more than 32,000 tokens', ofTokens(32_001)],
    ['balanced', '32,000 tokens', ofTokens(32_000)],
    ['quality', 'reasoning', needing('reasoning')],
    ['realtime', 'tools', needing('functionCalling')],
    ['economy', 'a JSON schema', needing('structuredOutput')],
    [
      'regulated',
      'personal data and tools',
      { compliance: new Set(['pii_safe']), ...needing('functionCalling') },
    ],
  ])('is %s for %s', (policy, _, requirement) => {
    expect(policyFor(aRequirement(requirement))).toBe(policy);
  });
});

describe('policyNamed', () => {
  const registry = aRegistry([CHEAP_SLOW], {
    policies: { economy: { objective: 'latency' }, own: { objective: 'cost' } },
  });

  it('takes the policy of the registry before the built-in one of its name', () => {
    expect(policyNamed('economy', registry)).toEqual({ objective: 'latency' });
    expect(policyNamed('own', registry)).toEqual({ objective: 'cost' });
    expect(policyNamed('quality', registry)).toMatchObject({ objective: 'quality' });
  });

  it('knows no names of its own that nobody gave', () => {
    expect(policyNamed('constructor', registry)).toBeUndefined();
  });

  it('lists every name once', () => {
    expect(policyNames(registry)).toEqual([
      'balanced',
      'economy',
      'embedding',
      'long-context',
      'own',
      'quality',
      'realtime',
      'regulated',
      'resilient',
    ]);
  });
});

describe('weightsOf', () => {
  const scoreWeights = { cost: 0.2, latency: 0.2, capabilityMatch: 0.6 };
  const registry = aRegistry([CHEAP_SLOW], { routing: { evaluation: { scoreWeights } } });

  it.each([undefined, 'balanced'] as const)('takes %s for the weights of the registry', (name) => {
    expect(weightsOf(name, registry)).toEqual(scoreWeights);
  });

  it('takes weights for themselves', () => {
    const weights = { cost: 1, latency: 1, capabilityMatch: 0 };

    expect(weightsOf(weights, registry)).toEqual(weights);
  });
});
