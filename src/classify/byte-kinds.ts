/**
 * What a byte begins: an ASCII letter by its place in the alphabet, `LARGE` more for a large one, or
 * one of these kinds. They are plain numbers, for the scan compares them once per byte.
 */
export const LARGE = 32;
/** Kinds below are letters, those of `scripts.ts` included. */
export const AFTER_LETTERS = 60;
export const DIGIT = 64;
export const SPACE = 65;
export const LINE_END = 66;
export const TAB = 67;
export const CONTROL = 68;
/** Of eight kinds of ASCII signs, `SIGN` to `SIGN + 7`. */
export const SIGN = 72;
/** The first byte of a longer character. */
export const LEAD = 128;
/** A byte within one; none begins a run. */
const TAIL = 129;

/** Signs that tokenizers treat alike. */
const SIGN_KINDS = ['\'"`', '([{', '}])', ',;:', '.', '=<>!&|+-*%^~?@#$', '_\\', '/'];

export const BYTE_KINDS = byteKinds();

function byteKinds(): Uint8Array {
  const kinds = new Uint8Array(256).fill(TAIL).fill(CONTROL, 0, 128);
  kinds.fill(LEAD, 0xc2, 0xf5).fill(DIGIT, 0x30, 0x3a);
  kinds[0x20] = SPACE;
  kinds[0x0a] = kinds[0x0d] = LINE_END;
  kinds[0x09] = TAB;
  for (let letter = 0; letter < 26; letter++) {
    kinds[0x61 + letter] = letter;
    kinds[0x41 + letter] = letter + LARGE;
  }
  for (const [kind, signs] of SIGN_KINDS.entries()) {
    for (const sign of signs) kinds[sign.charCodeAt(0)] = SIGN + kind;
  }
  return kinds;
}
