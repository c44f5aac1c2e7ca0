const DIGIT_0 = 48;
const DIGIT_9 = 57;
const UPPER_A = 65;
const UPPER_Z = 90;
const LOWER_A = 97;
const LOWER_Z = 122;
const UNDERSCORE = 95;
/** Latin letters beyond ASCII: U+00C0 to U+024F (with × and ÷, which never touch a number). */
const LATIN_FIRST = 0xc0;
const LATIN_LAST = 0x2_4f;
/** Full-width forms U+FF01 to U+FF5E mirror ASCII at this distance. */
const FULL_WIDTH_OFFSET = 0xfe_e0;

/** Spaces, dashes, digits and full-width forms that stand for ASCII, and escapes of JSON strings. */
const VARIANT =
  /[\u00a0\u2007\u2009\u202f\u3000\u2010-\u2015\u2212\uff01-\uff5e\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]|\\[nrt]/g;

/**
 * The text with typographic variants written in ASCII, so that every format is described once.
 * Each UTF-16 unit stays in its place: positions hold for the original.
 */
export function toPlainText(text: string): string {
  return text.replace(VARIANT, toAscii);
}

function toAscii(variant: string): string {
  if (variant.length === 2) return '\n\n';
  const code = variant.charCodeAt(0);
  if (code >= 0xff_01) return String.fromCharCode(code - FULL_WIDTH_OFFSET);
  if (code === 0x22_12 || (code >= 0x20_10 && code <= 0x20_15)) return '-';
  if (code >= 0x9_66 && code <= 0x9_6f) return String(code - 0x9_66);
  if (code >= 0x6_f0 && code <= 0x6_f9) return String(code - 0x6_f0);
  if (code >= 0x6_60 && code <= 0x6_69) return String(code - 0x6_60);
  return ' ';
}

/** Is there a digit `0` to `9` at this place? False beyond the ends of the text. */
export function isDigitAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= DIGIT_0 && code <= DIGIT_9;
}

/** Is there a letter `A` to `Z` at this place? */
export function isUpperAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= UPPER_A && code <= UPPER_Z;
}

/** Is there an ASCII letter of either case at this place? */
export function isLetterAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= UPPER_A && code <= UPPER_Z) || (code >= LOWER_A && code <= LOWER_Z);
}

/** Is there an ASCII letter or digit at this place? */
export function isAlphanumericAt(text: string, at: number): boolean {
  return isDigitAt(text, at) || isLetterAt(text, at);
}

/**
 * Would a number or code that touches this place be only a part of something longer? Chinese,
 * Japanese and Korean put no space between words and numbers, so their letters do not count.
 */
export function isWordAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code >= LATIN_FIRST && code <= LATIN_LAST) return true;
  return code === UNDERSCORE || isAlphanumericAt(text, at);
}

/** How many digits stand from here on, counted up to `most`. */
export function digitRun(text: string, at: number, most: number): number {
  let length = 0;
  while (length < most && isDigitAt(text, at + length)) length++;
  return length;
}

/** The same for ASCII letters. */
export function letterRun(text: string, at: number, most: number): number {
  let length = 0;
  while (length < most && isLetterAt(text, at + length)) length++;
  return length;
}
