import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/decide/decide.ts';
import type { Requirement } from '../../../src/domain/decision.ts';
import type { RoutableModel } from '../../../src/domain/model.ts';
import { routingRequestSchema } from '../../../src/domain/request.ts';
import { aModel, aRegistry } from '../../support/builders.ts';
import { aRequirement, someModels } from '../../support/plans.ts';

type Given = {
  readonly models?: readonly RoutableModel[];
  readonly request?: Readonly<Record<string, unknown>>;
  readonly requirement?: Partial<Requirement>;
  readonly routing?: Readonly<Record<string, unknown>>;
  readonly policies?: Readonly<Record<string, unknown>>;
};

function decided({ models = someModels(3), request = {}, requirement, ...registry }: Given) {
  return decide({
    request: routingRequestSchema.parse(request),
    requirement: aRequirement(requirement),
    registry: aRegistry(models, registry),
    healthOf: () => ({
      breaker: { state: 'closed', isPassable: true, retryInMs: 0 },
      host: { state: 'closed', isPassable: true, retryInMs: 0 },
      key: 'free',
      latencyMs: undefined,
    }),
    now: 0,
  });
}

describe('decide: the chain', () => {
  it('has the first choice and the models behind it, each with its price and time', () => {
    const { selectedModel, fallbackChain, estimatedCost, estimatedLatencyMs } = decided({});

    expect({ selectedModel, fallbackChain, estimatedCost, estimatedLatencyMs }).toEqual({
      selectedModel: 'openai/m1',
      fallbackChain: ['openai/m2', 'openai/m3'],
      estimatedCost: 0.0009,
      estimatedLatencyMs: 500,
    });
  });

  it.each([
    ['five by default', {}, {}, 5],
    ['as long as the registry says', { evaluation: { maxCandidates: 2 } }, {}, 2],
    ['the first choice alone without fallbacks', { fallback: { enabled: false } }, {}, 1],
    ['the first choice alone when the caller wants no fallback', {}, { allow_fallbacks: false }, 1],
  ])('is %s', (_, routing, provider, length) => {
    const { candidates } = decided({ models: someModels(7), routing, request: { provider } });

    expect(candidates).toHaveLength(length);
  });

  it('says null for a price that is not known', () => {
    const models = [aModel('openai/m1', { costPer1kInputTokens: null })];

    expect(decided({ models }).estimatedCost).toBeNull();
  });

  it('never falls back below the quality that the choice was made by', () => {
    const models = [
      aModel('openai/good', { quality: { general: 0.9 } }),
      aModel('openai/fair', { quality: { general: 0.8 } }),
      aModel('openai/cheap', { quality: { general: 0.3 }, costPer1kInputTokens: 0 }),
    ];

    const { candidates } = decided({ models, request: { minQuality: 0.75 } });

    expect(candidates.map(({ model }) => model).sort()).toEqual(['openai/fair', 'openai/good']);
  });
});

describe('decide: why', () => {
  it.each<[string, Given, string]>([
    [
      'the best score',
      {},
      'best score 1.000 by balanced (cost 0.3, latency 0.4, capability 0.3); 3 of 3 models can',
    ],
    [
      'the only one',
      { models: [aModel('openai/m1'), aModel('openai/m2', { status: 'offline' })] },
      'the only model that can; 1 of 2 models can',
    ],
    [
      'asked for by name',
      { request: { model: 'openai/m2', models: ['openai/m1'] } },
      'asked for by name; 2 of 3 models can',
    ],
  ])('says that the selected model is %s', (_, given, reason) => {
    expect(decided(given).reason).toBe(reason);
  });

  it('says why nothing fits: the reasons by how many models each ruled out', () => {
    const models = [
      aModel('openai/a', { status: 'offline' }),
      aModel('openai/b', { supportsVision: false }),
      aModel('openai/c', { supportsVision: false }),
    ];

    const decision = decided({ models, request: { requiresVision: true } });

    expect(decision).toMatchObject({
      selectedModel: undefined,
      fallbackChain: [],
      estimatedCost: null,
      estimatedLatencyMs: null,
      rejectionReason: 'no-vision: 2, not-active: 1',
      reason: 'no model fits',
      candidates: [],
    });
  });

  it('leaves models that were not asked for out of the reasons', () => {
    const models = [aModel('openai/a', { supportsVision: false }), aModel('openai/b')];
    const request = { model: 'openai/a', requiresVision: true };

    expect(decided({ models, request }).rejectionReason).toBe('no-vision: 1');
  });

  it("gives a reason when a policy's candidates are none of the registry", () => {
    const given = {
      request: { model: 'auto/p' },
      policies: { p: { candidates: ['openai/gone'] } },
    };

    expect(decided(given).rejectionReason).toBe('no model of the registry was asked for');
  });
});

describe('decide: constraints of a policy', () => {
  const models = [
    aModel('openai/m1', { compliance: ['pii_safe'], regions: ['eu'], maxContextTokens: 200_000 }),
    aModel('openai/m2', { supportsVision: false, supportsFunctionCalling: false }),
  ];

  it.each([
    ['vision', { requiresVision: true }, 'no-vision'],
    ['tools', { requiresFunctionCalling: true }, 'no-function-calling'],
    ['tags', { compliance: ['pii_safe'] }, 'not-compliant'],
    ['regions', { regions: ['eu'] }, 'wrong-region'],
    ['a window', { maxContextTokens: 150_000 }, 'window-too-small'],
    ['a price', { maxCostUsd: 0.000_000_1 }, 'too-expensive'],
  ])('on %s rule models out as if the request had them', (_, constraints, reason) => {
    const decision = decided({
      models,
      request: { model: 'auto/strict' },
      policies: { strict: { constraints } },
    });

    expect(decision.rejections.at(-1)).toMatchObject({ model: 'openai/m2', reason });
  });

  it('cannot be loosened by a request where they are tags', () => {
    const decision = decided({
      models,
      request: { model: 'auto/strict', compliance: [] },
      policies: { strict: { constraints: { compliance: ['pii_safe'] } } },
    });

    expect(decision.candidates.map(({ model }) => model)).toEqual(['openai/m1']);
  });

  it('name the task that the quality is looked up for, unless the request does', () => {
    const policies = { code: { constraints: { task: 'code' } } };
    const ofPolicy = decided({ request: { model: 'auto/code' }, policies });
    const ofRequest = decided({ request: { model: 'auto/code', task: 'poetry' }, policies });

    expect([ofPolicy.requirement.task, ofRequest.requirement.task]).toEqual(['code', 'poetry']);
  });
});
