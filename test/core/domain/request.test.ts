import { describe, expect, it } from 'vitest';
import {
  providerPreferencesSchema,
  routingConstraintsSchema,
  routingRequestSchema,
} from '../../../src/domain/request.ts';

describe('routingConstraintsSchema', () => {
  it('takes every public field', () => {
    const constraints = {
      requiresVision: true,
      requiresFunctionCalling: true,
      maxContextTokens: 100_000,
      maxCostPer1kTokens: 0.01,
      maxLatencyMs: 800,
      fallbackOrder: ['openai/a', 'anthropic/b'],
      task: 'summarization',
      minQuality: 0.7,
      maxCostUsd: 0.05,
      deadlineMs: 30_000,
      firstTokenMs: 2000,
      idleMs: 5000,
      compliance: ['pii_safe'],
      regions: ['eu'],
      hedge: true,
      onContentFilter: 'fallback',
      onStreamBreak: 'error',
      explain: true,
    };

    expect(routingConstraintsSchema.parse(constraints)).toEqual(constraints);
  });

  it.each([
    ['an unknown field', { maxLatency: 800 }],
    ['a quality above 1', { minQuality: 1.1 }],
    ['a limit of nothing', { maxCostUsd: 0 }],
    ['a negative deadline', { deadlineMs: -1 }],
    ['half a millisecond', { deadlineMs: 0.5 }],
    ['more than an hour', { deadlineMs: 3_600_001 }],
    ['a number as text', { maxLatencyMs: '800' }],
    ['no fallbacks', { fallbackOrder: [] }],
    ['a name that is no model id (A07)', { fallbackOrder: ['OpenAI/A '] }],
    ['a tag without a name', { compliance: [''] }],
    ['another way to break', { onStreamBreak: 'splice' }],
  ])('refuses %s', (_, constraints) => {
    expect(routingConstraintsSchema.safeParse(constraints).success).toBe(false);
  });
});

describe('providerPreferencesSchema', () => {
  it('requires parameters and allows fallbacks unless the caller says otherwise', () => {
    expect(providerPreferencesSchema.parse({})).toEqual({
      allow_fallbacks: true,
      require_parameters: true,
      data_collection: 'allow',
      zdr: false,
    });
  });

  it.each([
    ['an unknown field', { quantizations: ['fp8'] }],
    ['an unknown price', { max_price: { image: 1 } }],
    ['another order', { sort: 'quality' }],
    ['an empty list', { only: [] }],
  ])('refuses %s', (_, preferences) => {
    expect(providerPreferencesSchema.safeParse(preferences).success).toBe(false);
  });
});

describe('routingRequestSchema', () => {
  it('asks for auto when no model is named', () => {
    expect(routingRequestSchema.parse({ maxLatencyMs: 500 })).toEqual({
      model: 'auto',
      maxLatencyMs: 500,
    });
  });
});
