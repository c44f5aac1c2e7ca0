import { AFTER_LETTERS, CONTROL, DIGIT, LEAD, LINE_END, SIGN, SPACE, TAB } from './byte-kinds.ts';
import {
  DIGITS,
  LINE_ENDS,
  NO_PREFIX,
  NUMBERS,
  SCRIPTS,
  SIGN_LENGTH,
  SIGN_PREFIX,
  SIGNS,
  SPACE_PREFIX,
  SPACES,
  TAB_PREFIX,
  UNITS_PER_TOKEN,
} from './places.ts';
import { addTo, closeRun, type Scan } from './scan.ts';
import { scanWords } from './scan-word.ts';
import { EMOJI, groupOf, LATIN, MARKS, SIGNS as SIGN_SCRIPTS, scriptOf } from './scripts.ts';
import type { TokenTables } from './token-tables.ts';
import { codeAt, isTextAt, kindAt, type Utf8, widthAt } from './utf8.ts';

/**
 * One pass over text that cuts it into runs as the tokenizers do (words, numbers, signs, space, runs
 * of another script) and adds up what each class of runs costs. Nothing is looked at twice.
 */
export function scanText(scan: Scan, end: number): void {
  while (scan.at < end) scanRun(scan);
}

/** One run, or what joins the next one. */
export function scanRun(scan: Scan): void {
  const kind = kindAt(scan.bytes, scan.at);
  if (kind < AFTER_LETTERS) scanWords(scan);
  else if (kind >= LEAD) scanLonger(scan);
  else if (kind >= SIGN) scanSigns(scan);
  else if (kind === SPACE) scanSpaces(scan);
  else if (kind === DIGIT) scanNumber(scan);
  else if (kind === LINE_END) scanLineEnds(scan);
  else if (kind === TAB) scanTabs(scan);
  else closeSpace(scan, scan.at + 1, 0);
}

/** Places of `signs` behind the eight kinds: again behind a space, then these. */
const REPEATED = 16;
const BEFORE_LINE_END = 17;

/** Signs, and the line ends behind them; a single sign right before a letter joins that word. */
function scanSigns(scan: Scan): void {
  const { bytes, tables, at: from } = scan;
  const { signs, signSteps } = tables;
  const isSpaced = scan.prefix === SPACE_PREFIX;
  let at = from + 1;
  let last = bytes[from] as number;
  if (!isSpaced && isTextAt(bytes, at)) {
    scan.prefix = last;
    scan.at = at;
    return;
  }
  let step = kindAt(bytes, from) & 7;
  let cost = signs[isSpaced ? step + 8 : step] as number;
  for (let kind = kindAt(bytes, at); kind >= SIGN && kind < LEAD; kind = kindAt(bytes, ++at)) {
    const sign = bytes[at] as number;
    step = ((step & 7) << 3) | (kind & 7);
    cost += (sign === last ? signs[REPEATED] : signSteps[step]) as number;
    last = sign;
  }
  addTo(scan, SIGN_LENGTH, at - from);
  if (kindAt(bytes, at) === LINE_END) {
    cost += signs[BEFORE_LINE_END] as number;
    addTo(scan, LINE_ENDS, 1);
    at = behindLineEnds(bytes, at);
  }
  scan.at = at;
  closeRun(scan, SIGNS, cost);
}

const SLASH = 0x2f;

function behindLineEnds(bytes: Utf8, from: number): number {
  let at = from;
  while (kindAt(bytes, at) === LINE_END || bytes[at] === SLASH) at++;
  return at;
}

/** One token for each three digits. */
function scanNumber(scan: Scan): void {
  const at = behind(scan, DIGIT);
  const digits = at - scan.at;
  scan.at = at;
  addTo(scan, DIGITS, digits);
  closeRun(scan, NUMBERS, (Math.ceil(digits / 3) - 1) * UNITS_PER_TOKEN);
}

/** Behind the bytes of one kind that begin here. */
function behind({ bytes, at }: Pick<Scan, 'bytes' | 'at'>, kind: number): number {
  let next = at + 1;
  while (kindAt(bytes, next) === kind) next++;
  return next;
}

/** So many spaces fit into one token. */
const SPACES_PER_TOKEN = 80;

/** The last space joins what follows, but no number and no other space; line ends take them all. */
function scanSpaces(scan: Scan): void {
  const at = behind(scan, SPACE);
  const spaces = at - scan.at;
  const next = kindAt(scan.bytes, at);
  if (next === LINE_END) scan.at = at;
  else if (next >= DIGIT && next <= CONTROL) closeSpace(scan, at, spaces > 1 ? 1 : 0);
  else {
    if (spaces > 1) closeSpace(scan, at - 1, Math.floor(spaces / SPACES_PER_TOKEN));
    scan.at = at;
    scan.prefix = SPACE_PREFIX;
    // What follows is known already: words and signs, nearly always.
    if (next < AFTER_LETTERS) scanWords(scan);
    else if (next < LEAD) scanSigns(scan);
  }
}

function closeSpace(scan: Scan, at: number, tokensAboveOne: number): void {
  scan.at = at;
  closeRun(scan, SPACES, tokensAboveOne * UNITS_PER_TOKEN);
}

/** Line ends, with the blank lines between them. */
function scanLineEnds(scan: Scan): void {
  const { bytes } = scan;
  let at = scan.at + 1;
  for (let next = at; ; next++) {
    const kind = kindAt(bytes, next);
    if (kind === LINE_END) at = next + 1;
    else if (kind !== SPACE && kind !== TAB) break;
  }
  closeSpace(scan, at, 0);
}

function scanTabs(scan: Scan): void {
  const { bytes } = scan;
  const at = behind(scan, TAB);
  const isSeveral = at - scan.at > 1;
  if (kindAt(bytes, at) === LINE_END) scan.at = at;
  else if (isTextAt(bytes, at)) {
    if (isSeveral) closeSpace(scan, at - 1, 0);
    scan.at = at;
    scan.prefix = TAB_PREFIX;
  } else closeSpace(scan, at, isSeveral ? 1 : 0);
}

/** A character of more than one byte: a Latin word, or a run of another script or of signs. */
function scanLonger(scan: Scan): void {
  const { bytes, at } = scan;
  const script = scriptOf(codeAt(bytes, at));
  const next = at + widthAt(bytes, at);
  if (groupOf(script) === LATIN) scanWords(scan);
  else if (joinsNext(scan, script, next)) {
    scan.at = next;
    scan.prefix = SIGN_PREFIX;
  } else scanScript(scan, script);
}

/** A single sign right before a letter joins that word, as ASCII signs do. */
function joinsNext({ bytes, prefix }: Scan, script: number, next: number): boolean {
  if (groupOf(script) !== SIGN_SCRIPTS || script === EMOJI || prefix === SPACE_PREFIX) return false;
  return isTextAt(bytes, next) && groupOf(scriptOf(codeAt(bytes, next))) !== MARKS;
}

/** Places of `joints`: behind a sign, an ASCII sign within, a joiner, a line end behind. */
const BEHIND_SIGN = 0;
const ASCII_SIGN = 1;
const JOINER = 2;
const JOINED_LINE_END = 3;
const ZERO_WIDTH_JOINER = 0x20_0d;

/** Characters beyond ASCII that are all signs, or all not; the first one names the class. */
function scanScript(scan: Scan, script: number): void {
  const { bytes, tables } = scan;
  const { joints } = tables;
  const isSigns = groupOf(script) === SIGN_SCRIPTS;
  let { at } = scan;
  let cost = (tables.runs[script] as number) + costBefore(scan, script);
  for (let kind = LEAD; kind >= (isSigns ? SIGN : LEAD); kind = kindAt(bytes, at)) {
    const more = kind < LEAD ? joints[ASCII_SIGN] : costWithin(tables, codeAt(bytes, at), script);
    if (more === undefined) break;
    cost += more;
    at += widthAt(bytes, at);
  }
  if (isSigns && kindAt(bytes, at) === LINE_END) {
    cost += joints[JOINED_LINE_END] as number;
    at = behind({ bytes, at }, LINE_END);
  }
  scan.at = at;
  closeRun(scan, SCRIPTS + script, cost);
}

/** What a character costs in a run of a script; undefined when it begins another. */
function costWithin(tables: TokenTables, code: number, script: number): number | undefined {
  if (code === ZERO_WIDTH_JOINER) return tables.joints[JOINER];
  const own = scriptOf(code);
  const group = groupOf(own);
  return group === groupOf(script) || group === MARKS ? tables.characters[own] : undefined;
}

function costBefore({ prefix, tables }: Scan, script: number): number {
  if (prefix === NO_PREFIX) return 0;
  return (prefix === SPACE_PREFIX ? tables.spaces[script] : tables.joints[BEHIND_SIGN]) as number;
}
