import { describe, expect, it } from 'vitest';
import type { ModelHealth } from '../../../src/decide/eligibility.ts';
import { estimateCost } from '../../../src/decide/estimate-cost.ts';
import { estimateQuality } from '../../../src/decide/estimate-quality.ts';
import { rank } from '../../../src/decide/rank.ts';
import { select } from '../../../src/decide/select.ts';
import type { Candidate, Requirement } from '../../../src/domain/decision.ts';
import type { RoutableModel } from '../../../src/domain/model.ts';
import { routingRequestSchema } from '../../../src/domain/request.ts';
import { aModel, aRegistry } from '../../support/builders.ts';
import { aRequirement } from '../../support/plans.ts';

type Given = {
  readonly request?: Readonly<Record<string, unknown>>;
  readonly requirement?: Partial<Requirement>;
  readonly health?: (model: RoutableModel) => Partial<ModelHealth>;
  readonly registry?: Parameters<typeof aRegistry>[1];
};

function ranked(models: readonly RoutableModel[], given: Given = {}): readonly Candidate[] {
  const requirement = aRequirement(given.requirement);
  const registry = aRegistry(models, given.registry);
  const selection = select(routingRequestSchema.parse(given.request ?? {}), requirement, registry);
  const able = models.map((model) => ({
    model,
    requirement,
    selection,
    health: {
      breaker: { state: 'closed', isPassable: true, retryInMs: 0 } as const,
      host: { state: 'closed', isPassable: true, retryInMs: 0 } as const,
      key: 'free' as const,
      latencyMs: undefined,
      ...given.health?.(model),
    },
    estimatedCostNanoUsd: estimateCost(requirement, model),
    quality: estimateQuality(requirement, model, registry),
    now: 0,
  }));
  return rank(able, selection);
}

const ids = (candidates: readonly Candidate[]) => candidates.map(({ model }) => model);
const price = (usd: number) => ({ costPer1kInputTokens: usd, costPer1kOutputTokens: usd });

describe('rank: score', () => {
  it('scores by ratio: half the price is worth the same anywhere', () => {
    const models = [1, 2, 4].map((factor) => aModel(`openai/x${factor}`, price(factor / 1000)));

    const scores = ranked(models, { request: { model: 'auto:floor' } }).map(({ score }) => score);

    expect(scores[0]).toBe(1);
    expect(scores[1]).toBeCloseTo(0.5, 10);
    expect(scores[2]).toBe(0);
  });

  it('gives an unknown price no points, and a free model all of them', () => {
    const models = [
      aModel('openai/unknown', { costPer1kInputTokens: null }),
      aModel('openai/dear', price(0.1)),
      aModel('openai/free', price(0)),
    ];

    const candidates = ranked(models, { request: { model: 'auto:floor' } });

    expect(candidates.map(({ model, score }) => [model, score])).toEqual([
      ['openai/free', 1],
      ['openai/dear', 0],
      ['openai/unknown', 0],
    ]);
  });

  it('takes the measured latency before the estimated one', () => {
    const models = [aModel('openai/a', { estimatedP50LatencyMs: 100 }), aModel('openai/b')];
    const health = ({ id }: RoutableModel) => (id === 'openai/a' ? { latencyMs: 3000 } : {});

    const [first, second] = ranked(models, { request: { model: 'auto:nitro' }, health });

    expect(first).toMatchObject({ model: 'openai/b', estimatedLatencyMs: 500 });
    expect(second).toMatchObject({ model: 'openai/a', estimatedLatencyMs: 3000 });
  });

  it('prefers quality for the task at hand', () => {
    const models = [
      aModel('openai/coder', { quality: { code: 0.9, general: 0.4 } }),
      aModel('openai/writer', { quality: { general: 0.8 } }),
    ];

    expect(ids(ranked(models, { requirement: { task: 'code' } }))[0]).toBe('openai/coder');
    expect(ids(ranked(models, { requirement: { task: 'poetry' } }))[0]).toBe('openai/writer');
  });

  it("multiplies by the operator's weight", () => {
    const models = [
      aModel('openai/a', { weight: 0.5 }),
      aModel('openai/b'),
      aModel('openai/c', { weight: 2 }),
    ];

    expect(ids(ranked(models))).toEqual(['openai/c', 'openai/b', 'openai/a']);
  });

  it('breaks ties by id', () => {
    const models = ['openai/c', 'openai/a', 'groq/b'].map((id) => aModel(id));

    expect(ids(ranked(models))).toEqual(['groq/b', 'openai/a', 'openai/c']);
  });
});

describe('rank: soft limits', () => {
  it('pushes a dearer model down and says so, and excludes none', () => {
    const models = [
      aModel('openai/dear', { ...price(0.01), weight: 100 }),
      aModel('openai/fine', price(0.001)),
    ];

    const candidates = ranked(models, { request: { maxCostPer1kTokens: 0.005 } });

    expect(candidates.map(({ model, penalties }) => [model, penalties])).toEqual([
      ['openai/fine', []],
      ['openai/dear', ['maxCostPer1kTokens 0.005: 0.01']],
    ]);
  });

  it('pushes a slower model down and says so', () => {
    const models = [
      aModel('openai/slow', { estimatedP50LatencyMs: 900, weight: 100 }),
      aModel('openai/fine'),
    ];

    const candidates = ranked(models, { request: { maxLatencyMs: 500 } });

    expect(candidates.map(({ model, penalties }) => [model, penalties])).toEqual([
      ['openai/fine', []],
      ['openai/slow', ['maxLatencyMs 500: 900']],
    ]);
  });

  it('counts an unknown price as above any limit', () => {
    const [candidate] = ranked([aModel('openai/a', { costPer1kInputTokens: null })], {
      request: { maxCostPer1kTokens: 1 },
    });

    expect(candidate?.penalties).toEqual(['maxCostPer1kTokens 1: price unknown']);
  });
});

describe('rank: orders of the caller', () => {
  const models = ['anthropic/c', 'groq/g', 'openai/a', 'openai/b'].map((id) => aModel(id));

  it.each<[string, Record<string, unknown>, string[]]>([
    [
      'a pinned model first, then its list in its order',
      { model: 'openai/b', models: ['groq/g', 'anthropic/c'] },
      ['openai/b', 'groq/g', 'anthropic/c', 'openai/a'],
    ],
    [
      'providers in their order, the others behind',
      { provider: { order: ['openai', 'groq'] } },
      ['openai/a', 'openai/b', 'groq/g', 'anthropic/c'],
    ],
    [
      'fallbackOrder behind the first choice',
      { fallbackOrder: ['openai/b', 'groq/g'] },
      ['anthropic/c', 'openai/b', 'groq/g', 'openai/a'],
    ],
    [
      'fallbackOrder that names the first choice too',
      { fallbackOrder: ['openai/b', 'anthropic/c'] },
      ['anthropic/c', 'openai/b', 'groq/g', 'openai/a'],
    ],
    [
      'a pinned model before the order of providers',
      { model: 'openai/b', fallbackOrder: ['anthropic/c'], provider: { order: ['groq'] } },
      ['openai/b', 'anthropic/c', 'groq/g', 'openai/a'],
    ],
  ])('has %s', (_, request, order) => {
    expect(ids(ranked(models, { request }))).toEqual(order);
  });
});

describe('rank: candidates', () => {
  it('says what each is expected to cost and take, and what it will not honor', () => {
    const model = aModel('anthropic/a', { estimatedP50LatencyMs: 700, quality: { general: 0.8 } });
    const requirement = {
      parameters: new Set(['seed', 'stop'] as const),
      parametersAreRequired: false,
    };
    const breaker = { state: 'half-open', isPassable: true, retryInMs: 0 } as const;

    expect(ranked([model], { requirement, health: () => ({ breaker }) })).toEqual([
      {
        model: 'anthropic/a',
        provider: 'anthropic',
        estimatedCostNanoUsd: 900_000,
        estimatedLatencyMs: 700,
        quality: 0.8,
        capabilityMatch: 0.8 * 0.75 + 0.25,
        score: 0.8,
        penalties: [],
        unhonored: ['seed'],
        isProbe: true,
      },
    ]);
  });
});
