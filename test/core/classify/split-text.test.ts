import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitText } from '../../../src/classify/split-text.ts';

const texts = fc.oneof(
  fc.lorem({ maxCount: 200 }),
  fc.string({ unit: 'binary', minLength: 50, maxLength: 2000 }),
  fc.array(fc.lorem(), { minLength: 1, maxLength: 40 }).map((lines) => lines.join('\n\n')),
);

describe('splitText', () => {
  it('gives so many pieces of about the same length, which are the text', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 16 }), (text, count) => {
        const pieces = splitText(text, count);

        expect(pieces).toHaveLength(count);
        expect(pieces.join('')).toBe(text);
        const longest = Math.max(...pieces.map(({ length }) => length));
        expect(longest).toBeLessThanOrEqual((text.length / count) * 1.1 + 2);
      }),
    );
  });

  it.each([
    ['a paragraph', `${'a b. '.repeat(9)}\n\n${'c d. '.repeat(10)}`, '\n\n'],
    ['a line', `${'a b. '.repeat(9)}x\n${'c d. '.repeat(10)}`, '\n'],
    ['a sentence', `${'a b c '.repeat(7)}. ${'d e f '.repeat(8)}`, '. '],
    ['a word', `${'ab '.repeat(33)}`, ' '],
  ])('cuts behind %s where there is one', (_, text, seam) => {
    const [first = ''] = splitText(text, 2);

    expect(first.endsWith(seam)).toBe(true);
  });

  it('keeps the halves of a character together', () => {
    const pieces = splitText('\u{1f600}'.repeat(35), 4);

    expect(pieces.map((piece) => piece.isWellFormed())).toEqual([true, true, true, true]);
  });
});
