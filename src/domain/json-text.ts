import type { JsonObject, JsonValue } from './json.ts';
import { isJsonObject } from './json.ts';
import { findJsonFault } from './json-fault.ts';

/** Deeper nesting is refused before anything is parsed (fault catalogue A02). */
const MAX_DEPTH = 64;

type Span = { readonly start: number; readonly valueStart: number; readonly end: number };

/**
 * A JSON object kept as the text in which it came, with the places of its top-level members, so
 * that single members can change while every other byte of a value stays as it was sent.
 */
export type JsonText = {
  readonly text: string;
  readonly value: JsonObject;
  readonly members: ReadonlyMap<string, Span>;
  /** Top-level names given more than once; the last one counts, as in `JSON.parse`. */
  readonly duplicates: readonly string[];
};

/** Why a text is no JSON object, and where, in UTF-16 units. */
export type JsonFault = { readonly message: string; readonly offset: number };

/** Reads a JSON object once, in time linear in its length. */
export function readJsonText(text: string): JsonText | JsonFault {
  const scanned = scan(text);
  if ('message' in scanned) return scanned;
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value)) return { message: 'the body is not a JSON object', offset: 0 };
    return { text, value, ...scanned };
  } catch {
    return { message: 'the body is not valid JSON', offset: findJsonFault(text) };
  }
}

/**
 * The same object with some members left out and others set. Members that stay keep their exact
 * text and order; those in `changes` that are new come last.
 */
export function patchJsonText(
  json: JsonText,
  keeps: (name: string) => boolean,
  changes: Readonly<Record<string, JsonValue>>,
): string {
  const pieces: string[] = [];
  for (const [name, span] of json.members) {
    if (Object.hasOwn(changes, name) || !keeps(name)) continue;
    pieces.push(json.text.slice(span.start, span.end));
  }
  for (const [name, value] of Object.entries(changes)) {
    pieces.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  }
  return `{${pieces.join(',')}}`;
}

type Scan = Pick<JsonText, 'members' | 'duplicates'>;

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const SPACE = 32;

/** Finds the top-level members. Trusts the syntax: `JSON.parse` judges it afterwards. */
function scan(text: string): Scan | JsonFault {
  const members = new Map<string, Span>();
  const duplicates: string[] = [];
  let at = skipSpace(text, 0);
  if (text.charCodeAt(at) !== OPEN_BRACE) return { members, duplicates };
  do {
    const start = skipSpace(text, at + 1);
    if (text.charCodeAt(start) !== QUOTE) break;
    const nameEnd = endOfString(text, start);
    const valueStart = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const end = endOfValue(text, valueStart);
    if (typeof end !== 'number') return end;
    const name = nameOf(text.slice(start, nameEnd));
    if (members.has(name)) duplicates.push(name);
    members.set(name, { start, valueStart, end });
    at = skipSpace(text, end);
  } while (text.charCodeAt(at) === COMMA);
  return { members, duplicates };
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) <= SPACE) at++;
  return at;
}

function endOfValue(text: string, start: number): number | JsonFault {
  const code = text.charCodeAt(start);
  if (code === QUOTE) return endOfString(text, start);
  if (code === OPEN_BRACE || code === OPEN_BRACKET) return endOfNest(text, start);
  let at = start;
  while (at < text.length && !isDelimiter(text.charCodeAt(at))) at++;
  return at;
}

function isDelimiter(code: number): boolean {
  return code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || code <= SPACE;
}

/** The value itself is at the second level of the body. */
function endOfNest(text: string, start: number): number | JsonFault {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at) - 1;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
    if (depth > MAX_DEPTH) {
      return { message: `the body is nested deeper than ${MAX_DEPTH} levels`, offset: at };
    }
    if (depth === 1) return at + 1;
  }
  return text.length;
}

/** The place behind the closing quote. */
function endOfString(text: string, start: number): number {
  let end = start;
  do {
    end = text.indexOf('"', end + 1);
    if (end < 0) return text.length;
  } while (isEscaped(text, end));
  return end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function nameOf(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
