import { LARGE } from './byte-kinds.ts';

/**
 * Where each script begins: the code point divided by 16, in base 36, and the script's number.
 * Blocks that cost alike share a number.
 */
const SCRIPT_STARTS =
  '8,0;c,1;g,2;17,3;1c,4;1j,5;1s,6;1t,7;1x,6;2b,8;2h,9;2o,10;2q,11;2t,10;3c,12;40,13;48,14;4g,15;' +
  '4o,16;4w,17;54,18;5c,19;5k,20;5s,21;60,22;68,23;6g,24;6o,25;74,26;7e,27;7k,28;80,29;8q,12;' +
  'ag,30;ao,12;dc,2;ds,31;e8,32;ef,33;jk,12;lc,34;lg,35;ls,36;n4,37;yo,38;1z4,12;24g,39;2nv,12;' +
  '2o0,40;2ps,42;2rk,43;32o,37;33k,11;34w,44;34x,36;353,11;35c,45';

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
  for (const start of SCRIPT_STARTS.split(';')) {
    const [block = '', script = ''] = start.split(',');
    blocks.fill(Number(script), Number.parseInt(block, 36));
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
