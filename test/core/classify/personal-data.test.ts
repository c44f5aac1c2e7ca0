import { describe, expect, it } from 'vitest';
import { findPersonalData } from '../../../src/classify/personal-data.ts';
import { WITH_PERSONAL_DATA, WITHOUT_PERSONAL_DATA } from '../../eval/personal-data-texts.ts';
import { hasChecksum, scorePersonalData } from '../../eval/score-personal-data.ts';

describe('findPersonalData', () => {
  it.each(WITH_PERSONAL_DATA)('finds $kind in $text', ({ text, expected }) => {
    expect(findPersonalData(text)).toEqual(expected);
  });

  it.each(WITHOUT_PERSONAL_DATA)('leaves $what alone: $text', ({ text }) => {
    expect(findPersonalData(text)).toEqual([]);
  });

  it('has precision and recall of at least .98 for each format with check digits', () => {
    const cases = [...WITH_PERSONAL_DATA, ...WITHOUT_PERSONAL_DATA];

    const scores = scorePersonalData(cases).filter(({ kind }) => hasChecksum(kind));

    expect(cases.length).toBeGreaterThanOrEqual(300);
    expect(scores.map(({ kind }) => kind)).toHaveLength(23);
    const low = scores.filter(({ precision, recall }) => Math.min(precision, recall) < 0.98);
    expect(low).toEqual([]);
  });

  it.each([
    ['digits', '7'],
    ['digits in groups', '4111 '],
    ['digits and dashes', '1-'],
    ['digits and dots', '1.'],
    ['addresses without an end', '1.2.3.'],
    ['colons', 'a:'],
    ['at signs', '@'],
    ['names before at signs', 'a.b@'],
    ['one endless name', 'a'],
    ['escaped at signs', 'a%40'],
    ['plus signs', '+1 '],
    ['parentheses', '(415) '],
    ['account numbers', 'DE89 '],
    ['escaped line ends', '\\n'],
    ['words that name a number', 'phone ssn 12 '],
    ['full-width digits', '\uff11'],
    ['long words', 'abcdefghij '],
  ])('reads %s over and over in linear time (A18)', { timeout: 60_000 }, (_, piece) => {
    const small = piece.repeat(131_072 / piece.length);
    const large = piece.repeat(1_048_576 / piece.length);
    const usual = Math.max(1, Math.min(timeOf(small), timeOf(small), timeOf(small)));

    const ratio = timeOf(large) / usual;

    // Eight times the length; sixty-four times as long if each place looked at all the others.
    expect(ratio).toBeLessThan(24);
  });
});

/** In microseconds of the processor, which are about the same on a busy machine. */
function timeOf(text: string): number {
  const before = process.cpuUsage();
  findPersonalData(text);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
