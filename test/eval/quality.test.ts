import { beforeAll, describe, expect, it } from 'vitest';
import { taskModel } from '../../src/classify/read-task.ts';
import { type GradedPool, poolsOf, SCORER_SUITES } from '../../src/cli/quality/suites.ts';
import { hasRoutingData, pairFigure, poolFigures, readGraded } from './quality-figures.ts';

/** Weights and tables from the training split, figures from the development split. */
describe.skipIf(!hasRoutingData)('quality routing (needs ../shared/routing-eval)', () => {
  let train: Map<string, GradedPool>;
  let dev: Map<string, GradedPool>;
  beforeAll(async () => {
    const [learned, measured] = await Promise.all([readGraded('train'), readGraded('dev')]);
    train = byName(poolsOf(learned, SCORER_SUITES));
    dev = byName(poolsOf(measured, SCORER_SUITES));
  });

  it.each([
    ['P-mmlu', 0.64],
    ['P-gsm8k', 0.65],
  ])(
    'orders the prompts of %s by the need of the strong model: APGR of %d and more',
    (suite, least) => {
      expect(pairFigure(of(train, suite), of(dev, suite), taskModel())).toBeGreaterThanOrEqual(
        least,
      );
    },
  );

  it.each([
    ['L9', 1, 0.6],
    ['MP9', 0, 0.8],
    ['X4', 0, 0.75],
  ])(
    'answers %s at least %d points above the best single model, at %d of its cost',
    (suite, gain, cost) => {
      const eq = poolFigures(of(train, suite), of(dev, suite), taskModel()).points.get('eq');

      expect(eq?.gain).toBeGreaterThanOrEqual(gain);
      expect(eq?.cost).toBeLessThanOrEqual(cost);
    },
  );
});

function byName(pools: readonly GradedPool[]): Map<string, GradedPool> {
  return new Map(pools.map((pool) => [pool.name, pool]));
}

function of(pools: ReadonlyMap<string, GradedPool>, name: string): GradedPool {
  const pool = pools.get(name);
  if (pool === undefined) throw new Error(`no prompts of ${name}`);
  return pool;
}
