import { describe, expect, it } from 'vitest';
import {
  type ModelHealth,
  ruleOutForGood,
  ruleOutForNow,
} from '../../../src/decide/eligibility.ts';
import { estimateCost } from '../../../src/decide/estimate-cost.ts';
import { estimateQuality } from '../../../src/decide/estimate-quality.ts';
import { select } from '../../../src/decide/select.ts';
import {
  REJECTION_REASONS,
  type RejectionReason,
  type Requirement,
} from '../../../src/domain/decision.ts';
import type { Ability } from '../../../src/domain/model.ts';
import { routingRequestSchema } from '../../../src/domain/request.ts';
import { aModel, aRegistry } from '../../support/builders.ts';
import { VECTOR_REASONS } from '../../support/embeddings.ts';
import { aRequirement } from '../../support/plans.ts';

const NOW = Date.parse('2026-11-25');
const HEALTHY: ModelHealth = {
  breaker: { state: 'closed', isPassable: true, retryInMs: 0 },
  host: { state: 'closed', isPassable: true, retryInMs: 0 },
  key: 'free',
  latencyMs: undefined,
};

type Given = {
  readonly entry?: Parameters<typeof aModel>[1];
  readonly requirement?: Partial<Requirement>;
  readonly request?: Readonly<Record<string, unknown>>;
  readonly health?: Partial<ModelHealth>;
};

function judge({ entry, requirement, request = {}, health }: Given) {
  const model = aModel('openai/m1', entry);
  const other = aModel('groq/m2');
  const needed = aRequirement(requirement);
  const registry = aRegistry([model, other]);
  const examination = {
    model,
    requirement: needed,
    selection: select(routingRequestSchema.parse(request), needed, registry),
    health: { ...HEALTHY, ...health },
    estimatedCostNanoUsd: estimateCost(needed, model),
    quality: estimateQuality(needed, model, registry),
    now: NOW,
  };
  return ruleOutForGood(examination) ?? ruleOutForNow(examination);
}

function needs(ability: Ability): Partial<Requirement> {
  return { abilities: { ...aRequirement().abilities, [ability]: true } };
}

const resting = { state: 'open', isPassable: false, retryInMs: 41_500 } as const;
const tokens = (atMost: number) => ({ estimated: 100, atMost });
const input = (atMost: number): Partial<Requirement> => ({
  inputTokens: {
    o200k: tokens(atMost),
    cl100k: tokens(1),
    llama3: tokens(1),
    gemma: tokens(1),
  },
});

/** One row per rule and edge: what makes the model unfit, and in which words it is said. */
const ROWS: readonly (readonly [RejectionReason, string, Given])[] = [
  ['not-active', 'its status is degraded', { entry: { status: 'degraded' } }],
  ['not-active', 'its status is offline', { entry: { status: 'offline' } }],
  ['retired', 'it was retired on 2026-11-25', { entry: { retiresAt: '2026-11-25' } }],
  ['no-key', 'OPENAI_API_KEY is not set', { health: { key: 'none' } }],
  ['key-held', 'every key of its provider must rest', { health: { key: 'held' } }],
  ['breaker-open', 'its breaker is open, again in 42 s', { health: { breaker: resting } }],
  ['provider-open', 'openai does not answer, again in 42 s', { health: { host: resting } }],
  [
    'not-a-candidate',
    'not among the models that were asked for',
    { request: { models: ['groq/m2'] } },
  ],
  [
    'provider-excluded',
    'provider.ignore names openai',
    { request: { provider: { ignore: ['openai'] } } },
  ],
  [
    'provider-excluded',
    'provider.only does not name openai',
    { request: { provider: { only: ['groq'] } } },
  ],
  [
    'not-compliant',
    'lacks pii_safe',
    { entry: { compliance: ['gdpr'] }, requirement: { compliance: new Set(['gdpr', 'pii_safe']) } },
  ],
  [
    'wrong-region',
    'runs in us',
    { entry: { regions: ['us'] }, requirement: { regions: new Set(['eu', 'ch']) } },
  ],
  ['wrong-region', 'runs in no known region', { requirement: { regions: new Set(['eu']) } }],
  [
    'no-function-calling',
    'cannot call tools',
    { entry: { supportsFunctionCalling: false }, requirement: needs('functionCalling') },
  ],
  [
    'no-parallel-tool-calls',
    'cannot call several tools at once',
    { entry: { supportsParallelToolCalls: false }, requirement: needs('parallelToolCalls') },
  ],
  [
    'no-vision',
    'cannot see images',
    { entry: { supportsVision: false }, requirement: needs('vision') },
  ],
  [
    'no-image-urls',
    'takes images inside the request only, not their addresses',
    { entry: { supportsVision: false }, requirement: needs('imageUrls') },
  ],
  [
    'no-file-urls',
    'takes documents inside the request only, not their addresses',
    { entry: { supportsPdf: false }, requirement: needs('fileUrls') },
  ],
  ['no-pdf', 'cannot read documents', { entry: { supportsPdf: false }, requirement: needs('pdf') }],
  [
    'no-audio',
    'cannot hear audio',
    { entry: { supportsAudio: false }, requirement: needs('audio') },
  ],
  [
    'no-structured-output',
    'cannot be held to a JSON schema',
    { entry: { supportsStructuredOutput: false }, requirement: needs('structuredOutput') },
  ],
  [
    'no-reasoning',
    'has no reasoning settings',
    { entry: { supportsReasoning: false }, requirement: needs('reasoning') },
  ],
  [
    'no-prefill',
    'cannot go on from an answer that was begun for it',
    { entry: { supportsPrefill: false }, requirement: needs('prefill') },
  ],
  [
    'other-dialect',
    'what is asked can be said in anthropic-messages only',
    { requirement: { dialect: 'anthropic-messages' } },
  ],
  [
    'unsupported-parameter',
    'does not honor top-k',
    { requirement: { parameters: new Set(['top-k', 'seed']) } },
  ],
  [
    'window-too-small',
    'window 8000, needs up to 8001 tokens',
    { entry: { maxContextTokens: 8000 }, requirement: { ...input(7001), outputRoomTokens: 1000 } },
  ],
  [
    'window-too-small',
    'window 8000, needs up to 9000 tokens',
    { entry: { maxContextTokens: 8000 }, requirement: { contextTokens: 9000 } },
  ],
  [
    'window-too-small',
    'takes 6000 input tokens, needs up to 6001',
    { entry: { maxInputTokens: 6000 }, requirement: input(6001) },
  ],
  [
    'window-too-small',
    'window 8000, needs up to 11000 tokens',
    { entry: { maxContextTokens: 8000, tokenizer: { multiplier: 2 } }, requirement: input(5000) },
  ],
  [
    'output-too-small',
    'writes at most 500 tokens, needs 501',
    { entry: { maxOutputTokens: 500 }, requirement: { outputRoomTokens: 501 } },
  ],
  [
    'quality-too-low',
    'quality 0.6 for general, needs 0.7',
    { entry: { quality: { general: 0.6 } }, request: { minQuality: 0.7 } },
  ],
  ['quality-too-low', 'no quality known for general', { request: { minQuality: 0.1 } }],
  ['too-expensive', 'would cost about $0.0009, limit $0.0008', { request: { maxCostUsd: 0.0008 } }],
  [
    'too-expensive',
    'costs $1 in and $2 out per million tokens',
    { request: { provider: { max_price: { prompt: 0.5 } } } },
  ],
  [
    'too-expensive',
    'costs $1 in and $2 out per million tokens',
    { request: { provider: { max_price: { completion: 1.9 } } } },
  ],
  [
    'price-unknown',
    'its price is not known, and a limit is set',
    { entry: { costPer1kInputTokens: null }, request: { maxCostUsd: 100 } },
  ],
  [
    'price-unknown',
    'its price is not known, and max_price is set',
    {
      entry: { costPer1kOutputTokens: null },
      request: { provider: { max_price: { prompt: 100 } } },
    },
  ],
  ['too-slow', 'begins after about 500 ms, deadline 500 ms', { request: { deadlineMs: 500 } }],
  [
    'too-slow',
    'begins after about 2000 ms, deadline 900 ms',
    { request: { deadlineMs: 900 }, health: { latencyMs: 2000 } },
  ],
];

describe('eligibility', () => {
  it.each(ROWS)('%s: %s', (reason, message, given) => {
    expect(judge(given)).toEqual({ model: 'openai/m1', reason, message });
  });

  it('has a row above for every reason', () => {
    const reasons = [...ROWS.map(([reason]) => reason), ...VECTOR_REASONS];

    expect(new Set(reasons)).toEqual(new Set(REJECTION_REASONS));
  });

  it.each<[string, Given]>([
    ['nothing', {}],
    ['a day before it retires', { entry: { retiresAt: '2026-11-26' } }],
    [
      'a probe that may go',
      { health: { breaker: { state: 'half-open', isPassable: true, retryInMs: 0 } } },
    ],
    [
      'a window that is just large enough',
      {
        entry: { maxContextTokens: 8000 },
        requirement: { ...input(7000), outputRoomTokens: 1000 },
      },
    ],
    [
      'an input that is just small enough',
      { entry: { maxInputTokens: 6000 }, requirement: input(6000) },
    ],
    [
      'an answer that just fits',
      { entry: { maxOutputTokens: 500 }, requirement: { outputRoomTokens: 500 } },
    ],
    [
      'one of the regions',
      { entry: { regions: ['ch', 'us'] }, requirement: { regions: new Set(['eu', 'ch']) } },
    ],
    [
      'quality that is just high enough',
      { entry: { quality: { general: 0.7 } }, request: { minQuality: 0.7 } },
    ],
    [
      'quality for the task, whatever it is in general',
      {
        entry: { quality: { general: 0.1, code: 0.9 } },
        request: { minQuality: 0.7 },
        requirement: { task: 'code' },
      },
    ],
    ['a limit of exactly its cost', { request: { maxCostUsd: 0.0009 } }],
    [
      'a price of exactly the limit',
      { request: { provider: { max_price: { prompt: 1, completion: 2 } } } },
    ],
    ['an unknown price without a limit', { entry: { costPer1kInputTokens: null } }],
    [
      'a measured latency below the deadline',
      {
        entry: { estimatedP50LatencyMs: 9000 },
        request: { deadlineMs: 900 },
        health: { latencyMs: 300 },
      },
    ],
    [
      'a parameter that is only wished for',
      { requirement: { parameters: new Set(['top-k']), parametersAreRequired: false } },
    ],
  ])('lets pass with %s', (_, given) => {
    expect(judge(given)).toBeUndefined();
  });

  it('names what would have to change for good before what passes', () => {
    const given = { entry: { supportsVision: false }, requirement: needs('vision') };

    expect(judge({ ...given, health: { key: 'held', breaker: resting } })?.reason).toBe(
      'no-vision',
    );
  });
});
