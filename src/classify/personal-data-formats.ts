import type { PersonalDataKind } from './personal-data-kinds.ts';
import {
  digitRun,
  isAlphanumericAt,
  isDigitAt,
  isLetterAt,
  isUpperAt,
  isWordAt,
} from './personal-data-text.ts';

/**
 * How a number is written, by shapes of one character for each UTF-16 unit: `9` a digit, `A` an
 * upper-case letter, `a` a letter of either case, `*` a letter or digit; anything else is itself.
 */
export type NumberFormat = {
  readonly kind: PersonalDataKind;
  /** So particular that shape and check are enough. */
  readonly certain?: readonly string[];
  /** Enough unless a word such as `order` stands right before it. */
  readonly likely?: readonly string[];
  /** Counts only where a word nearby names the kind. */
  readonly named?: readonly string[];
  /** Judges the digits and upper-case letters without separators: check digit, dates, prefixes. */
  readonly isValid: (characters: string) => boolean;
};

/** One shape of one format. */
export type Shape = {
  readonly kind: PersonalDataKind;
  readonly shape: string;
  readonly proof: 'certain' | 'likely' | 'named';
  readonly isValid: (characters: string) => boolean;
};

/** Shapes by the length of the run of digits (or of letters) with which they begin. */
export type ShapeIndex = {
  readonly byDigits: readonly (readonly Shape[])[];
  readonly byLetters: readonly (readonly Shape[])[];
  readonly byParenthesis: readonly Shape[];
};

/** Runs longer than this begin no known number. */
export const LONGEST_RUN = 20;

/** Prepares formats for look-up; among shapes that fit the same place the first format wins. */
export function indexFormats(formats: readonly NumberFormat[]): ShapeIndex {
  const shapes = formats.flatMap(shapesOf);
  const runs = Array.from({ length: LONGEST_RUN + 1 }, (_, run) => run);
  return {
    byDigits: runs.map((run) => shapes.filter(({ shape }) => canBegin(shape, DIGIT_FIRST, run))),
    byLetters: runs.map((run) => shapes.filter(({ shape }) => canBegin(shape, LETTER_FIRST, run))),
    byParenthesis: shapes.filter(({ shape }) => shape.startsWith('(')),
  };
}

function shapesOf({ kind, isValid, ...byProof }: NumberFormat): Shape[] {
  const proofs = ['certain', 'likely', 'named'] as const;
  return proofs.flatMap((proof) =>
    (byProof[proof] ?? []).map((shape) => ({ kind, shape, proof, isValid })),
  );
}

const DIGIT_FIRST = /^[0-9]*/;
const LETTER_FIRST = /^[Aa]*/;

/** Could a run of so many digits or letters begin this shape? `*` may prolong it. */
function canBegin(shape: string, first: RegExp, run: number): boolean {
  const length = first.exec(shape)?.[0].length ?? 0;
  if (length === 0 || run < length) return false;
  return run === length || shape.charAt(length) === '*';
}

/** Where the shape ends if the text has it here, standing alone; undefined if not. */
export function endOfShape(text: string, start: number, shape: string): number | undefined {
  for (let at = 0; at < shape.length; at++) {
    if (!fits(text, start + at, shape.charAt(at))) return undefined;
  }
  const end = start + shape.length;
  if (!endsAlone(text, end)) return undefined;
  return shape.includes(' ') && isOneOfManyGroups(text, start, end) ? undefined : end;
}

function fits(text: string, at: number, symbol: string): boolean {
  if (symbol === '9') return isDigitAt(text, at);
  if (symbol === 'A') return isUpperAt(text, at);
  if (symbol === 'a') return isLetterAt(text, at);
  if (symbol === '*') return isAlphanumericAt(text, at);
  return text.charAt(at) === symbol;
}

const GLUED_BEFORE = '$€£¥+^~';

/** Can a number begin here, or is it the tail of a longer code, a decimal or a price? */
export function startsAlone(text: string, start: number): boolean {
  if (start === 0) return true;
  if (isWordAt(text, start - 1)) return false;
  const before = text.charAt(start - 1);
  if (before === '-') return !isWordAt(text, start - 2);
  if (before === '.') return !isDigitAt(text, start - 2);
  return !GLUED_BEFORE.includes(before);
}

/** Can a number end here? */
export function endsAlone(text: string, end: number): boolean {
  if (isWordAt(text, end)) return false;
  const after = text.charAt(end);
  if (after === '-') return !isWordAt(text, end + 1);
  if (after === '.') return !isDigitAt(text, end + 1);
  return after !== '@';
}

/**
 * In a row of groups of equal length (a table of numbers, a longer card) no part is a number: the
 * group before or after, one space away, must differ in length from the first or last one here.
 */
function isOneOfManyGroups(text: string, start: number, end: number): boolean {
  const first = digitRun(text, start, LONGEST_RUN);
  const last = digitsBackward(text, end);
  const isAfterSame = text.charAt(end) === ' ' && digitRun(text, end + 1, LONGEST_RUN) === last;
  const isBeforeSame = text.charAt(start - 1) === ' ' && digitsBackward(text, start - 1) === first;
  return (last > 0 && isAfterSame) || (first > 0 && isBeforeSame);
}

function digitsBackward(text: string, end: number): number {
  let length = 0;
  while (length < LONGEST_RUN && isDigitAt(text, end - 1 - length)) length++;
  return length;
}

/** Digits and letters only, in upper case: what `isValid` judges. */
export function withoutSeparators(written: string): string {
  return written.replace(SEPARATORS, '').toUpperCase();
}

const SEPARATORS = /[^0-9A-Za-z]/g;
