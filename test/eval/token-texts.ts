import { SUMS } from '../../src/classify/places.ts';
import type { TokenizerFamily } from '../../src/domain/model.ts';
import { type Run, traceRuns } from './trace-runs.ts';

/** A text with its exact token counts. */
export type CountedText = {
  readonly id: string;
  readonly domain: string;
  readonly sub: string;
  readonly text: string;
  readonly tokens: Readonly<Record<TokenizerFamily, number>>;
};

/** Runs that are alike for the scan, over all texts. */
export type RunKind = Pick<Run, 'class' | 'weights' | 'fixedExcess' | 'extras'>;

/** A text as what the scan sees of it: how often each kind of run occurs. */
export type TracedText = CountedText & { readonly counts: ReadonlyMap<number, number> };

export type TracedTexts = {
  readonly kinds: readonly RunKind[];
  readonly texts: readonly TracedText[];
  /** Which kind each run of each text is, in order. */
  readonly runs: readonly (readonly { readonly kind: number; readonly run: Run }[])[];
};

export function traceTexts(texts: readonly CountedText[]): TracedTexts {
  const places = new Map<string, number>();
  const kinds: RunKind[] = [];
  const placeOf = (run: Run): number => {
    const key = `${run.class}|${run.weights}|${run.fixedExcess}|${run.extras}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, kinds.length);
    return kinds.push(run) - 1;
  };
  const runs = texts.map(({ text }) => traceRuns(text).map((run) => ({ kind: placeOf(run), run })));
  const traced = texts.map((text, at) => ({ ...text, counts: countKinds(runs[at] ?? []) }));
  return { kinds, texts: traced, runs };
}

function countKinds(runs: readonly { readonly kind: number }[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { kind } of runs) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Tokens above one of each kind of run, by the weights given. */
export function excesses(kinds: readonly RunKind[], weights: Float64Array): Float64Array {
  return Float64Array.from(kinds, (kind) => {
    const cost = kind.weights.reduce((sum, weight) => sum + (weights[weight] ?? 0), 0);
    return kind.fixedExcess + Math.max(0, cost);
  });
}

/** What the scan would add up for a text. */
export function sumsOf(
  { counts }: TracedText,
  kinds: readonly RunKind[],
  excess: Float64Array,
): Float64Array {
  const sums = new Float64Array(SUMS);
  for (const [at, count] of counts) {
    const kind = kinds[at];
    if (kind === undefined) continue;
    add(sums, kind.class * 2, count);
    add(sums, kind.class * 2 + 1, count * (excess[at] ?? 0));
    for (const [extra, amount] of kind.extras.entries()) {
      add(sums, SUMS - kind.extras.length + extra, count * amount);
    }
  }
  return sums;
}

function add(sums: Float64Array, at: number, amount: number): void {
  sums[at] = (sums[at] ?? 0) + amount;
}
