import { describe, expect, it } from 'vitest';
import { estimateCost } from '../../../src/decide/estimate-cost.ts';
import { aModel } from '../../support/builders.ts';
import { aRequirement } from '../../support/plans.ts';

const tokens = { estimated: 2000, atMost: 9000 };
const REQUIREMENT = aRequirement({
  inputTokens: { o200k: tokens, cl100k: tokens, llama3: tokens, gemma: tokens },
  estimatedOutputTokens: 500,
});

describe('estimateCost', () => {
  it.each<[string, Parameters<typeof aModel>[1], number | undefined]>([
    ['tokens times price, by the guess and not by the bound', {}, 3_000_000],
    ['more where the tokenizer counts more', { tokenizer: { multiplier: 1.5 } }, 4_000_000],
    ['nothing where the model is free', { costPer1kInputTokens: 0, costPer1kOutputTokens: 0 }, 0],
    ['an unknown price as unknown, never as 0', { costPer1kInputTokens: null }, undefined],
    [
      'the whole request by its tier',
      {
        priceTiers: [
          { aboveInputTokens: 1999, costPer1kInputTokens: 0.01, costPer1kOutputTokens: 0.02 },
        ],
      },
      30_000_000,
    ],
    [
      'nothing by a tier that it does not reach',
      { priceTiers: [{ aboveInputTokens: 2000, costPer1kInputTokens: 0.01 }] },
      3_000_000,
    ],
  ])('estimates %s', (_, entry, costNanoUsd) => {
    expect(estimateCost(REQUIREMENT, aModel('openai/m1', entry))).toBe(costNanoUsd);
  });
});
