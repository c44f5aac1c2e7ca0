import { AFTER_LETTERS, BYTE_KINDS, LEAD } from './byte-kinds.ts';
import { groupOf, SIGNS, scriptOf } from './scripts.ts';

/**
 * The bytes of whole UTF-8 text with a zero byte behind it: it is of no kind that goes on, so every
 * run ends there and no place needs a check. That is why the reads below are never undefined.
 */
export type Utf8 = Uint8Array;

export function kindAt(bytes: Utf8, at: number): number {
  return BYTE_KINDS[bytes[at] as number] as number;
}

/** How many bytes the character there has, by its first one. */
export function widthAt(bytes: Utf8, at: number): number {
  const lead = bytes[at] as number;
  if (lead < 0xe0) return lead < 0x80 ? 1 : 2;
  return lead < 0xf0 ? 3 : 4;
}

export function codeAt(bytes: Utf8, at: number): number {
  const lead = bytes[at] as number;
  if (lead < 0x80) return lead;
  const second = (bytes[at + 1] as number) & 63;
  if (lead < 0xe0) return ((lead & 31) << 6) | second;
  const upper = (second << 6) | ((bytes[at + 2] as number) & 63);
  if (lead < 0xf0) return ((lead & 15) << 12) | upper;
  return ((lead & 7) << 18) | (upper << 6) | ((bytes[at + 3] as number) & 63);
}

/** A letter of any script, or a mark: what a single sign before it joins. */
export function isTextAt(bytes: Utf8, at: number): boolean {
  const kind = kindAt(bytes, at);
  return kind < AFTER_LETTERS || (kind === LEAD && groupOf(scriptOf(codeAt(bytes, at))) !== SIGNS);
}
