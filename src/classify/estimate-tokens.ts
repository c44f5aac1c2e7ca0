import type { TokenEstimate } from '../domain/decision.ts';
import type { TokenizerFamily } from '../domain/model.ts';
import { DIGITS, MARKED_WORDS, NO_PREFIX, NUMBERS, SCRIPTS, SUMS } from './places.ts';
import { scanText } from './scan-text.ts';
import { type TokenTables, unpackTables } from './token-tables.ts';
import { TOKEN_WEIGHTS } from './token-weights.ts';

/** What one scan found in a text; enough to estimate its tokens for every family. */
export type TokenProfile = {
  /** Its length in UTF-8. */
  readonly bytes: number;
  /** By class of runs, in tokens of `o200k`: the places are named in `scan.ts`. */
  readonly sums: Float64Array;
};

const TABLES = unpackTables(TOKEN_WEIGHTS);

/** Text is scanned in parts of this size. */
const PART_LENGTH = 65_536;
/** Scratch for one part and a zero byte. It is never read across calls, and saves an allocation. */
const BYTES = new Uint8Array(PART_LENGTH + 1);
const PART = BYTES.subarray(0, PART_LENGTH);
const ENCODER = new TextEncoder();

/** Scans texts once, as one profile. Linear in their length, whatever is in them. */
export function profileTexts(texts: Iterable<string>, tables: TokenTables = TABLES): TokenProfile {
  const sums = new Float64Array(SUMS);
  let bytes = 0;
  for (const text of texts) bytes += scanParts(text, sums, tables);
  return { bytes, sums };
}

function scanParts(text: string, sums: Float64Array, tables: TokenTables): number {
  let bytes = 0;
  for (let at = 0; at < text.length; ) {
    const { read, written } = ENCODER.encodeInto(text.slice(at), PART);
    BYTES[written] = 0;
    scanText({ tables, bytes: BYTES, sums, at: 0, prefix: NO_PREFIX }, written);
    bytes += written;
    at += read;
  }
  return bytes;
}

/** Tokens that any text may have beyond its estimate, however short it is. */
const SLACK_TOKENS = 4;

/**
 * The best guess, and a bound that ordinary text does not exceed. No byte-level tokenizer makes more
 * tokens than bytes, so neither does.
 */
export function estimateTokens(
  { bytes, sums }: TokenProfile,
  family: TokenizerFamily,
  tables: TokenTables = TABLES,
): TokenEstimate {
  if (bytes === 0) return { estimated: 0, atMost: 0 };
  const shares = tables.families[family];
  const guards = family === 'o200k' ? O200K_GUARDS : OTHER_GUARDS;
  let estimated = 0;
  let guarded = SLACK_TOKENS;
  for (let at = 0; at < SUMS; at++) {
    // All three have a place for each sum.
    const tokens = (shares[at] as number) * (sums[at] as number);
    estimated += tokens;
    guarded += tokens * (guards[at] as number);
  }
  const atMost = Math.min(bytes, Math.ceil(guarded));
  return { estimated: Math.min(atMost, Math.max(1, Math.round(estimated))), atMost };
}

/** How far real counts were above the estimate at the worst, by kind of text (see `test/eval`). */
type Guards = readonly [runs: number, excess: number, markedWords: number, scripts: number];

/** That there are so many runs is nearly sure; how many tokens each is above one is not. */
const O200K_GUARDS = guardsOf([1.15, 1.25, 1.5, 1.8]);
const OTHER_GUARDS = guardsOf([1.28, 1.5, 1.8, 2.2]);

function guardsOf([runs, excess, markedWords, scripts]: Guards): Float64Array {
  return Float64Array.from({ length: SUMS }, (_, at) => (at < DIGITS && at % 2 ? excess : runs))
    .fill(markedWords, MARKED_WORDS * 2, NUMBERS * 2)
    .fill(scripts, SCRIPTS * 2, DIGITS);
}
