import type { TokenizerFamily } from '../domain/model.ts';
import { BYTE_KINDS, LEAD, SIGN } from './byte-kinds.ts';
import { DIGITS, SCRIPT_COUNT, SCRIPTS, SUMS } from './places.ts';

/** Learned weights as text, written by `test/eval/fit-tokens.ts`. */
export type PackedTokenWeights = {
  /** The cost of each letter behind each letter: 30 rows (a–z, two kinds with marks, a mark, none) of 29. */
  readonly bigrams: string;
  /** Corrections for three letters in a row, by hash. */
  readonly trigrams: string;
  /**
   * What a word costs behind nothing, a space, a tab, a non-ASCII sign, and each ASCII sign; then large
   * letters: the first, each further one, any further one.
   */
  readonly words: string;
  /**
   * Signs by kind: the first of a run, the first behind a space, a repeated one, a line end; then each
   * kind behind each kind; then runs of other scripts: a sign before, an ASCII sign within, a joiner, a
   * line end.
   */
  readonly signs: string;
  /** Other scripts: a run, each of its characters, a space before it. */
  readonly scripts: string;
  /** Per family but the first: what each sum of a scan counts for. */
  readonly families: Readonly<Record<Exclude<TokenizerFamily, 'o200k'>, PackedShares>>;
};

export type PackedShares = {
  /** Of words, numbers, signs and spaces, then of the extras; in hundredths. */
  readonly main: readonly number[];
  readonly scripts: string;
};

/** The same, ready for scanning. Weights are in 1/32 of a token of `o200k`. */
export type TokenTables = {
  /** By three letters of five bits each: what the last one costs behind the others. */
  readonly letterCosts: Int8Array;
  readonly prefixes: Int8Array;
  readonly capitals: Int8Array;
  readonly signs: Int8Array;
  readonly signSteps: Int8Array;
  readonly runs: Int16Array;
  readonly characters: Int16Array;
  readonly spaces: Int16Array;
  readonly joints: Int8Array;
  readonly families: Readonly<Record<TokenizerFamily, Float64Array>>;
};

/** a–z, two kinds with marks, and a mark by itself. */
const LETTERS = 29;
/** Stands before a word's first letter. */
export const WORD_START = 29;
/** The first places of `prefixes`: nothing, a space, a tab, a sign beyond ASCII. */
const NAMED_PREFIXES = 4;

/** Printable characters that need no escape in a source text, in order of their weight. */
export const ALPHABET = Array.from({ length: 92 }, (_, at) => String.fromCharCode(at + 35))
  .filter((character) => !"\\`'".includes(character))
  .join('');
/** The place of no weight. */
export const ZERO = 40;

export function unpackWeights(text: string): Int8Array {
  return Int8Array.from(text, (character) => ALPHABET.indexOf(character) - ZERO);
}

export function unpackTables(packed: PackedTokenWeights): TokenTables {
  const words = unpackWeights(packed.words);
  const signs = unpackWeights(packed.signs);
  const scripts = unpackWeights(packed.scripts);
  return {
    letterCosts: letterCostsOf(unpackWeights(packed.bigrams), unpackWeights(packed.trigrams)),
    prefixes: bySign(words),
    capitals: words.subarray(-CAPITALS),
    signs: signs.subarray(0, SIGN_WEIGHTS),
    signSteps: signs.subarray(SIGN_WEIGHTS, -JOINTS),
    joints: signs.subarray(-JOINTS),
    runs: inSteps(scripts.subarray(0, SCRIPT_COUNT), UNITS_PER_RUN_STEP),
    characters: inSteps(scripts.subarray(SCRIPT_COUNT, -SCRIPT_COUNT), UNITS_PER_CHARACTER_STEP),
    spaces: inSteps(scripts.subarray(-SCRIPT_COUNT), UNITS_PER_RUN_STEP),
    families: familiesOf(packed),
  };
}

export const CAPITALS = 3;
export const SIGN_WEIGHTS = 18;
export const JOINTS = 4;
/** Weights of scripts are large, and kept in coarser steps. */
export const UNITS_PER_RUN_STEP = 4;
export const UNITS_PER_CHARACTER_STEP = 2;

function inSteps(weights: Int8Array, units: number): Int16Array {
  return Int16Array.from(weights, (weight) => weight * units);
}

/** Trigrams are kept in coarser steps: they say little each, and are many. */
export const UNITS_PER_TRIGRAM_STEP = 8;

/** A trigram's correction on top of its bigram: one look-up per letter is all that a scan can afford. */
function letterCostsOf(bigrams: Int8Array, trigrams: Int8Array): Int8Array {
  return Int8Array.from({ length: 1 << 15 }, (_, letters) => {
    const pair = bigrams[bigramPlace(letters)] ?? 0;
    return pair + (trigrams[trigramPlace(letters)] ?? 0) * UNITS_PER_TRIGRAM_STEP;
  });
}

/** The last two of three letters. */
export function bigramPlace(letters: number): number {
  return ((letters >> 5) & 31) * LETTERS + (letters & 31);
}

/** Multiplied, the highest bits depend on all letters; ten of them are the place. */
const HASH_FACTOR = 0x9e_37_79_b1;
const HASH_SHIFT = 22;

export function trigramPlace(letters: number): number {
  return Math.imul(letters, HASH_FACTOR) >>> HASH_SHIFT;
}

/** The ASCII codes that are neither letter nor digit, in order: those of the packed prefixes. */
export const SIGN_CODES: readonly number[] = [...BYTE_KINDS.keys()].filter((code) => {
  const kind = BYTE_KINDS[code] ?? 0;
  return kind >= SIGN && kind < LEAD;
});

function bySign(weights: Int8Array): Int8Array {
  const table = new Int8Array(128);
  table.set(weights.subarray(0, NAMED_PREFIXES));
  for (const [at, code] of SIGN_CODES.entries()) table[code] = weights[NAMED_PREFIXES + at] ?? 0;
  return table;
}

/** A run costs a token and its excess; `o200k` is what the weights themselves are of. */
function familiesOf({ families }: PackedTokenWeights): TokenTables['families'] {
  const whole = Float64Array.from({ length: SUMS }, (_, at) => (at < DIGITS ? 1 : 0));
  return {
    o200k: whole,
    cl100k: unpackShares(families.cl100k),
    llama3: unpackShares(families.llama3),
    gemma: unpackShares(families.gemma),
  };
}

/** Shares of scripts are kept by their root, in these parts of one: finer where they are small. */
export const ROOTS_PER_ONE = 30;

function unpackShares({ main, scripts }: PackedShares): Float64Array {
  const roots = Array.from(scripts, (character) => ALPHABET.indexOf(character) / ROOTS_PER_ONE);
  const hundredths = main.map((share) => share / 100);
  const shares = new Float64Array(SUMS);
  shares.set(hundredths.slice(0, SCRIPTS * 2));
  shares.set(
    roots.map((root) => root * root),
    SCRIPTS * 2,
  );
  shares.set(hundredths.slice(SCRIPTS * 2), DIGITS);
  return shares;
}
