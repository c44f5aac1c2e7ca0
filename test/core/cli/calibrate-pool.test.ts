import { describe, expect, it } from 'vitest';
import { taskModel } from '../../../src/classify/read-task.ts';
import { calibratePool } from '../../../src/cli/quality/calibrate-pool.ts';
import { cheapestMix, printFrontier } from '../../../src/cli/quality/print-frontier.ts';
import { poolsOf } from '../../../src/cli/quality/suites.ts';
import { aGradedPool, CODE, TRANSLATION } from './graded-prompts.ts';

describe('calibratePool', () => {
  const calibration = calibratePool(aGradedPool(), taskModel());
  const { pool, points, best } = calibration;

  it('learns which model is good at which kind of work', () => {
    const rowOf = (model: string) => pool.models[model]?.quality ?? {};

    expect(pool.defaultModel).toBe('dear');
    expect(rowOf('dear')[CODE]).toBeGreaterThan(0.85);
    expect(rowOf('cheap')[CODE]).toBeLessThan(0.35);
    expect(rowOf('cheap')[TRANSLATION]).toBeGreaterThan(0.85);
  });

  it('learns what a call costs, by the length of the prompt', () => {
    const { dear, cheap } = pool.models;

    expect((dear?.cost.scale ?? 0) / (cheap?.cost.scale ?? 1)).toBeCloseTo(100, 0);
    expect(dear?.cost.power).toBeCloseTo(1, 5);
  });

  it('keeps the quality of the best single model at a part of its cost', () => {
    const eq = points.get('eq');

    expect(eq?.quality).toBeGreaterThanOrEqual(best.quality);
    expect((eq?.cost ?? 1) / best.cost).toBeLessThan(0.7);
  });

  it('gives a higher λ to a point that may lose more', () => {
    const { max = 0, eq = 0, q98 = 0 } = pool.lambda;

    expect(max).toBeLessThanOrEqual(eq);
    expect(eq).toBeLessThanOrEqual(q98);
  });

  it('is the same for the same prompts', () => {
    expect(calibratePool(aGradedPool(), taskModel()).pool).toEqual(pool);
  });

  it('is printed beside the best single model and the random mix', () => {
    const [head, ...rows] = printFrontier('mine', calibration).split('\n');

    expect(head).toContain('mine: best single model dear');
    expect(rows.some((row) => row.startsWith('  eq ') && row.includes('points'))).toBe(true);
  });
});

describe('cheapestMix', () => {
  const singles = [
    { quality: 0.5, cost: 1 },
    { quality: 0.9, cost: 9 },
  ];

  it.each([
    [0.4, 1],
    [0.7, 5],
    [0.9, 9],
  ])('has a quality of %d at a cost of %d', (quality, cost) => {
    expect(cheapestMix(singles, quality)).toBeCloseTo(cost, 10);
  });

  it('has no quality above that of the best', () => {
    expect(cheapestMix(singles, 0.91)).toBeUndefined();
  });
});

describe('poolsOf', () => {
  const prompts = aGradedPool().prompts;
  const [first] = prompts;

  it('makes one pool of prompts that the same models were graded on', () => {
    expect(poolsOf(prompts, {})).toMatchObject([{ name: 'all', models: ['cheap', 'dear'] }]);
  });

  it('makes a pool of each suite, by its benchmarks and its models', () => {
    const suites = {
      own: { benches: ['b'], models: ['cheap', 'dear'] },
      other: { benches: ['c'] },
    };
    const graded =
      first === undefined
        ? []
        : [
            { ...first, bench: 'b' },
            { ...first, bench: 'x' },
          ];

    expect(poolsOf(graded, suites)).toEqual([
      { name: 'own', models: ['cheap', 'dear'], prompts: [graded[0]] },
    ]);
  });

  it('keeps prompts of other models apart', () => {
    const other = { id: 'z', prompt: 'Hi', models: { a: [1, 1], b: [0, 1] } } as const;

    const pools = poolsOf([...prompts, { ...other, models: { a: [1, 1], b: [0, 1] } }], {});

    expect(pools.map(({ models }) => models)).toEqual([
      ['cheap', 'dear'],
      ['a', 'b'],
    ]);
  });
});
