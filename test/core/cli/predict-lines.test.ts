import { describe, expect, it } from 'vitest';
import { taskModel } from '../../../src/classify/read-task.ts';
import { calibratePool } from '../../../src/cli/quality/calibrate-pool.ts';
import { predictLines } from '../../../src/cli/quality/predict-lines.ts';
import { qualityFileSchema } from '../../../src/cli/quality/quality-file.ts';
import { aGradedPool } from './graded-prompts.ts';

const WEIGHTS = taskModel();
const POOL = calibratePool(aGradedPool(), WEIGHTS).pool;
const CODE = { id: 'c', prompt: 'Write a Kotlin function that reverses a list of strings.' };
const TRANSLATION = { id: 't', prompt: 'Translate into Polish: "We read the pages each day."' };

async function predicted(
  prompts: readonly object[],
  pools: Readonly<Record<string, typeof POOL>> = { all: POOL },
): Promise<Record<string, unknown>[]> {
  const notes: string[] = [];
  const pieces = async function* () {
    for (const prompt of prompts) yield `${JSON.stringify(prompt)}\n`;
  };
  const lines: Record<string, unknown>[] = [];
  const table = { weights: WEIGHTS.version, pools };
  for await (const line of predictLines(pieces(), {
    table,
    weights: WEIGHTS,
    note: (n) => notes.push(n),
  })) {
    lines.push(JSON.parse(line));
  }
  return lines;
}

describe('predictLines', () => {
  it('chooses for each operating point, and says how much a strong model is needed', async () => {
    const lines = await predicted([CODE, TRANSLATION]);
    const eq = lines.filter(({ policy }) => policy === 'eq');

    expect(eq.map(({ id, chosen_model: model }) => [id, model])).toEqual([
      ['c', 'dear'],
      ['t', 'cheap'],
    ]);
    expect(Number(eq[0]?.['score'])).toBeGreaterThan(Number(eq[1]?.['score']));
    expect(new Set(lines.map(({ policy }) => policy))).toEqual(
      new Set(['max', 'eq', 'q98', 'eq-guarded']),
    );
  });

  it('leaves the default model only for what is surely of one kind', async () => {
    const thrifty = { ...POOL, lambda: { eq: 1e6 } };
    const chosen = async (prompt: object) => {
      const lines = await predicted([prompt], { all: thrifty });
      return lines.map(({ policy, chosen_model: model }) => [policy, model]);
    };

    expect(await chosen({ id: 'u', prompt: 'Why is that?' })).toEqual([
      ['eq', 'cheap'],
      ['eq-guarded', 'dear'],
    ]);
    expect(await chosen(TRANSLATION)).toEqual([
      ['eq', 'cheap'],
      ['eq-guarded', 'cheap'],
    ]);
  });

  it('chooses among the models that a prompt names', async () => {
    const lines = await predicted([{ ...CODE, models: ['cheap'] }]);

    expect(new Set(lines.map(({ chosen_model: model }) => model))).toEqual(new Set(['cheap']));
  });

  it('takes the pool of a suite, also for a part of it', async () => {
    const pools = { L9: POOL, X4: POOL };

    const lines = await predicted([{ ...CODE, suite: 'L9-ood' }], pools);

    expect(new Set(lines.map(({ suite }) => suite))).toEqual(new Set(['L9-ood']));
  });

  it('answers for every pool where a prompt names no suite', async () => {
    const lines = await predicted([CODE], { L9: POOL, X4: POOL });

    expect(new Set(lines.map(({ suite }) => suite))).toEqual(new Set(['L9', 'X4']));
  });

  it('says of a suite that the table does not have only how much a strong model is needed', async () => {
    const lines = await predicted([{ ...CODE, suite: 'P-other' }], { L9: POOL, X4: POOL });

    expect(lines).toEqual([
      { id: 'c', suite: 'P-other', policy: 'need', score: expect.any(Number) },
    ]);
  });

  it('refuses a line without a prompt, by its number', async () => {
    await expect(predicted([CODE, { id: 'x' }])).rejects.toThrow('line 2');
  });

  it('reads what was written', () => {
    const file = { weights: WEIGHTS.version, pools: { all: POOL } };

    expect(qualityFileSchema.parse(JSON.parse(JSON.stringify(file)))).toEqual(file);
  });
});
