import { describe, expect, it } from 'vitest';
import { modelEntrySchema, modelIdSchema, pricesFor } from '../../../src/domain/model.ts';
import { aModel } from '../../support/builders.ts';

const LEAST = {
  provider: 'acme',
  maxContextTokens: 8000,
  costPer1kInputTokens: 0.001,
  costPer1kOutputTokens: null,
  estimatedP50LatencyMs: 300,
};

describe('modelIdSchema', () => {
  it.each(['gpt-4o', 'openai/gpt-5.6', 'bedrock/eu/claude:v1', '7b', 'a'.repeat(128)])(
    'takes %s',
    (id) => {
      expect(modelIdSchema.safeParse(id).success).toBe(true);
    },
  );

  it.each(['', 'GPT-4o', '-a', 'a b', 'gpt-4o ', 'gpt‑4o', 'а', 'a\n', 'a'.repeat(129)])(
    'refuses %j (A07)',
    (id) => {
      expect(modelIdSchema.safeParse(id).success).toBe(false);
    },
  );
});

describe('modelEntrySchema', () => {
  it('supports nothing that an entry does not name', () => {
    expect(modelEntrySchema.parse(LEAST)).toEqual({
      ...LEAST,
      status: 'active',
      supportsFunctionCalling: false,
      supportsParallelToolCalls: false,
      supportsVision: false,
      supportsPdf: false,
      supportsAudio: false,
      supportsStructuredOutput: false,
      supportsReasoning: false,
      supportsPrefill: false,
      supportsEmbeddings: false,
      supportsTemperature: true,
      priceTiers: [],
      compliance: [],
      regions: [],
      quality: {},
      tokenizer: { family: 'o200k', multiplier: 1 },
      weight: 1,
    });
  });

  it.each([
    ['a price below nothing (F78)', { costPer1kInputTokens: -0.001 }],
    [
      'a price that is missing, which is not the same as unknown',
      { costPer1kInputTokens: undefined },
    ],
    ['a window of nothing', { maxContextTokens: 0 }],
    ['half a token', { maxContextTokens: 0.5 }],
    ['a quality above 1', { quality: { code: 1.2 } }],
    ['an unknown field', { supportVision: true }],
    ['another status', { status: 'beta' }],
    ['a day that is none', { retiresAt: '2026-13-01' }],
    ['a wire that nobody speaks', { wire: 'smtp' }],
  ])('refuses %s', (_, fields) => {
    expect(modelEntrySchema.safeParse({ ...LEAST, ...fields }).success).toBe(false);
  });
});

describe('pricesFor', () => {
  it.each([
    [200_000, 1_000_000],
    [200_001, 2_000_000],
    [500_000, 2_000_000],
    [500_001, 4_000_000],
  ])('prices the whole of %i input tokens at %i pico-dollars each', (inputTokens, pico) => {
    const { price } = aModel('openai/tiered', {
      priceTiers: [
        { aboveInputTokens: 200_000, costPer1kInputTokens: 0.002 },
        { aboveInputTokens: 500_000, costPer1kInputTokens: 0.004 },
      ],
    });
    if (price === undefined) throw new Error('the price is known');

    expect(pricesFor(price, inputTokens).inputPicoUsd).toBe(pico);
  });
});
