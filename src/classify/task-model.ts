import { DIFFICULTY_GROUPS, difficultyGroupOf, TASK_KINDS } from '../domain/task.ts';
import { FIRST_PAIR_ROW, ROWS } from './task-features.ts';

/** Kinds are told by signs and words; how hard a text is, by pairs of words too. */
export const KIND_ROWS = FIRST_PAIR_ROW;
/** For each group of kinds: for weak models, for strong ones. */
export const EASE_COLUMNS = DIFFICULTY_GROUPS.length * 2;

/** Learned weights, as `npm run train` writes them. */
export type PackedTaskModel = {
  /** The hash of the bytes. */
  readonly version: string;
  /** What one step of a weight is worth, for each column. */
  readonly kindScales: readonly number[];
  readonly easeScales: readonly number[];
  /** Base64 of whole numbers from -127 to 127, row after row: kinds, then ease. */
  readonly bytes: string;
};

/** Linear heads: a column of weights for each, kept row after row. */
export type Heads = {
  readonly columns: number;
  readonly weights: Int8Array;
  readonly scales: Float64Array;
};

export type TaskModel = {
  readonly version: string;
  readonly kinds: Heads;
  readonly ease: Heads;
  /** For each row of the kinds its mean weight: what speaks for all kinds alike. */
  readonly usualWeights: Float64Array;
  /** For each kind the place of its group in `DIFFICULTY_GROUPS`. */
  readonly groupOfKind: readonly number[];
};

/** @throws Error for weights that were learned for other features or other kinds. */
export function unpackTaskModel(packed: PackedTaskModel): TaskModel {
  const bytes = bytesOf(packed.bytes);
  const easeAt = KIND_ROWS * TASK_KINDS.length;
  const isWhole = bytes.length === easeAt + ROWS * EASE_COLUMNS;
  if (!isWhole || hashOf(bytes) !== packed.version) {
    throw new Error('the weights of the task model do not fit this code: run `npm run train`');
  }
  const kinds = headsOf(bytes.subarray(0, easeAt), packed.kindScales);
  return {
    version: packed.version,
    kinds,
    usualWeights: Float64Array.from({ length: KIND_ROWS }, (_, row) => meanOfRow(kinds, row)),
    ease: headsOf(bytes.subarray(easeAt), packed.easeScales),
    groupOfKind: TASK_KINDS.map((kind) => DIFFICULTY_GROUPS.indexOf(difficultyGroupOf(kind))),
  };
}

function bytesOf(base64: string): Int8Array {
  const characters = atob(base64);
  const bytes = new Int8Array(characters.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at);
  return bytes;
}

function headsOf(weights: Int8Array, scales: readonly number[]): Heads {
  return { columns: scales.length, weights, scales: Float64Array.from(scales) };
}

function meanOfRow({ columns, weights, scales }: Heads, row: number): number {
  let sum = 0;
  for (let column = 0; column < columns; column++) {
    sum += (weights[row * columns + column] ?? 0) * (scales[column] ?? 0);
  }
  return sum / columns;
}

/** FNV-1a of 32 bits: a name for the weights, not a proof of them. */
export function hashOf(bytes: Int8Array): string {
  let hash = 0x81_1c_9d_c5;
  for (let at = 0; at < bytes.length; at++) {
    hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01_00_01_93);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
