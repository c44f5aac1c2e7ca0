import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cheapestAt,
  choose,
  frontierOf,
  pointAt,
  type Trial,
} from '../../../src/domain/solve-lambda.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const price = fc.double({ min: 1e-6, max: 1, noNaN: true });
const someTrials = fc.integer({ min: 1, max: 5 }).chain((models) => {
  const row = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: models, maxLength: models });
  return fc.array(
    fc.record({
      predicted: row(share),
      expected: row(price),
      quality: row(share),
      cost: row(price),
    }),
    { minLength: 1, maxLength: 20 },
  );
});

describe('choose', () => {
  const trial: Trial = {
    predicted: [0.9, 0.8, 0.8],
    expected: [1, 0.1, 0.1],
    quality: [],
    cost: [],
  };

  it('takes the best where a dollar is worth nothing', () => {
    expect(choose(trial, 0)).toBe(0);
  });

  it('takes the cheaper where the difference is not worth its price, the first of equals', () => {
    expect(choose(trial, 1)).toBe(1);
  });
});

describe('frontierOf', () => {
  it('never expects to pay more for a higher λ', () => {
    fc.assert(
      fc.property(someTrials, (trials) => {
        const expected = trials.map((trial) => ({ ...trial, cost: trial.expected }));
        const costs = frontierOf(expected).map(({ cost }) => cost);
        expect(costs.every((cost, at) => at === 0 || cost <= (costs[at - 1] ?? 0) + 1e-9)).toBe(
          true,
        );
      }),
    );
  });

  it('begins where only quality counts', () => {
    fc.assert(
      fc.property(someTrials, (trials) => {
        expect(frontierOf(trials)[0]).toEqual(pointAt(trials, 0));
      }),
    );
  });
});

describe('cheapestAt', () => {
  const points = [
    { lambda: 0, quality: 0.9, cost: 10 },
    { lambda: 1, quality: 0.85, cost: 4 },
    { lambda: 2, quality: 0.86, cost: 3 },
    { lambda: 3, quality: 0.5, cost: 1 },
  ];

  it.each([
    [0.85, 2],
    [0.87, 0],
    [0.4, 3],
  ])('finds the cheapest point with a quality of %d', (quality, lambda) => {
    expect(cheapestAt(points, quality).lambda).toBe(lambda);
  });

  it('gives the best point where none is good enough', () => {
    expect(cheapestAt(points, 0.95).lambda).toBe(0);
  });
});
