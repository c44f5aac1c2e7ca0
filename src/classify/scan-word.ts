import { AFTER_LETTERS, BYTE_KINDS, LARGE, LEAD, SIGN, SPACE } from './byte-kinds.ts';
import {
  CONTRACTED,
  JOINED,
  MARKED_WORDS,
  SPACE_PREFIX,
  TAB_PREFIX,
  TABBED,
  WORDS,
} from './places.ts';
import { addTo, closeRun, type Scan } from './scan.ts';
import { latinLetter, NO_LETTER } from './scripts.ts';
import { WORD_START } from './token-tables.ts';
import { codeAt, kindAt, type Utf8, widthAt } from './utf8.ts';

/** A word, and what follows it of words with one space or sign between: most of most texts. */
export function scanWords(scan: Scan): void {
  const { bytes } = scan;
  for (;;) {
    scanWord(scan);
    const kind = kindAt(bytes, scan.at);
    if (kind < AFTER_LETTERS) continue;
    const isJoint = kind === SPACE || (kind >= SIGN && kind < LEAD);
    if (!isJoint || kindAt(bytes, scan.at + 1) >= AFTER_LETTERS) return;
    scan.prefix = kind === SPACE ? SPACE_PREFIX : (bytes[scan.at] as number);
    scan.at++;
  }
}

/**
 * Letters, up to the first large one behind a small one: "get", "HTTPServer", "école". Each costs by
 * the two before it; three times five bits lie within the table.
 */
function scanWord(scan: Scan): void {
  const { bytes, tables } = scan;
  const { letterCosts, capitals } = tables;
  const kinds = BYTE_KINDS;
  let { at } = scan;
  let cost = tables.prefixes[scan.prefix] as number;
  let letters = (WORD_START << 5) | WORD_START;
  let largeLetters = 0;
  let limit = AFTER_LETTERS;
  let runs = WORDS;
  for (;;) {
    let kind = kinds[bytes[at] as number] as number;
    // Most letters of most texts are small ones, and nothing else is to be watched.
    for (; kind < LARGE; kind = kinds[bytes[++at] as number] as number) {
      limit = LARGE;
      letters = ((letters << 5) | kind) & THREE_LETTERS;
      cost += letterCosts[letters] as number;
    }
    if (kind === LEAD) {
      kind = latinLetter(codeAt(bytes, at));
      if (kind >= limit) break;
      at += widthAt(bytes, at) - 1;
      runs = MARKED_WORDS;
    } else if (kind >= limit) break;
    at++;
    if (kind < LARGE) limit = LARGE;
    else if (largeLetters++ > 0) cost += capitals[1] as number;
    letters = ((letters << 5) | (kind & 31)) & THREE_LETTERS;
    cost += letterCosts[letters] as number;
  }
  scan.at = at;
  closeWord(scan, runs, cost + costOfLarge(tables.capitals, largeLetters));
}

/** Five bits each. */
const THREE_LETTERS = 0x7f_ff;

function costOfLarge(capitals: Int8Array, letters: number): number {
  if (letters === 0) return 0;
  const first = capitals[0] as number;
  return letters === 1 ? first : first + (capitals[2] as number);
}

const APOSTROPHE = 0x27;

function closeWord(scan: Scan, runs: number, cost: number): void {
  const { bytes, prefix } = scan;
  if (prefix >= TAB_PREFIX) addTo(scan, prefix === TAB_PREFIX ? TABBED : JOINED, 1);
  if (bytes[scan.at] === APOSTROPHE) takeContraction(scan);
  closeRun(scan, runs, cost);
}

function takeContraction(scan: Scan): void {
  const length = contractionLength(scan.bytes, scan.at + 1);
  scan.at += length;
  if (length > 0) addTo(scan, CONTRACTED, 1);
}

/** "'s", "'re" and their like belong to the word before them; 0 where something else follows. */
function contractionLength(bytes: Utf8, at: number): number {
  const second = bytes[at + 1] as number;
  switch ((bytes[at] as number) | 0x20) {
    case 0x73: // s
    case 0x74: // t
    case 0x6d: // m
    case 0x64: // d
      return isLetterAt(bytes, at + 1) ? 0 : 2;
    case 0x72: // re
    case 0x76: // ve
      return (second | 0x20) === 0x65 && !isLetterAt(bytes, at + 2) ? 3 : 0;
    case 0x6c: // ll
      return (second | 0x20) === 0x6c && !isLetterAt(bytes, at + 2) ? 3 : 0;
    default:
      return 0;
  }
}

function isLetterAt(bytes: Utf8, at: number): boolean {
  const kind = kindAt(bytes, at);
  return kind < AFTER_LETTERS || (kind === LEAD && latinLetter(codeAt(bytes, at)) !== NO_LETTER);
}
