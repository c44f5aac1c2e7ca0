import { existsSync } from 'node:fs';
import { readText } from '../../src/classify/read-text.ts';
import type { TaskModel } from '../../src/classify/task-model.ts';
import { calibratePool, qualitiesOf } from '../../src/cli/quality/calibrate-pool.ts';
import { type GradedPrompt, gradedPromptSchema, readLines } from '../../src/cli/quality/graded.ts';
import { costOf } from '../../src/cli/quality/learned-costs.ts';
import { needOfStrong } from '../../src/cli/quality/predict-lines.ts';
import { cheapestMix } from '../../src/cli/quality/print-frontier.ts';
import type { Pool } from '../../src/cli/quality/quality-file.ts';
import type { GradedPool } from '../../src/cli/quality/suites.ts';
import { predictQuality } from '../../src/domain/quality.ts';
import { choose } from '../../src/domain/solve-lambda.ts';
import { GENERAL_TASK } from '../../src/domain/task.ts';

/** The routing data lies beside the repository; it is no part of it. */
const DATA = new URL('../../../shared/routing-eval/', import.meta.url);

export const hasRoutingData = existsSync(new URL('dev.jsonl.gz', DATA));

export function readGraded(split: 'train' | 'dev'): Promise<GradedPrompt[]> {
  return readLines(new URL(`${split}.jsonl.gz`, DATA).pathname, gradedPromptSchema);
}

/** What a pool's choices come to, against its best single model. */
export type PoolFigures = {
  readonly prompts: number;
  readonly best: { readonly model: string; readonly quality: number };
  readonly points: ReadonlyMap<string, PointFigures>;
};

type PointFigures = {
  /** Quality above the best single model's, in points of a hundred. */
  readonly gain: number;
  /** Cost as a multiple of the best single model's. */
  readonly cost: number;
  /** What the cheapest random mix of two models with the same quality costs; undefined: none has it. */
  readonly mix: number | undefined;
};

/** Learns from `train`, chooses for `dev`. */
export function poolFigures(train: GradedPool, dev: GradedPool, weights: TaskModel): PoolFigures {
  const { pool } = calibratePool(train, weights);
  const ids = Object.keys(pool.models);
  const cells = dev.prompts.map(({ models }) => ids.map((id) => models[id] ?? [0, 0]));
  const singles = ids.map((_, at) => ({
    quality: mean(cells.map((row) => row[at]?.[0] ?? 0)),
    cost: mean(cells.map((row) => row[at]?.[1] ?? 0)),
  }));
  const best = singles[ids.indexOf(pool.defaultModel)] ?? { quality: 0, cost: 0 };
  const choices = choicesOf(pool, dev.prompts, weights);
  const points = [...choices].map(([name, chosen]): readonly [string, PointFigures] => {
    const quality = mean(cells.map((row, at) => row[chosen[at] ?? 0]?.[0] ?? 0));
    const cost = mean(cells.map((row, at) => row[chosen[at] ?? 0]?.[1] ?? 0));
    const mix = cheapestMix(singles, quality);
    return [
      name,
      {
        gain: 100 * (quality - best.quality),
        cost: cost / best.cost,
        mix: mix === undefined ? undefined : mix / best.cost,
      },
    ];
  });
  return {
    prompts: dev.prompts.length,
    best: { model: pool.defaultModel, quality: best.quality },
    points: new Map(points),
  };
}

/** For each operating point, and for `eq` under the guard: the place of the chosen model for each prompt. */
function choicesOf(
  pool: Pool,
  prompts: readonly GradedPrompt[],
  weights: TaskModel,
): Map<string, number[]> {
  const rows = Object.values(pool.models);
  const qualities = qualitiesOf(rows.map(({ quality }) => quality));
  const defaultAt = Object.keys(pool.models).indexOf(pool.defaultModel);
  const choices = new Map<string, number[]>();
  const note = (point: string, choice: number): void => {
    choices.set(point, [...(choices.get(point) ?? []), choice]);
  };
  for (const { prompt } of prompts) {
    const reading = readText(prompt, weights);
    const sample = { reading, characters: prompt.length };
    const need = { task: GENERAL_TASK, reading };
    const trial = {
      predicted: qualities.map((quality) => predictQuality(quality, need, pool.difficultySlope)),
      expected: rows.map(({ cost }) => costOf(cost, sample)),
      quality: [],
      cost: [],
    };
    for (const [point, lambda] of Object.entries(pool.lambda)) note(point, choose(trial, lambda));
    const isSure = reading.confidence >= pool.minConfidence;
    note('eq-guarded', isSure ? choose(trial, pool.lambda['eq'] ?? 0) : defaultAt);
  }
  return choices;
}

/**
 * How well a pair's prompts are ordered by the need of the strong model: the recovered part of the gap
 * in quality, in the mean over ten shares of calls that it gets (RouteLLM's APGR).
 */
export function pairFigure(train: GradedPool, dev: GradedPool, weights: TaskModel): number {
  const { pool } = calibratePool(train, weights);
  const qualities = qualitiesOf(Object.values(pool.models).map(({ quality }) => quality));
  const [weak = '', strong = ''] = dev.models;
  const gains = dev.prompts
    .map(({ prompt, models }) => ({
      need: needOfStrong(qualities, readText(prompt, weights)),
      gain: (models[strong]?.[0] ?? 0) - (models[weak]?.[0] ?? 0),
    }))
    .sort((a, b) => b.need - a.need);
  const whole = gains.reduce((sum, { gain }) => sum + gain, 0);
  let area = 0;
  let last = 0;
  for (let bin = 1; bin <= BINS; bin++) {
    const upTo = Math.round((gains.length * bin) / BINS);
    const recovered = gains.slice(0, upTo).reduce((sum, { gain }) => sum + gain, 0) / whole;
    area += (last + recovered) / 2 / BINS;
    last = recovered;
  }
  return area;
}

const BINS = 10;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}
