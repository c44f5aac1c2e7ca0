import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  centsFromNano,
  formatUsd,
  nanoUsd,
  nanoUsdLimit,
  picoUsdPerToken,
  usdFromNano,
  usdPer1kTokens,
} from '../../../src/domain/money.ts';

/** A decimal written by hand, so that nothing of the code under test makes the expectation. */
const decimal = fc
  .tuple(fc.nat(9999), fc.nat(999_999_999))
  .map(([whole, nano]) => ({ text: `${whole}.${String(nano).padStart(9, '0')}`, whole, nano }));

describe('nanoUsd', () => {
  it('takes every whole number of nano-dollars', () => {
    expect(nanoUsd(0)).toBe(0);
    expect(nanoUsd(Number.MAX_SAFE_INTEGER)).toBe(9_007_199_254_740_991);
  });

  it.each([-1, 0.5, Number.NaN, Infinity, 2 ** 53])('refuses %d', (count) => {
    expect(() => nanoUsd(count)).toThrow('not nano-dollars');
  });
});

describe('formatUsd', () => {
  it.each([
    [0, '0'],
    [1, '0.000000001'],
    [120, '0.00000012'],
    [1_000_000_000, '1'],
    [10_500_000_000, '10.5'],
    [100_000_000_000, '100'],
  ])('writes %i nano-dollars as %s, never with an exponent', (count, text) => {
    expect(formatUsd(nanoUsd(count))).toBe(text);
  });

  it('gives the very decimal that was meant', () => {
    fc.assert(
      fc.property(decimal, ({ text, whole, nano }) => {
        const amount = nanoUsd(whole * 1_000_000_000 + nano);

        expect(Number(formatUsd(amount))).toBe(Number(text));
        expect(usdFromNano(amount)).toBe(Number(text));
      }),
    );
  });
});

describe('centsFromNano', () => {
  it('counts hundredths of a dollar', () => {
    expect(centsFromNano(nanoUsd(12_345_678))).toBe(1.234_567_8);
  });
});

describe('nanoUsdLimit', () => {
  it('never widens a limit', () => {
    expect(nanoUsdLimit(0.01)).toBe(10_000_000);
    expect(nanoUsdLimit(0.000_000_001_9)).toBe(1);
    expect(nanoUsdLimit(0.000_000_000_9)).toBe(0);
  });

  it('keeps a limit that was written with up to nine decimals as it was written', () => {
    fc.assert(
      fc.property(decimal, ({ text, whole, nano }) => {
        expect(nanoUsdLimit(Number(text))).toBe(whole * 1_000_000_000 + nano);
      }),
    );
  });
});

describe('picoUsdPerToken', () => {
  it.each([
    [0.000_15, 150_000],
    [0.005, 5_000_000],
    [0.000_037_5, 37_500],
    [0.000_000_001, 1],
    [0, 0],
  ])('takes $%d per 1,000 tokens as %i pico-dollars a token', (price, pico) => {
    expect(picoUsdPerToken(price)).toBe(pico);
    expect(usdPer1kTokens(pico)).toBe(price);
  });

  it('is exact for every price with up to nine decimals', () => {
    fc.assert(
      fc.property(fc.nat(999), fc.nat(999_999_999), (whole, nano) => {
        const text = `${whole}.${String(nano).padStart(9, '0')}`;

        expect(picoUsdPerToken(Number(text))).toBe(whole * 1_000_000_000 + nano);
      }),
    );
  });
});
