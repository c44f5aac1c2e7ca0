import { type Buckets, PAIR_BUCKETS, scanText, WORD_BUCKETS } from './task-scan.ts';
import { SIGNS } from './task-signs.ts';

/** Rows of weights: signs first, then the buckets of words, then those of pairs of words. */
export const FIRST_WORD_ROW = SIGNS.length;
export const FIRST_PAIR_ROW = FIRST_WORD_ROW + WORD_BUCKETS;
export const ROWS = FIRST_PAIR_ROW + PAIR_BUCKETS;

/** What a text looks like, as a sparse vector: each row once: signs, words, pairs of words. */
export type TextFeatures = {
  readonly rows: Uint16Array;
  readonly values: Float32Array;
  /** Where the pairs begin. */
  readonly pairsAt: number;
};

export function featuresOf(text: string): TextFeatures {
  const scan = scanText(text);
  const { wordBuckets, pairBuckets } = scan;
  const pairsAt = SIGNS.length + wordBuckets.filled.length;
  const size = pairsAt + pairBuckets.filled.length;
  const features = { rows: new Uint16Array(size), values: new Float32Array(size), pairsAt };
  for (let at = 0; at < SIGNS.length; at++) {
    features.rows[at] = at;
    features.values[at] = SIGNS[at]?.[1](scan) ?? 0;
  }
  fill(features, { buckets: wordBuckets, firstRow: FIRST_WORD_ROW, at: SIGNS.length });
  fill(features, { buckets: pairBuckets, firstRow: FIRST_PAIR_ROW, at: pairsAt });
  return features;
}

type Block = { readonly buckets: Buckets; readonly firstRow: number; readonly at: number };

/** A weight grows slowly with its count, and all of a block have the length 1 together. */
function fill({ rows, values }: TextFeatures, { buckets, firstRow, at }: Block): void {
  const { counts, filled } = buckets;
  let squares = 0;
  for (let place = 0; place < filled.length; place++) {
    const bucket = filled[place] ?? 0;
    const weight = WEIGHT_OF_COUNT[counts[bucket] ?? 0] ?? 0;
    rows[at + place] = firstRow + bucket;
    values[at + place] = weight;
    squares += weight * weight;
  }
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  for (let place = at; place < at + filled.length; place++) {
    values[place] = (values[place] ?? 0) * scale;
  }
}

const WEIGHT_OF_COUNT = Float32Array.from({ length: 256 }, (_, count) => 1 + Math.log(count || 1));
