import { DIGITS, NO_PREFIX, SUMS } from '../../src/classify/places.ts';
import type { Scan } from '../../src/classify/scan.ts';
import { scanRun } from '../../src/classify/scan-text.ts';
import { bigramPlace, type TokenTables, trigramPlace } from '../../src/classify/token-tables.ts';

/** The learned tables, one behind another: a weight is known by its place in this row. */
export const TABLE_SIZES = {
  bigrams: 30 * 29,
  trigrams: 1024,
  prefixes: 128,
  capitals: 3,
  signs: 18,
  signSteps: 64,
  runs: 46,
  characters: 46,
  spaces: 46,
  joints: 4,
} as const;
export type TableName = keyof typeof TABLE_SIZES;
export const TABLE_NAMES = Object.keys(TABLE_SIZES) as TableName[]; // keys of the literal above

/** Where a table begins in the row of all weights. */
export const TABLE_STARTS = Object.fromEntries(
  TABLE_NAMES.map((name, at) => [
    name,
    TABLE_NAMES.slice(0, at).reduce((sum, before) => sum + TABLE_SIZES[before], 0),
  ]),
) as Record<TableName, number>; // a start for each name
export const WEIGHTS = TABLE_NAMES.reduce((sum, name) => sum + TABLE_SIZES[name], 0);

/** A run as the scan cuts it: which weights it reads, and what it costs whatever they say. */
export type Run = {
  readonly class: number;
  readonly weights: readonly number[];
  /** Tokens above one that are not learned: three digits each. */
  readonly fixedExcess: number;
  /** What it adds to the extras. */
  readonly extras: readonly number[];
  /** Its bytes in the text. */
  readonly from: number;
  readonly to: number;
};

/**
 * Cuts a text into runs with the scanner itself: its tables are stand-ins that note each weight that
 * is read, and its sums one that notes each run that is closed. What is fitted is what is used.
 */
export function traceRuns(text: string): Run[] {
  const bytes = new TextEncoder().encode(`${text}\0`);
  const end = bytes.length - 1;
  const runs: Run[] = [];
  let weights: number[] = [];
  let extras = NO_EXTRAS;
  let fixedExcess = 0;
  const close = (place: number): void => {
    const from = runs.at(-1)?.to ?? 0;
    weights.sort((a, b) => a - b);
    runs.push({ class: place / 2, weights, fixedExcess, extras, from, to: scan.at });
    weights = [];
    extras = NO_EXTRAS;
    fixedExcess = 0;
  };
  const sums = standIn(undefined, (place, amount) => {
    if (place >= DIGITS) extras = extras.with(place - DIGITS, amount);
    else if (place % 2 === 1) fixedExcess = amount;
    else close(place);
  }) as unknown as Float64Array; // the scan only reads and writes places
  const tables = tracingTables((weight) => weights.push(weight));
  const scan: Scan = { tables, bytes, sums, at: 0, prefix: NO_PREFIX };
  while (scan.at < end) scanRun(scan);
  return runs;
}

const NO_EXTRAS: readonly number[] = Array(SUMS - DIGITS).fill(0);

/** The names of a scan's tables; the letters' two are one for the scan. */
function tracingTables(note: (weight: number) => void): TokenTables {
  const plain = TABLE_NAMES.map((name) => {
    const start = TABLE_STARTS[name];
    return [name, standIn((place) => note(start + place))];
  });
  const letterCosts = standIn((letters) => {
    note(TABLE_STARTS.bigrams + bigramPlace(letters));
    note(TABLE_STARTS.trigrams + trigramPlace(letters));
  });
  return { ...Object.fromEntries(plain), letterCosts } as TokenTables; // the scan reads no families
}

type Note = (place: number, amount: number) => void;

/** All zeros, wherever it is read; tells what is read and what is written. */
function standIn(onRead: ((place: number) => void) | undefined, onWrite?: Note): object {
  return new Proxy(
    {},
    {
      get: (_, place) => {
        onRead?.(Number(place));
        return 0;
      },
      set: (_, place, amount: number) => {
        onWrite?.(Number(place), amount);
        return true;
      },
    },
  );
}
