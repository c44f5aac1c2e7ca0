import { DIGITS, SCRIPTS, UNITS_PER_TOKEN } from '../../src/classify/places.ts';
import {
  ALPHABET,
  type PackedShares,
  type PackedTokenWeights,
  ROOTS_PER_ONE,
  SIGN_CODES,
  UNITS_PER_CHARACTER_STEP,
  UNITS_PER_RUN_STEP,
  UNITS_PER_TRIGRAM_STEP,
  ZERO,
} from '../../src/classify/token-tables.ts';
import type { FamilyShares } from './fit-families.ts';
import { TABLE_SIZES, TABLE_STARTS, type TableName } from './trace-runs.ts';

const NAMED_PREFIXES = 4;
const SHARES_PER_ONE = 100;

/** Weights in tokens, and the families' shares → text for a source file. */
export function packTables(weights: Float64Array, families: FamilyShares): PackedTokenWeights {
  const units = (table: TableName, place: number): number =>
    Math.round((weights[TABLE_STARTS[table] + place] ?? 0) * UNITS_PER_TOKEN) || 0;
  const packed = (table: TableName, places: readonly number[]): string =>
    packWeights(places.map((place) => withinRange(units(table, place))));
  const all = (table: TableName) => packed(table, [...Array(TABLE_SIZES[table]).keys()]);
  const inSteps = (table: TableName, step: number) =>
    packWeights(
      [...Array(TABLE_SIZES[table]).keys()].map((place) =>
        withinRange(Math.round(units(table, place) / step) || 0),
      ),
    );
  return {
    bigrams: all('bigrams'),
    trigrams: inSteps('trigrams', UNITS_PER_TRIGRAM_STEP),
    words: packed('prefixes', [...Array(NAMED_PREFIXES).keys(), ...SIGN_CODES]) + all('capitals'),
    signs: all('signs') + all('signSteps') + all('joints'),
    scripts:
      inSteps('runs', UNITS_PER_RUN_STEP) +
      inSteps('characters', UNITS_PER_CHARACTER_STEP) +
      inSteps('spaces', UNITS_PER_RUN_STEP),
    families: {
      cl100k: packShares(families.cl100k),
      llama3: packShares(families.llama3),
      gemma: packShares(families.gemma),
    },
  };
}

function packShares(shares: Float64Array): PackedShares {
  const main = [...shares.subarray(0, SCRIPTS * 2), ...shares.subarray(DIGITS)];
  const roots = Array.from(shares.subarray(SCRIPTS * 2, DIGITS), (share) =>
    Math.min(Math.round(Math.sqrt(share) * ROOTS_PER_ONE), ALPHABET.length - 1),
  );
  return {
    main: main.map((share) => Math.round(share * SHARES_PER_ONE) || 0),
    scripts: packWeights(roots.map((root) => root - ZERO)),
  };
}

function withinRange(units: number): number {
  return Math.min(Math.max(units, -ZERO), ALPHABET.length - 1 - ZERO);
}

function packWeights(weights: readonly number[]): string {
  return weights.map((weight) => ALPHABET.charAt(weight + ZERO)).join('');
}
