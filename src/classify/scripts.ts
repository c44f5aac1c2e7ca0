import { LARGE } from './byte-kinds.ts';

/**
 * Where each script begins, in blocks of 16 code points behind the one before, in base 36. Scripts are
 * numbered in this order; one that is named by its number costs like that one.
 */
const SCRIPT_STARTS =
  '8 4 4 r 5 7 9 1 4,6 e 6 7 2 3,10 j o 8 8 8 8 8 8 8 8 8 8 8 8 g a 6 g q,12 1q 8,12 2o,2 g g ' +
  '7 55,12 1s 4 c 1c bk 10g,12 5c jf,12 5 1s,42 1s b4,37 w,11 1c 1,36 6,11 9';

const LATIN_1_SIGNS = 0;
const LATIN_1 = 1;
const LATIN_EXTENDED = 2;
const COMBINING = 4;
const OTHER = 12;
const ASTRAL = 40;
export const EMOJI = 41;
/** What may share a run: letters, signs, letters of Latin words; a mark goes with all of them. */
export const LETTERS = 0;
export const SIGNS = 1;
export const LATIN = 2;
export const MARKS = 3;
/** Of each script: signs are those of Latin-1, two blocks of symbols, Chinese ones, emoji, selectors. */
const GROUPS = new Uint8Array(46);
for (const script of [LATIN_1_SIGNS, 32, 33, 34, EMOJI, 44]) GROUPS[script] = SIGNS;
GROUPS[LATIN_1] = GROUPS[LATIN_EXTENDED] = LATIN;
GROUPS[COMBINING] = MARKS;

const SCRIPT_OF_BLOCK = scriptBlocks();

function scriptBlocks(): Uint8Array {
  const blocks = new Uint8Array(4096).fill(OTHER);
  let block = 0;
  let next = 0;
  for (const start of SCRIPT_STARTS.split(' ')) {
    const [width = '', script = next] = start.split(',');
    block += Number.parseInt(width, 36);
    blocks.fill(Number(script), block);
    next = Math.max(next, Number(script) + 1);
  }
  return blocks;
}

/** The script of a code point beyond ASCII. */
export function scriptOf(code: number): number {
  if (code > 0xff_ff) return code >> 12 === 0x1f ? EMOJI : ASTRAL;
  return SCRIPT_OF_BLOCK[code >> 4] as number; // there are as many blocks
}

export function groupOf(script: number): number {
  return GROUPS[script] as number; // one for each script
}

/** Latin letters with marks, and marks by themselves: places behind a–z in the letter tables. */
const LATIN_1_LETTER = 26;
const LATIN_EXTENDED_LETTER = 27;
const MARK = 28;
export const NO_LETTER = 63;

const AFTER_LATIN = 0x1f_00;
const LATIN_LETTERS = Uint8Array.from({ length: AFTER_LATIN }, (_, code) => letterOf(code));

function letterOf(code: number): number {
  const script = scriptOf(code);
  if (script === COMBINING) return MARK;
  if (groupOf(script) !== LATIN) return NO_LETTER;
  const letter = script === LATIN_1 ? LATIN_1_LETTER : LATIN_EXTENDED_LETTER;
  const text = String.fromCharCode(code);
  return text === text.toLowerCase() ? letter : letter + LARGE;
}

/** The kind of a Latin letter or a mark beyond ASCII; `NO_LETTER` for every other character. */
export function latinLetter(code: number): number {
  return code < AFTER_LATIN ? (LATIN_LETTERS[code] as number) : NO_LETTER; // one for each code
}
