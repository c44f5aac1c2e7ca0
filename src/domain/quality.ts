import { GENERAL_TASK, type TaskReading } from './task.ts';

/** What a registry says of its models' quality: for each kind of work a share of right answers. */
export type QualityTable = ReadonlyMap<string, Readonly<Record<string, number>>>;

/** One model's row, made ready for predictions. */
export type ModelQuality = {
  /** By kind of work; 0 to 1. */
  readonly byKind: ReadonlyMap<string, number>;
  /** For every kind that the row does not name: its `general`, or the mean of what it names. */
  readonly general: number;
  /** Where it stands between the weakest model of the table, 0, and the strongest, 1. */
  readonly strength: number;
};

/** Rows without a number are left out: nothing is known of their models. */
export function compileQuality(table: QualityTable): ReadonlyMap<string, ModelQuality> {
  const rows = [...table].filter(([, row]) => Object.keys(row).length > 0);
  const generals = rows.map(([, row]) => generalOf(row));
  const strengths = strengthsOf(generals);
  return new Map(
    rows.map(([id, row], at) => {
      const byKind = new Map(Object.entries(row));
      return [id, { byKind, general: generals[at] ?? 0, strength: strengths[at] ?? 1 }] as const;
    }),
  );
}

function generalOf(row: Readonly<Record<string, number>>): number {
  const values = Object.values(row);
  return row[GENERAL_TASK] ?? values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** For each mean score where it stands between the lowest, 0, and the highest, 1, in logits. */
export function strengthsOf(means: readonly number[]): number[] {
  const logits = means.map(logit);
  const lowest = Math.min(...logits);
  const span = Math.max(...logits) - lowest;
  return logits.map((value) => (span === 0 ? 1 : (value - lowest) / span));
}

/** Of a prediction from the table, for a request that may be of several kinds. */
type Reading = Pick<TaskReading, 'shares' | 'ease'>;

/**
 * How likely the model's answer is right, 0 to 1: the mean of its row by the shares of the kinds, moved
 * by how hard the request is. `slope`: how much of that counts, 0 to 1. Without a reading the kind's own
 * number.
 */
export function predictQuality(
  quality: ModelQuality,
  { task, reading }: { readonly task: string; readonly reading?: Reading | undefined },
  slope: number,
): number {
  if (reading === undefined) return quality.byKind.get(task) ?? quality.general;
  const { shares, ease } = reading;
  let usual = 0;
  for (const { kind, share } of shares) {
    usual += share * (quality.byKind.get(kind) ?? quality.general);
  }
  const { strength } = quality;
  const easier = (1 - strength) * ease.forWeak + strength * ease.forStrong;
  return 1 / (1 + Math.exp(-logit(usual) - slope * easier));
}

/** Nobody is right always or never: surer than this says nothing more. */
const LEAST_CHANCE = 0.02;

export function logit(chance: number): number {
  const bounded = Math.min(Math.max(chance, LEAST_CHANCE), 1 - LEAST_CHANCE);
  return Math.log(bounded / (1 - bounded));
}
