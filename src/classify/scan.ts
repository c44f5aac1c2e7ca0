import { NO_PREFIX, UNITS_PER_TOKEN } from './places.ts';
import type { TokenTables } from './token-tables.ts';
import type { Utf8 } from './utf8.ts';

/** A pass over text: where it is, and what it found so far. */
export type Scan = {
  readonly tables: TokenTables;
  readonly bytes: Utf8;
  /** In pairs for each class: how many runs, and their tokens above one each; then the extras. */
  readonly sums: Float64Array;
  at: number;
  /** What the next word has before it, as a place in `prefixes`: it joins the word's first token. */
  prefix: number;
};

/** Books a run of a class that ends at `scan.at`; its cost is that of its tokens above one. */
export function closeRun(scan: Scan, runs: number, cost: number): void {
  if (cost > 0) addTo(scan, runs * 2 + 1, cost / UNITS_PER_TOKEN);
  addTo(scan, runs * 2, 1);
  scan.prefix = NO_PREFIX;
}

export function addTo({ sums }: Scan, place: number, amount: number): void {
  sums[place] = (sums[place] as number) + amount; // there is a sum for each place
}
