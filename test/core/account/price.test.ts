import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { price } from '../../../src/account/price.ts';
import type { ModelPrice, TokenPrices } from '../../../src/domain/model.ts';
import type { Usage } from '../../../src/domain/response.ts';
import { aModel } from '../../support/builders.ts';

const PARTS = [
  'inputPicoUsd',
  'outputPicoUsd',
  'cacheReadPicoUsd',
  'cacheWritePicoUsd',
  'cacheWrite1hPicoUsd',
  'reasoningPicoUsd',
  'audioInputPicoUsd',
  'audioOutputPicoUsd',
  'imageInputPicoUsd',
] as const satisfies readonly (keyof TokenPrices)[];

const tokenPrices: fc.Arbitrary<TokenPrices> = fc
  .array(fc.nat(200_000_000), { minLength: PARTS.length, maxLength: PARTS.length })
  .map((drawn) => {
    const prices = PARTS.map((part, at) => [part, drawn[at]] as const);
    return Object.fromEntries(prices) as TokenPrices; // every part is there
  });

const prices: fc.Arbitrary<ModelPrice> = fc
  .record({
    base: tokenPrices,
    tiers: fc.uniqueArray(
      fc.record({ aboveInputTokens: fc.integer({ min: 1, max: 400_000 }), tier: tokenPrices }),
      {
        maxLength: 2,
        selector: ({ aboveInputTokens }) => aboveInputTokens,
      },
    ),
  })
  .map(({ base, tiers }) => ({
    ...base,
    tiers: tiers
      .map(({ aboveInputTokens, tier }) => ({ aboveInputTokens, ...tier }))
      .sort((a, b) => b.aboveInputTokens - a.aboveInputTokens),
  }));

const count = fc.nat(1_000_000);
/** Usage as an adapter gives it: shares are within their wholes. */
const usages: fc.Arbitrary<Required<Omit<Usage, 'upstreamCostUsd'>>> = fc
  .record({
    audioInputTokens: count,
    imageInputTokens: count,
    plainInput: count,
    cacheReadTokens: count,
    cacheWriteTokens: count,
    cacheWrite1hTokens: count,
    reasoningTokens: count,
    audioOutputTokens: count,
    plainOutput: count,
  })
  .map(({ plainInput, plainOutput, ...parts }) => ({
    ...parts,
    uncachedInputTokens: plainInput + parts.audioInputTokens + parts.imageInputTokens,
    outputTokens: plainOutput + parts.reasoningTokens + parts.audioOutputTokens,
  }));

/** The cost as a fraction of a nano-dollar: numerator over 1,000, nothing rounded. */
function exactPicoUsd(usage: Required<Omit<Usage, 'upstreamCostUsd'>>, all: ModelPrice): bigint {
  const input =
    usage.uncachedInputTokens +
    usage.cacheReadTokens +
    usage.cacheWriteTokens +
    usage.cacheWrite1hTokens;
  const tiers = all.tiers.filter(({ aboveInputTokens }) => input > aboveInputTokens);
  const tier = tiers.sort((a, b) => b.aboveInputTokens - a.aboveInputTokens)[0] ?? all;
  const plainInput = usage.uncachedInputTokens - usage.audioInputTokens - usage.imageInputTokens;
  const plainOutput = usage.outputTokens - usage.reasoningTokens - usage.audioOutputTokens;
  const terms: readonly (readonly [number, number])[] = [
    [plainInput, tier.inputPicoUsd],
    [usage.audioInputTokens, tier.audioInputPicoUsd],
    [usage.imageInputTokens, tier.imageInputPicoUsd],
    [usage.cacheReadTokens, tier.cacheReadPicoUsd],
    [usage.cacheWriteTokens, tier.cacheWritePicoUsd],
    [usage.cacheWrite1hTokens, tier.cacheWrite1hPicoUsd],
    [plainOutput, tier.outputPicoUsd],
    [usage.reasoningTokens, tier.reasoningPicoUsd],
    [usage.audioOutputTokens, tier.audioOutputPicoUsd],
  ];
  return terms.reduce((sum, [tokens, pico]) => sum + BigInt(tokens) * BigInt(pico), 0n);
}

describe('price', () => {
  it('is exact, and rounded once to the nearest nano-dollar', () => {
    fc.assert(
      fc.property(usages, prices, (usage, all) => {
        const cost = price(usage, all);
        if (cost === undefined) throw new Error('the price is known');

        const errorPico = BigInt(cost) * 1000n - exactPicoUsd(usage, all);
        expect(errorPico <= 500n && errorPico > -500n).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('counts every token in exactly one part: with one price for all it is tokens times price', () => {
    fc.assert(
      fc.property(usages, fc.nat(200_000), (usage, nano) => {
        const each = PARTS.map((part) => [part, nano * 1000] as const);
        const all = { ...(Object.fromEntries(each) as TokenPrices), tiers: [] }; // every part is there
        const tokens =
          usage.uncachedInputTokens +
          usage.cacheReadTokens +
          usage.cacheWriteTokens +
          usage.cacheWrite1hTokens +
          usage.outputTokens;

        expect(price(usage, all)).toBe(tokens * nano);
      }),
    );
  });

  it('never falls when more is used, within a tier', () => {
    const fields = ['uncachedInputTokens', 'cacheReadTokens', 'outputTokens'] as const;
    fc.assert(
      fc.property(
        usages,
        tokenPrices,
        fc.constantFrom(...fields),
        count,
        (usage, base, field, more) => {
          const all = { ...base, tiers: [] };
          const before = price(usage, all) ?? -1;
          const after = price({ ...usage, [field]: usage[field] + more }, all) ?? -1;

          expect(after).toBeGreaterThanOrEqual(before);
        },
      ),
    );
  });

  it.each([
    [1000, 1_000_000],
    [1001, 2_002_000],
  ])('prices %i input tokens, all of them, at %i nano-dollars by their tier', (tokens, nano) => {
    const { price: all } = aModel('openai/tiered', {
      priceTiers: [{ aboveInputTokens: 1000, costPer1kInputTokens: 0.002 }],
    });

    expect(price({ uncachedInputTokens: tokens, outputTokens: 0 }, all)).toBe(nano);
  });

  it('finds the tier by the whole input, what came from the cache included', () => {
    const { price: all } = aModel('openai/tiered', {
      costPer1kCachedInputTokens: 0.0001,
      priceTiers: [
        { aboveInputTokens: 1000, costPer1kInputTokens: 0.002, costPer1kCachedInputTokens: 0.0002 },
      ],
    });

    expect(price({ uncachedInputTokens: 1, cacheReadTokens: 1000 }, all)).toBe(2000 + 200_000);
  });

  it('is unknown where the price or all of the usage is: unknown is not free', () => {
    const { price: all } = aModel();

    expect(price({ uncachedInputTokens: 10, outputTokens: 5 }, undefined)).toBeUndefined();
    expect(price({}, all)).toBeUndefined();
    expect(price({ outputTokens: 0 }, all)).toBe(0);
  });

  it.each([
    ['more reasoning than output', { outputTokens: 10, reasoningTokens: 99 }, 10 * 2000],
    ['more images than input', { uncachedInputTokens: 10, imageInputTokens: 99 }, 10 * 1000],
  ])('counts nothing twice that a provider reports in excess: %s (F65)', (_, usage, nano) => {
    expect(price(usage, aModel().price)).toBe(nano);
  });
});
