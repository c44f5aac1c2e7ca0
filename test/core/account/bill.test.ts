import { describe, expect, it } from 'vitest';
import { type BillInput, billOf } from '../../../src/account/bill.ts';
import type { AttemptFailure } from '../../../src/domain/failure.ts';
import { aModel } from '../../support/builders.ts';
import { aRequirement } from '../../support/plans.ts';

const STOP = { unified: 'stop', raw: 'stop' } as const;

/** 100 tokens are expected in, and 200 characters came out. */
function bill(fields: Partial<BillInput>) {
  return billOf({
    usage: {},
    outputCharacters: 200,
    outcome: { type: 'answered', finishReason: STOP },
    model: aModel(),
    requirement: aRequirement(),
    ...fields,
  });
}

function failed(accepted: AttemptFailure['accepted']): BillInput['outcome'] {
  const failure = { kind: 'route', code: 'test', message: 'test', status: 500 } as const;
  return { type: 'failed', failure: { ...failure, accepted } };
}

describe('billOf', () => {
  it('takes what was reported as it is', () => {
    const usage = { uncachedInputTokens: 10, outputTokens: 5, upstreamCostUsd: 0.5 };

    expect(bill({ usage })).toEqual({ usage, usageIsEstimated: false, costNanoUsd: 20_000 });
  });

  it.each<[string, Partial<BillInput>, number, number]>([
    ['nothing was reported (F63)', {}, 100, 50],
    ['only the input was', { usage: { uncachedInputTokens: 10 } }, 10, 50],
    ['only the output was', { usage: { outputTokens: 7 } }, 100, 7],
    [
      'zero output was, although content came (F64)',
      { usage: { uncachedInputTokens: 10, outputTokens: 0 } },
      10,
      50,
    ],
    [
      'zero input was, although content came (F64)',
      { usage: { uncachedInputTokens: 0, outputTokens: 7 } },
      100,
      7,
    ],
    [
      'zeros were, although content came (F64)',
      { usage: { uncachedInputTokens: 0, outputTokens: 0 } },
      100,
      50,
    ],
    ['the stream is still open', { outcome: 'open' }, 100, 50],
    ['the caller left in the middle (F70)', { outcome: { type: 'cancelled' } }, 100, 50],
    [
      'the caller left before anything came (F69)',
      { outcome: { type: 'cancelled' }, outputCharacters: 0 },
      100,
      0,
    ],
    [
      'the caller left what is billed in full (F71)',
      {
        outcome: { type: 'cancelled' },
        outputCharacters: 0,
        model: aModel('bedrock/nova', { provider: 'bedrock' }),
      },
      100,
      400,
    ],
    [
      'nobody knows whether it was accepted (F43)',
      { outcome: failed('unknown'), outputCharacters: 0 },
      100,
      0,
    ],
    ['it was accepted and then failed', { outcome: failed('yes') }, 100, 50],
  ])('estimates what is missing when %s', (_, fields, uncachedInputTokens, outputTokens) => {
    expect(bill(fields)).toMatchObject({
      usage: { uncachedInputTokens, outputTokens },
      usageIsEstimated: true,
      costNanoUsd: uncachedInputTokens * 1000 + outputTokens * 2000,
    });
  });

  it('trusts zeros where nothing came (F66)', () => {
    const usage = { uncachedInputTokens: 0, outputTokens: 0 };

    expect(bill({ usage, outputCharacters: 0 })).toEqual({
      usage,
      usageIsEstimated: false,
      costNanoUsd: 0,
    });
  });

  it('trusts an input that came wholly from the cache', () => {
    const usage = { uncachedInputTokens: 0, cacheReadTokens: 90, outputTokens: 50 };

    expect(bill({ usage })).toMatchObject({ usage, usageIsEstimated: false });
  });

  it('charges nothing for what was refused before the work began (F30, F42)', () => {
    expect(bill({ outcome: failed('no'), outputCharacters: 0 })).toEqual({
      usage: {},
      usageIsEstimated: false,
      costNanoUsd: 0,
    });
  });

  it("estimates input by the model's own tokenizer", () => {
    const model = aModel('openai/other', { tokenizer: { multiplier: 1.5 } });

    expect(bill({ model }).usage.uncachedInputTokens).toBe(150);
  });

  it('knows no cost where the price is not known, but still what was used', () => {
    const model = aModel('openai/unpriced', { costPer1kInputTokens: null });
    const usage = { uncachedInputTokens: 10, outputTokens: 5 };

    expect(bill({ model, usage })).toEqual({
      usage,
      usageIsEstimated: false,
      costNanoUsd: undefined,
    });
  });
});
