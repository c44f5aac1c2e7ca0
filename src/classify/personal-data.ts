import { CARD_FORMAT, ibanAt } from './personal-data-accounts.ts';
import { emailAround, ipv4At, ipv6At } from './personal-data-addresses.ts';
import {
  endOfShape,
  indexFormats,
  LONGEST_RUN,
  type Shape,
  startsAlone,
  withoutSeparators,
} from './personal-data-formats.ts';
import type { PersonalDataFinding } from './personal-data-kinds.ts';
import { NATIONAL_FORMATS } from './personal-data-national.ts';
import { internationalPhoneAt, namedPhoneAt, PHONE_FORMATS } from './personal-data-phone.ts';
import { digitRun, isDigitAt, isLetterAt, letterRun, toPlainText } from './personal-data-text.ts';
import {
  isContradicted,
  isNamedNearby,
  readWords,
  type WordReader,
} from './personal-data-words.ts';

export {
  PERSONAL_DATA_KINDS,
  type PersonalDataFinding,
  type PersonalDataKind,
} from './personal-data-kinds.ts';

const FORMATS = indexFormats([CARD_FORMAT, ...PHONE_FORMATS, ...NATIONAL_FORMATS]);

/**
 * Where the text has personal data, in order and without overlaps. One pass in linear time (A18):
 * each place is compared with formats of bounded length, and words count within 40 characters.
 */
export function findPersonalData(text: string): readonly PersonalDataFinding[] {
  return [...findings(text)];
}

/** Whether the text has personal data at all; reads only up to the first finding. */
export function hasPersonalData(text: string): boolean {
  return findings(text).next().done !== true;
}

function* findings(original: string): Generator<PersonalDataFinding, void, void> {
  const text = toPlainText(original);
  const words = readWords(text);
  let last = 0;
  for (let at = 0; at < text.length; at++) {
    const finding = findingAt(words, at, last);
    if (finding === undefined) continue;
    yield finding;
    last = finding.end;
    at = last - 1;
  }
}

/** The finding that begins here or, for e-mail addresses, has its `@` here. */
function findingAt(
  words: WordReader,
  at: number,
  earliest: number,
): PersonalDataFinding | undefined {
  const { text } = words;
  if (isDigitAt(text, at)) {
    // The dash of a range joins two numbers; any other makes one longer code.
    const isSecondOfRange = at > 1 && at - 1 === earliest && text.charAt(earliest) === '-';
    return isSecondOfRange || startsAlone(text, at) ? numberAt(words, at) : undefined;
  }
  if (isLetterAt(text, at)) return startsAlone(text, at) ? codeAt(words, at) : undefined;
  switch (text.charAt(at)) {
    case '@':
      return emailAround(text, { start: at, end: at + 1 }, earliest);
    case '%':
      if (!text.startsWith('%40', at)) return undefined;
      return emailAround(text, { start: at, end: at + 3 }, earliest);
    case '+':
      return internationalPhoneAt(text, at);
    case '(':
      return withPhones(words, at, FORMATS.byParenthesis);
    default:
      return undefined;
  }
}

function numberAt(words: WordReader, at: number): PersonalDataFinding | undefined {
  const { text } = words;
  const run = digitRun(text, at, LONGEST_RUN);
  const address = run <= 3 ? ipv4At(text, at) : ipv6At(text, at);
  const shapes = FORMATS.byDigits[run] ?? [];
  return address ?? internationalPhoneAt(text, at) ?? withPhones(words, at, shapes);
}

function codeAt(words: WordReader, at: number): PersonalDataFinding | undefined {
  const { text } = words;
  const shapes = FORMATS.byLetters[letterRun(text, at, LONGEST_RUN)] ?? [];
  return ibanAt(text, at) ?? ipv6At(text, at) ?? strongest(words, at, shapes)?.finding;
}

/** A number that words call a phone is one, unless its shape and check digits say better. */
function withPhones(
  words: WordReader,
  at: number,
  shapes: readonly Shape[],
): PersonalDataFinding | undefined {
  const shaped = strongest(words, at, shapes);
  if (shaped !== undefined && shaped.proof !== 'likely') return shaped.finding;
  return namedPhoneAt(words, at) ?? shaped?.finding;
}

type ShapedFinding = {
  readonly finding: PersonalDataFinding;
  readonly proof: Shape['proof'];
};

/** Named by a word before certain by itself before likely; then the first in order. */
function strongest(
  words: WordReader,
  start: number,
  shapes: readonly Shape[],
): ShapedFinding | undefined {
  let best: ShapedFinding | undefined;
  for (const { kind, shape, proof, isValid } of shapes) {
    const end = endOfShape(words.text, start, shape);
    if (end === undefined || !isValid(withoutSeparators(words.text.slice(start, end)))) continue;
    const finding = { kind, start, end };
    if (isNamedNearby(words, finding)) return { finding, proof: 'named' };
    if (proof === 'certain' && best?.proof !== 'certain') best = { finding, proof };
    else if (proof === 'likely' && best === undefined && !isContradicted(words, finding)) {
      best = { finding, proof };
    }
  }
  return best;
}
