import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/decide/decide.ts';
import { policyFor } from '../../../src/decide/policies.ts';
import type { Requirement } from '../../../src/domain/decision.ts';
import { type RoutingRequest, routingRequestSchema } from '../../../src/domain/request.ts';
import type { TaskReading } from '../../../src/domain/task.ts';
import { aModel, aRegistry } from '../../support/builders.ts';
import { aRequirement } from '../../support/plans.ts';

const price = (input: number, output: number) => ({
  costPer1kInputTokens: input,
  costPer1kOutputTokens: output,
});
const BEST = aModel('openai/best', {
  ...price(0.01, 0.03),
  quality: { general: 0.9, code: 0.9, chat: 0.8 },
});
const GOOD = aModel('groq/good', {
  ...price(0.001, 0.002),
  quality: { general: 0.7, code: 0.4, chat: 0.79 },
});
const CHEAP = aModel('groq/cheap', { ...price(0.0001, 0.0002), quality: { general: 0.3 } });
const ALL = [BEST, GOOD, CHEAP];

function reading(kind: string, confidence = 0.95, forWeak = 0): TaskReading {
  return {
    confidence,
    shares: [
      { kind, share: confidence },
      ...(confidence < 1 ? [{ kind: 'knowledge', share: 1 - confidence }] : []),
    ],
    ease: { forWeak, forStrong: 0 },
    evidence: [{ feature: `words of ${kind}`, weight: 2 }],
  };
}

type Given = {
  readonly models?: Parameters<typeof aRegistry>[0];
  readonly requirement?: Partial<Requirement>;
  readonly request?: Readonly<Record<string, unknown>>;
  readonly routing?: Readonly<Record<string, unknown>>;
};

function decided({ models = ALL, requirement = {}, request = {}, routing = {} }: Given) {
  const wishes: RoutingRequest = routingRequestSchema.parse({ model: 'auto/balanced', ...request });
  return decide({
    request: wishes,
    requirement: aRequirement(requirement),
    registry: aRegistry(models, { routing }),
    healthOf: () => ({
      breaker: { state: 'closed', isPassable: true, retryInMs: 0 },
      host: { state: 'closed', isPassable: true, retryInMs: 0 },
      key: 'free',
      latencyMs: undefined,
    }),
    now: 0,
  });
}

const LAMBDA = { quality: { lambda: { quality: 0, balanced: 20 } } };

const SUM = /^quality 0\.790 - 20\.0 \* \$[\d.e-]+ = 0\.\d{3}, the best by balanced for chat/;

describe('quality − λ · cost', () => {
  it('takes the dear model for the work that only it does well, and a cheaper one for the rest', () => {
    const of = (kind: string) =>
      decided({ routing: LAMBDA, requirement: { task: kind, reading: reading(kind) } })
        .selectedModel;

    expect(of('code')).toBe('openai/best');
    expect(of('chat')).toBe('groq/good');
  });

  it('is quality alone for the policy `quality` with a λ of nothing', () => {
    const request = { model: 'auto/quality' };

    const { selectedModel } = decided({ routing: LAMBDA, request, requirement: { task: 'chat' } });

    expect(selectedModel).toBe('openai/best');
  });

  it('gives every candidate its quality, and says the sum that won', () => {
    const { candidates, reason, weighing } = decided({
      routing: LAMBDA,
      requirement: { task: 'chat' },
    });

    expect(candidates.map(({ model, quality }) => [model, quality])).toEqual([
      ['groq/good', 0.79],
      ['openai/best', 0.8],
      ['groq/cheap', 0.3],
    ]);
    expect(weighing).toEqual({ lambda: 20 });
    expect(reason).toMatch(SUM);
  });

  it('solves λ from the tables where nothing was graded: between the cheapest and the best', () => {
    const { weighing, selectedModel } = decided({ requirement: { task: 'history' } });

    expect(weighing).toMatchObject({ lambda: expect.any(Number) });
    expect(selectedModel).not.toBe('groq/cheap');
  });

  it('does not come in where the registry sets weights, or where no quality is known', () => {
    const scoreWeights = { cost: 1, latency: 0, capabilityMatch: 0 };

    const byWeights = decided({ routing: { ...LAMBDA, evaluation: { scoreWeights } } });
    const unknown = decided({ models: [aModel('openai/a'), aModel('groq/b')] });

    expect([byWeights.weighing, byWeights.selectedModel]).toEqual([scoreWeights, 'groq/cheap']);
    expect(unknown.weighing).toEqual({ cost: 0.3, latency: 0.4, capabilityMatch: 0.3 });
  });

  it('takes a price that is not known for the highest, and an unknown quality for no better than the least', () => {
    const hidden = aModel('xai/hidden', {
      costPer1kInputTokens: null,
      quality: { general: 0.9, chat: 0.8 },
    });
    const fresh = aModel('xai/fresh', price(0.0001, 0.0002));

    const { candidates } = decided({
      models: [...ALL, hidden, fresh],
      routing: LAMBDA,
      requirement: { task: 'chat' },
    });
    const scoreOf = (id: string) => candidates.find(({ model }) => model === id)?.score ?? 0;

    expect(scoreOf('xai/hidden')).toBeCloseTo(scoreOf('openai/best'), 10);
    expect(scoreOf('xai/fresh')).toBeCloseTo(scoreOf('groq/cheap'), 10);
  });
});

describe('the guard', () => {
  const routing = {
    quality: { lambda: { quality: 0, balanced: 1000 }, defaultModel: 'openai/best' },
  };

  it('gives what is not surely of one kind to the default model, and says so', () => {
    const requirement = { task: 'chat', reading: reading('chat', 0.6) };

    const { selectedModel, reason } = decided({ routing, requirement });

    expect(selectedModel).toBe('openai/best');
    expect(reason).toContain('the kind of work is not clear (chat 0.60)');
  });

  it.each([
    ['sure requests alone', { task: 'chat', reading: reading('chat', 0.95) }, {}],
    ['a kind that the caller names', { task: 'chat' }, {}],
    [
      'a default model that is too dear',
      { task: 'chat', reading: reading('chat', 0.6) },
      { maxCostUsd: 0.001 },
    ],
    [
      'one that breaks a soft limit',
      { task: 'chat', reading: reading('chat', 0.6) },
      { maxCostPer1kTokens: 0.001 },
    ],
  ])('leaves %s', (_, requirement, request) => {
    expect(decided({ routing, requirement, request }).selectedModel).not.toBe('openai/best');
  });

  it('obeys what a policy says of the task', () => {
    const { selectedModel } = decided({
      routing,
      request: { task: 'chat' },
      requirement: { task: 'code', reading: reading('code', 0.4) },
    });

    expect(selectedModel).not.toBe('openai/best');
  });
});

describe('policyFor', () => {
  it.each([
    ['economy', 'classification', 0.9, 0],
    ['economy', 'extraction', 0.9, 0],
    ['quality', 'code', 0.9, -0.5],
    ['quality', 'mathematics', 0.9, -0.1],
    ['balanced', 'code', 0.9, 0.5],
    ['balanced', 'code', 0.6, -0.5],
    ['balanced', 'classification', 0.6, 0],
    ['balanced', 'writing', 0.9, -0.5],
  ])('is %s for %s with a share of %d and an ease of %d', (policy, kind, confidence, ease) => {
    const requirement = aRequirement({ task: kind, reading: reading(kind, confidence, ease) });

    expect(policyFor(requirement)).toBe(policy);
  });
});
