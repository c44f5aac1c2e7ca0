import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileQuality, predictQuality } from '../../../src/domain/quality.ts';

const TABLE = new Map([
  ['weak', { general: 0.4, code: 0.2 }],
  ['middling', { code: 0.5, law: 0.7 }],
  ['strong', { general: 0.9 }],
  ['unknown', {}],
]);
const QUALITY = compileQuality(TABLE);

function predict(model: string, need: Parameters<typeof predictQuality>[1], slope = 1): number {
  const quality = QUALITY.get(model);
  if (quality === undefined) throw new Error(`${model} has no row`);
  return predictQuality(quality, need, slope);
}

const reading = (ease: number) => ({
  shares: [
    { kind: 'code', share: 0.75 },
    { kind: 'law', share: 0.25 },
  ],
  ease: { forWeak: ease, forStrong: 0 },
});

describe('compileQuality', () => {
  it('leaves out a model of which nothing is known', () => {
    expect([...QUALITY.keys()]).toEqual(['weak', 'middling', 'strong']);
  });

  it('places each model between the weakest and the strongest', () => {
    expect(QUALITY.get('weak')?.strength).toBe(0);
    expect(QUALITY.get('strong')?.strength).toBe(1);
    expect(QUALITY.get('middling')?.strength).toBeGreaterThan(0);
  });

  it('takes the mean of what is named for a kind that is not', () => {
    expect(predict('middling', { task: 'poetry' })).toBeCloseTo(0.6, 10);
  });
});

describe('predictQuality', () => {
  it('is the number of the kind where nothing was read', () => {
    expect(predict('weak', { task: 'code' })).toBe(0.2);
    expect(predict('weak', { task: 'constructor' })).toBe(0.4);
  });

  it('is the mean by shares where a request may be of several kinds', () => {
    expect(predict('middling', { task: 'code', reading: reading(0) })).toBeCloseTo(0.55, 10);
  });

  it('falls for a hard request, for a weak model more than for a strong one', () => {
    const hard = { task: 'code', reading: reading(-2) };
    const usual = { task: 'code', reading: reading(0) };

    expect(predict('weak', hard)).toBeLessThan(predict('weak', usual) / 2);
    expect(predict('strong', hard)).toBeCloseTo(predict('strong', usual), 10);
  });

  it('moves by the slope alone', () => {
    const hard = { task: 'code', reading: reading(-2) };

    expect(predict('weak', hard, 0)).toBeCloseTo(
      predict('weak', { task: 'code', reading: reading(0) }),
    );
    expect(predict('weak', hard, 0.5)).toBeGreaterThan(predict('weak', hard, 1));
  });

  it('is always a share', () => {
    const ease = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(
        ease,
        ease,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (forWeak, forStrong, slope) => {
          const quality = predict(
            'middling',
            { task: 'code', reading: { ...reading(0), ease: { forWeak, forStrong } } },
            slope,
          );
          expect(quality).toBeGreaterThanOrEqual(0);
          expect(quality).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
