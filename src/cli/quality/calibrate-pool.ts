import { readText } from '../../classify/read-text.ts';
import type { TaskModel } from '../../classify/task-model.ts';
import { compileQuality, type ModelQuality, predictQuality } from '../../domain/quality.ts';
import {
  cheapestAt,
  type FrontierPoint,
  frontierOf,
  type Trial,
} from '../../domain/solve-lambda.ts';
import { GENERAL_TASK } from '../../domain/task.ts';
import { costOf, learnCosts } from './learned-costs.ts';
import { learnTable, likelihood, mean, rounded, type Sample } from './learned-table.ts';
import type { Pool } from './quality-file.ts';
import type { GradedPool } from './suites.ts';

const FOLDS = 5;
/** More than 0.75 never held for prompts that the weights had not seen, by cross-validation. */
const SLOPES = [0, 0.25, 0.5, 0.75];
/** Below this share of the likeliest kind a guarded choice stays with the default model. */
const MIN_CONFIDENCE = 0.95;
/** Of what can be won over the best single model, `eq` keeps so much and saves with the rest. */
const KEPT_GAIN = 0.8;
const NEARLY_AS_GOOD = 0.98;

/** A calibrated pool, and what it was chosen from. */
export type Calibration = {
  readonly pool: Pool;
  readonly frontier: readonly FrontierPoint[];
  /** For each operating point where it lies on the frontier. */
  readonly points: ReadonlyMap<string, FrontierPoint>;
  /** For each model its mean over the prompts. */
  readonly singles: readonly (Omit<FrontierPoint, 'lambda'> & { readonly model: string })[];
  readonly best: Omit<FrontierPoint, 'lambda'>;
};

/**
 * Learns table, costs and slope of a pool and solves λ for three operating points. The frontier is
 * what tables of other prompts make of each prompt, so that it holds for prompts to come.
 */
export function calibratePool({ models, prompts }: GradedPool, weights: TaskModel): Calibration {
  const samples = prompts.map((prompt): Sample => {
    const graded = models.map((model): readonly [number, number] => prompt.models[model] ?? [0, 0]);
    return {
      reading: readText(prompt.prompt, weights),
      characters: prompt.prompt.length,
      scores: graded.map(([score]) => score),
      costs: graded.map(([, cost]) => cost),
    };
  });
  const singles = models.map((model, at) => ({
    model,
    quality: mean(samples.map(({ scores }) => scores[at] ?? 0)),
    cost: mean(samples.map(({ costs }) => costs[at] ?? 0)),
  }));
  const best = singles.reduce((a, b) => (b.quality > a.quality ? b : a));
  const folds = foldsOf(samples, models);
  const slope = likeliestSlope(folds);
  const frontier = frontierOf(
    folds.flatMap((fold) => fold.held.map((held) => trialOf(fold, held, slope))),
  );
  const points = operatingPoints(frontier, best.quality);
  const table = learnTable(samples, models.length);
  const costs = learnCosts(samples, models.length);
  const pool: Pool = {
    models: Object.fromEntries(
      models.map((model, at) => [model, { quality: table[at] ?? {}, cost: costs[at] ?? NO_COST }]),
    ),
    lambda: Object.fromEntries([...points].map(([name, { lambda }]) => [name, rounded(lambda)])),
    difficultySlope: slope,
    defaultModel: best.model,
    minConfidence: MIN_CONFIDENCE,
  };
  return { pool, frontier, points, singles, best };
}

const NO_COST = { scale: 0, power: 0, byKind: {} };

/** What was learned without some prompts, and those prompts. */
type Fold = {
  readonly qualities: readonly ModelQuality[];
  readonly costs: ReturnType<typeof learnCosts>;
  readonly held: readonly Sample[];
};

function foldsOf(samples: readonly Sample[], models: readonly string[]): Fold[] {
  return Array.from({ length: FOLDS }, (_, fold) => {
    const others = samples.filter((_, at) => at % FOLDS !== fold);
    return {
      qualities: qualitiesOf(learnTable(others, models.length)),
      costs: learnCosts(others, models.length),
      held: samples.filter((_, at) => at % FOLDS === fold),
    };
  });
}

export function qualitiesOf(rows: readonly Record<string, number>[]): ModelQuality[] {
  return [...compileQuality(new Map(rows.map((row, at) => [String(at), row]))).values()];
}

function likeliestSlope(folds: readonly Fold[]): number {
  const chances = SLOPES.map((slope) =>
    mean(folds.map(({ held, qualities }) => likelihood(held, qualities, slope))),
  );
  return SLOPES[chances.indexOf(Math.max(...chances))] ?? 0;
}

function trialOf({ qualities, costs }: Fold, sample: Sample, slope: number): Trial {
  const need = { task: GENERAL_TASK, reading: sample.reading };
  return {
    predicted: qualities.map((quality) => predictQuality(quality, need, slope)),
    expected: costs.map((rule) => costOf(rule, sample)),
    quality: sample.scores,
    cost: sample.costs,
  };
}

/**
 * `max`: the best that can be had. `eq`: never below the best single model, most of the gain kept.
 * `q98`: 98 % of the best single model's quality.
 */
function operatingPoints(
  frontier: readonly FrontierPoint[],
  best: number,
): Map<string, FrontierPoint> {
  const highest = cheapestAt(frontier, Infinity);
  const gain = Math.max(highest.quality - best, 0);
  return new Map([
    ['max', highest],
    ['eq', cheapestAt(frontier, Math.min(best + KEPT_GAIN * gain, highest.quality))],
    ['q98', cheapestAt(frontier, Math.min(NEARLY_AS_GOOD * best, highest.quality))],
  ]);
}
