import { type ModelQuality, predictQuality } from '../../domain/quality.ts';
import { GENERAL_TASK, type TaskReading } from '../../domain/task.ts';

/** A graded prompt of a pool, read once: the figures are in the order of the pool's models. */
export type Sample = {
  readonly reading: TaskReading;
  readonly characters: number;
  readonly scores: readonly number[];
  /** US dollars. */
  readonly costs: readonly number[];
};

/** A mean over few prompts is pulled to the model's mean over all, as if that many more were there. */
const PULL_PROMPTS = 10;

/** For each model a row of the quality table: a share of right answers for each kind of work. */
export function learnTable(samples: readonly Sample[], models: number): Record<string, number>[] {
  return Array.from({ length: models }, (_, model) => rowOf(samples, model));
}

/** A prompt counts for each kind as much as it is of that kind. */
function rowOf(samples: readonly Sample[], model: number): Record<string, number> {
  const general = mean(samples.map(({ scores }) => scores[model] ?? 0));
  const sums = new Map<string, { right: number; prompts: number }>();
  for (const { reading, scores } of samples) {
    for (const { kind, share } of reading.shares) {
      const sum = sums.get(kind) ?? { right: 0, prompts: 0 };
      sum.right += share * (scores[model] ?? 0);
      sum.prompts += share;
      sums.set(kind, sum);
    }
  }
  const row: Record<string, number> = { [GENERAL_TASK]: rounded(general) };
  for (const [kind, { right, prompts }] of [...sums].sort(([a], [b]) => (a < b ? -1 : 1))) {
    row[kind] = rounded((right + PULL_PROMPTS * general) / (prompts + PULL_PROMPTS));
  }
  return row;
}

/** How well a slope's predictions say what came out: the mean logarithm of the chance. */
export function likelihood(
  samples: readonly Sample[],
  qualities: readonly ModelQuality[],
  slope: number,
): number {
  return mean(
    samples.flatMap(({ reading, scores }) =>
      qualities.map((quality, at) => {
        const chance = predictQuality(quality, { task: GENERAL_TASK, reading }, slope);
        const score = scores[at] ?? 0;
        return score * Math.log(chance) + (1 - score) * Math.log(1 - chance);
      }),
    ),
  );
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}

export function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
