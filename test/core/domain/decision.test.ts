import { describe, expect, it } from 'vitest';
import { inputTokensFor } from '../../../src/domain/decision.ts';
import { aModel } from '../../support/builders.ts';
import { aRequirement } from '../../support/plans.ts';

const inputTokens = {
  o200k: { estimated: 100, atMost: 120 },
  cl100k: { estimated: 110, atMost: 130 },
  llama3: { estimated: 105, atMost: 125 },
  gemma: { estimated: 90, atMost: 119 },
};

describe('inputTokensFor', () => {
  it.each([
    ['o200k', 1, { estimated: 100, atMost: 120 }],
    ['gemma', 1, { estimated: 90, atMost: 119 }],
    ['cl100k', 1.25, { estimated: 138, atMost: 163 }],
  ])('counts by the %s of a model, times its own %d, rounded up', (family, multiplier, tokens) => {
    const model = aModel('openai/m1', { tokenizer: { family, multiplier } });

    expect(inputTokensFor(aRequirement({ inputTokens }), model)).toEqual(tokens);
  });
});
