import { KEYWORD_GROUPS, keywordGroupOf } from './task-keywords.ts';

/** Buckets that words are hashed into, and pairs of neighboring words. */
export const WORD_BUCKETS = 2048;
export const PAIR_BUCKETS = 4096;

/** A longer text is read at its head and its tail: there it says what it wants. */
const HEAD_CHARACTERS = 1800;
const TAIL_CHARACTERS = 1200;
/** Words with the same beginning mean the same kind of thing: "integral", "integrals". */
const STEM_CHARACTERS = 6;
const LONG_WORD_CHARACTERS = 8;
/** Numbers differ by their length, up to this. */
const MOST_DIGITS = 5;

/** Reads a text once, in a time that has a bound however long it is. */
export function scanText(text: string): TextScan {
  const scan = new TextScan(cut(text));
  let at = 0;
  while (at < scan.text.length) at = scanFrom(scan, at);
  return scan;
}

/** Gives the place behind what stands here: a word, a number, or one sign. */
function scanFrom(scan: TextScan, at: number): number {
  const code = scan.text.charCodeAt(at);
  const kind = classAt(code);
  if (kind === LETTER) return scanWord(scan, at);
  if (kind === DIGIT) return scanNumber(scan, at);
  if (kind === SYMBOL) scan.symbols[code] = (scan.symbols[code] ?? 0) + 1;
  else if (code === NEWLINE) noteLine(scan, at);
  return at + 1;
}

function cut(text: string): string {
  if (text.length <= HEAD_CHARACTERS + TAIL_CHARACTERS) return text;
  return `${text.slice(0, HEAD_CHARACTERS)}\n${text.slice(-TAIL_CHARACTERS)}`;
}

const SPACE = 0;
const LETTER = 1;
const DIGIT = 2;
const SYMBOL = 3;

function classAt(code: number): number {
  return code < 128 ? (CLASS_OF_CODE[code] ?? SYMBOL) : LETTER;
}

/** The class of each ASCII character; all others count as letters. */
const CLASS_OF_CODE = Uint8Array.from({ length: 128 }, (_, code) => classOf(code));

function classOf(code: number): number {
  if (code <= 32 || code === 127) return SPACE;
  if (code >= 48 && code <= 57) return DIGIT;
  const lower = code | 32;
  return lower >= 97 && lower <= 122 ? LETTER : SYMBOL;
}

const NEWLINE = 10;
const CAPITAL_A = 65;
const CAPITAL_J = 74;
const CAPITAL_Z = 90;

/** Counts by hash, and which buckets have any. */
export class Buckets {
  readonly counts: Uint8Array;
  /** In the order in which they were first filled. */
  readonly filled: number[] = [];

  constructor(size: number) {
    this.counts = new Uint8Array(size);
  }

  add(hash: number): void {
    const bucket = hash % this.counts.length;
    const count = this.counts[bucket] ?? 0;
    if (count === 0) this.filled.push(bucket);
    if (count < MOST_COUNTED) this.counts[bucket] = count + 1;
  }
}

const MOST_COUNTED = 255;

/** Everything that one pass over a text counts. */
export class TextScan {
  readonly text: string;
  readonly wordBuckets = new Buckets(WORD_BUCKETS);
  readonly pairBuckets = new Buckets(PAIR_BUCKETS);
  readonly symbols = new Uint16Array(128);
  readonly keywords = new Uint16Array(KEYWORD_GROUPS.length);
  words = 0;
  letters = 0;
  longWords = 0;
  capitalizedWords = 0;
  capitals = 0;
  foreign = 0;
  numbers = 0;
  digits = 0;
  longestNumber = 0;
  lines = 1;
  indents = 0;
  options = 0;
  #previous = 0;

  constructor(text: string) {
    this.text = text;
  }

  addToken(stem: number): void {
    this.wordBuckets.add(mix(stem));
    if (this.#previous !== 0) {
      const pair = mix(Math.imul(this.#previous, 0x9e_37_79_b1) ^ stem);
      this.pairBuckets.add(pair);
    }
    this.#previous = stem;
  }
}

/** Spreads a hash over all of its bits (the finalizer of Murmur's kind). */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x45_d9_f3_b3);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c_1b_3c_6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

const FNV_OFFSET = 0x81_1c_9d_c5;
const FNV_PRIME = 0x01_00_01_93;

function scanWord(scan: TextScan, start: number): number {
  const { text } = scan;
  let stem = FNV_OFFSET;
  let whole = FNV_OFFSET;
  let at = start;
  for (; at < text.length && classAt(text.charCodeAt(at)) === LETTER; at++) {
    whole = Math.imul(whole ^ smallLetter(scan, text.charCodeAt(at)), FNV_PRIME);
    if (at - start < STEM_CHARACTERS) stem = whole;
  }
  noteWord(scan, start, at);
  const group = keywordGroupOf(whole);
  if (group !== undefined) scan.keywords[group] = (scan.keywords[group] ?? 0) + 1;
  scan.addToken(stem);
  return at;
}

function smallLetter(scan: TextScan, code: number): number {
  if (code >= 128) scan.foreign++;
  if (!isCapital(code)) return code;
  scan.capitals++;
  return code + 32;
}

function isCapital(code: number): boolean {
  return code >= CAPITAL_A && code <= CAPITAL_Z;
}

function noteWord(scan: TextScan, start: number, end: number): void {
  scan.words++;
  scan.letters += end - start;
  if (end - start >= LONG_WORD_CHARACTERS) scan.longWords++;
  if (isCapital(scan.text.charCodeAt(start))) scan.capitalizedWords++;
}

function scanNumber(scan: TextScan, start: number): number {
  let at = start;
  while (at < scan.text.length && CLASS_OF_CODE[scan.text.charCodeAt(at)] === DIGIT) at++;
  const digits = at - start;
  scan.numbers++;
  scan.digits += digits;
  scan.longestNumber = Math.max(scan.longestNumber, digits);
  scan.addToken(Math.min(digits, MOST_DIGITS));
  return at;
}

const DOT = 46;
const CLOSE_PARENTHESIS = 41;

/** A new line: is it indented, or an answer option like "A. …"? */
function noteLine(scan: TextScan, at: number): void {
  scan.lines++;
  const first = scan.text.charCodeAt(at + 1);
  const second = scan.text.charCodeAt(at + 2);
  if (first === 32 || first === 9) scan.indents++;
  const isLetter = first >= CAPITAL_A && first <= CAPITAL_J;
  if (isLetter && (second === DOT || second === CLOSE_PARENTHESIS)) scan.options++;
}
