import type { TracedTexts } from './token-texts.ts';
import { WEIGHTS } from './trace-runs.ts';

export type TableFit = TracedTexts & {
  /** Tokens of `o200k` that each kind of run has on average. */
  readonly tokensOfKind: readonly number[];
  /** Where the weights begin, and what they are drawn back to. */
  readonly center: Float64Array;
  /** How strongly they are drawn. */
  readonly pull: number;
  /** Where the weights start; at their center by default. */
  readonly start?: Float64Array;
  /** Tables from here on stay as they start. */
  readonly held?: { readonly from: number; readonly to: number };
  readonly steps: number;
  /** The size of a step at the beginning, in tokens. */
  readonly stepSize: number;
};

/** Frequent runs count more, but not as often as they occur: there are too few kinds of them. */
const FREQUENCY_POWER = 0.6;
/** What the relative error of a whole text counts for, beside the errors of its runs. */
const TEXT_SHARE = 160_000;
/** A run that is predicted to be one token feels only so much of a push. */
const LEAK = 0.02;

/**
 * Weights under which each run, 1 + max(0, sum of its weights), and each whole text come near to their
 * real counts. Adam over all runs at once: deterministic, the same input gives the same weights.
 */
export function fitTables(fit: TableFit): Float64Array {
  const runs = flatten(fit);
  const weights = Float64Array.from(fit.start ?? fit.center);
  const { from: heldFrom, to: heldTo } = fit.held ?? { from: 0, to: 0 };
  const momentum = new Float64Array(WEIGHTS);
  const spread = new Float64Array(WEIGHTS);
  for (let step = 0; step < fit.steps; step++) {
    const slopes = slopesAt(runs, weights);
    const size = fit.stepSize * decay(step / fit.steps);
    const momentumScale = 1 - 0.9 ** (step + 1);
    const spreadScale = 1 - 0.999 ** (step + 1);
    for (let at = 0; at < WEIGHTS; at++) {
      if (at >= heldFrom && at < heldTo) continue;
      const weight = weights[at] ?? 0;
      const slope = (slopes[at] ?? 0) + 2 * fit.pull * (weight - (fit.center[at] ?? 0));
      const m = 0.9 * (momentum[at] ?? 0) + 0.1 * slope;
      const v = 0.999 * (spread[at] ?? 0) + 0.001 * slope * slope;
      momentum[at] = m;
      spread[at] = v;
      weights[at] = weight - (size * (m / momentumScale)) / (Math.sqrt(v / spreadScale) + 1e-9);
    }
  }
  return weights;
}

/** Full steps for the first part, then ever smaller ones. */
function decay(done: number): number {
  return done < 0.6 ? 1 : Math.max(0.02, 1 - (done - 0.6) / 0.4);
}

/** The kinds of runs that occur, as flat arrays. */
type FlatRuns = {
  /** Weights of run k: `weightsOf` from `starts[k]` to `starts[k + 1]`. */
  readonly starts: Int32Array;
  readonly weightsOf: Int32Array;
  readonly fixed: Float64Array;
  readonly tokens: Float64Array;
  readonly importance: Float64Array;
  readonly texts: readonly {
    readonly tokens: number;
    readonly runs: Int32Array;
    readonly counts: Float64Array;
  }[];
};

function flatten({ kinds, texts, tokensOfKind }: TableFit): FlatRuns {
  const frequency = new Map<number, number>();
  for (const { counts } of texts) {
    for (const [kind, count] of counts) frequency.set(kind, (frequency.get(kind) ?? 0) + count);
  }
  const present = [...frequency.keys()];
  const placeOf = new Map(present.map((kind, place) => [kind, place]));
  const lists = present.map((kind) => kinds[kind]?.weights ?? []);
  const starts = Int32Array.from({ length: present.length + 1 });
  for (const [place, list] of lists.entries())
    starts[place + 1] = (starts[place] ?? 0) + list.length;
  return {
    starts,
    weightsOf: Int32Array.from(lists.flat()),
    fixed: Float64Array.from(present, (kind) => kinds[kind]?.fixedExcess ?? 0),
    tokens: Float64Array.from(present, (kind) => tokensOfKind[kind] ?? 1),
    importance: Float64Array.from(frequency.values(), (count) => count ** FREQUENCY_POWER),
    texts: texts.map(({ tokens, counts }) => ({
      tokens: tokens.o200k,
      runs: Int32Array.from(counts.keys(), (kind) => placeOf.get(kind) ?? 0),
      counts: Float64Array.from(counts.values()),
    })),
  };
}

function slopesAt(runs: FlatRuns, weights: Float64Array): Float64Array {
  const { predicted, isOne } = predict(runs, weights);
  const slopes = new Float64Array(predicted.length);
  for (let run = 0; run < slopes.length; run++) {
    const error = (predicted[run] ?? 0) - (runs.tokens[run] ?? 0);
    const felt = isOne[run] === 1 && error > 0 ? LEAK : 1;
    slopes[run] = 2 * (runs.importance[run] ?? 0) * error * felt;
  }
  for (const text of runs.texts) addTextSlopes(slopes, { ...text, predicted, isOne });
  return backToWeights(runs, slopes);
}

function predict(runs: FlatRuns, weights: Float64Array) {
  const { starts, weightsOf, fixed } = runs;
  const predicted = new Float64Array(fixed.length);
  const isOne = new Uint8Array(fixed.length);
  for (let run = 0; run < predicted.length; run++) {
    let cost = 0;
    const end = starts[run + 1] ?? 0;
    for (let at = starts[run] ?? 0; at < end; at++) cost += weights[weightsOf[at] ?? 0] ?? 0;
    predicted[run] = 1 + (fixed[run] ?? 0) + Math.max(0, cost);
    isOne[run] = cost > 0 ? 0 : 1;
  }
  return { predicted, isOne };
}

type PredictedText = FlatRuns['texts'][number] & ReturnType<typeof predict>;

function addTextSlopes(slopes: Float64Array, text: PredictedText): void {
  const { tokens, runs, counts, predicted, isOne } = text;
  let sum = 0;
  for (let at = 0; at < runs.length; at++)
    sum += (counts[at] ?? 0) * (predicted[runs[at] ?? 0] ?? 0);
  const slope = (TEXT_SHARE * (sum / tokens - 1)) / tokens;
  for (let at = 0; at < runs.length; at++) {
    const run = runs[at] ?? 0;
    const felt = isOne[run] === 1 ? LEAK : 1;
    slopes[run] = (slopes[run] ?? 0) + slope * (counts[at] ?? 0) * felt;
  }
}

function backToWeights({ starts, weightsOf }: FlatRuns, slopes: Float64Array): Float64Array {
  const ofWeights = new Float64Array(WEIGHTS);
  for (let run = 0; run < slopes.length; run++) {
    const end = starts[run + 1] ?? 0;
    for (let at = starts[run] ?? 0; at < end; at++) {
      const weight = weightsOf[at] ?? 0;
      ofWeights[weight] = (ofWeights[weight] ?? 0) + (slopes[run] ?? 0);
    }
  }
  return ofWeights;
}
