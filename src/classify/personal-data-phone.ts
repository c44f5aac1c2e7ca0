import type { NumberFormat } from './personal-data-formats.ts';
import { endsAlone } from './personal-data-formats.ts';
import type { PersonalDataFinding } from './personal-data-kinds.ts';
import { digitRun, isDigitAt, isWordAt } from './personal-data-text.ts';
import { isMentionedAround, isNamedNearby, type WordReader } from './personal-data-words.ts';

/** ITU-T E.164: the most digits of an international number. */
const MOST_DIGITS = 15;
/** The fewest digits of a number that stands by itself: a local one in North America. */
const FEWEST_DIGITS = 7;

/**
 * National numbers whose groups tell: North America, then numbers with a leading 0 as France,
 * Britain, the Netherlands, Germany, Australia, Japan, Korea write them, Brazil, China's mobiles.
 */
export const PHONE_FORMATS: readonly NumberFormat[] = [
  {
    kind: 'phone',
    likely: [
      '(999) 999-9999',
      '(999)999-9999',
      '(999) 999 9999',
      '999-999-9999',
      '999.999.9999',
      '999 999 9999',
      '999 999-9999',
      '1-999-999-9999',
      '1 999 999 9999',
      '1.999.999.9999',
      '1 (999) 999-9999',
      '1-(999)-999-9999',
    ],
    isValid: isNorthAmerican,
  },
  {
    kind: 'phone',
    likely: [
      ...separated('09 99 99 99 99', ' .-'),
      ...separated('099 9999 9999', ' -'),
      ...separated('0999 999 9999', ' -'),
      ...separated('0999 999 999', ' -'),
      ...separated('09 9999 9999', ' -'),
      ...separated('09999 999999', ' -/'),
      ...separated('09999 999 999', ' '),
      ...separated('0999 9999999', ' -/'),
      ...separated('0999 99999999', ' -/'),
      ...separated('099 999 9999', ' -'),
      ...separated('06 99999999', ' -'),
      ...separated('099 9999999', '-/'),
      ...separated('099 99999999', '-/'),
      ...separated('09 999 9999', '-'),
      '030/999999',
      '(09) 9999 9999',
      '(099) 9999 9999',
      '(0999) 999 9999',
      '(09999) 999999',
      '(099) 999999',
      '(099) 9999999',
      '(099) 99999999',
    ],
    isValid: (digits) => digits.charAt(1) !== '0',
  },
  {
    kind: 'phone',
    likely: ['(99) 99999-9999', '(99) 9999-9999', '(99)99999-9999', '99 99999-9999'],
    isValid: (digits) => digits.charAt(0) !== '0' && digits.charAt(1) !== '0',
  },
  {
    kind: 'phone',
    likely: ['199 9999 9999', '199-9999-9999'],
    isValid: (digits) => digits.charAt(1) > '2',
  },
];

function separated(shape: string, separators: string): string[] {
  return Array.from(separators, (separator) => shape.replaceAll(' ', separator));
}

const NORTH_AMERICAN = /^1?[2-9](?!11|9)[0-9]{2}[2-9](?!11)[0-9]{6}$/;

/** NANP: area and exchange begin with 2 to 9 and are no service code such as 911. */
function isNorthAmerican(digits: string): boolean {
  return NORTH_AMERICAN.test(digits);
}

/** Digits after the country code, fewest and most, from the national numbering plans (ITU-T E.164). */
const COUNTRY_LENGTHS =
  '1:10-10 7:10-10 20:8-10 27:9-9 30:10-10 31:9-9 32:8-9 33:9-9 34:9-9 36:8-9 39:6-11 40:9-9 41:9-9 ' +
  '43:7-13 44:9-10 45:8-8 46:7-10 47:8-8 48:9-9 49:6-11 51:8-9 52:10-10 53:8-8 54:10-11 55:10-11 ' +
  '56:9-9 57:10-10 58:10-10 60:8-10 61:9-9 62:8-12 63:8-10 64:8-10 65:8-8 66:8-9 81:9-10 82:8-10 ' +
  '84:9-10 86:10-11 90:10-10 91:10-10 92:9-10 93:9-9 94:9-9 95:7-10 98:10-10 211:9-9 212:9-9 ' +
  '213:8-9 216:8-8 218:8-9 350:8-8 351:9-9 352:6-9 353:7-9 354:7-9 355:8-9 356:8-8 357:8-8 ' +
  '358:6-11 359:8-9 370:8-8 371:8-8 372:7-8 373:8-8 374:8-8 375:9-9 376:6-9 377:8-9 378:6-10 ' +
  '380:9-9 381:8-9 382:8-8 383:8-8 385:8-9 386:8-8 387:8-8 389:8-8 420:9-9 421:9-9 423:7-9 850:8-10 ' +
  '852:8-8 853:8-8 855:8-9 856:8-10 880:8-10 886:8-9 960:7-7 961:7-8 962:8-9 963:8-9 964:8-10 ' +
  '965:8-8 966:8-9 967:7-9 968:8-8 970:8-9 971:8-9 972:8-9 973:8-8 974:8-8 975:7-8 976:8-8 977:8-10 ' +
  '992:9-9 993:8-8 994:9-9 995:9-9 996:9-9 998:9-9';
/** Codes of three digits that the table does not list have national numbers of this length. */
const USUAL_LENGTHS = { fewest: 7, most: 9 };
/** The zones in which every code not listed has three digits. */
const THREE_DIGIT_ZONE = /^(?:2[1-69]|29|50|59|67|68|69)/;

type Lengths = { readonly fewest: number; readonly most: number };
const COLON_OR_DASH = /[:-]/;
const LENGTHS_BY_CODE: ReadonlyMap<string, Lengths> = new Map(
  COUNTRY_LENGTHS.split(' ').map((entry) => {
    const [code = '', fewest, most] = entry.split(COLON_OR_DASH);
    return [code, { fewest: Number(fewest), most: Number(most) }];
  }),
);

/** One way to end a number: after so many groups. */
type Reading = {
  readonly digits: string;
  readonly end: number;
  readonly groups: readonly number[];
};

/** A number in international form that begins at this `+` or `00`. */
export function internationalPhoneAt(text: string, start: number): PersonalDataFinding | undefined {
  const isPlus = text.charAt(start) === '+';
  if (isPlus ? isWordAt(text, start - 1) : !isTrunkPrefixAt(text, start)) return undefined;
  const readings = readingsAt(text, start + (isPlus ? 1 : 2));
  const isInternational = ({ digits, groups, end }: Reading) =>
    isE164(digits) && (isPlus || groups.length > 1) && !isDecimal(text, { start, end }, groups);
  const reading = readings.findLast(isInternational);
  return reading === undefined ? undefined : { kind: 'phone', start, end: reading.end };
}

/** `00` at the beginning of a number, not as a group within one. */
function isTrunkPrefixAt(text: string, start: number): boolean {
  return (
    text.startsWith('00', start) && !(text.charAt(start - 1) === ' ' && isDigitAt(text, start - 2))
  );
}

/** `+49.2827` is a coordinate; North American numbers with one dot are how registries of domains write. */
function isDecimal(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  groups: readonly number[],
): boolean {
  return groups.length === 2 && groups[0] !== 1 && text.slice(start, end).includes('.');
}

function isE164(digits: string): boolean {
  if (digits.startsWith('1')) return digits.length === 11 && isNorthAmerican(digits);
  for (let length = 1; length <= 3; length++) {
    const code = digits.slice(0, length);
    const lengths = LENGTHS_BY_CODE.get(code);
    if (lengths !== undefined) return isNational(digits.slice(length), lengths, code === ITALY);
  }
  return THREE_DIGIT_ZONE.test(digits) && isNational(digits.slice(3), USUAL_LENGTHS, false);
}

/** Only Italy keeps the leading 0 of a national number behind the country code. */
function isNational(digits: string, { fewest, most }: Lengths, keepsZero: boolean): boolean {
  if (digits.startsWith('0') && !keepsZero) return false;
  return digits.length >= fewest && digits.length <= most;
}

const ITALY = '39';

/** A number of 7 to 15 digits that a word nearby calls a phone number. */
export function namedPhoneAt(words: WordReader, start: number): PersonalDataFinding | undefined {
  const { text } = words;
  if (!isMentionedAround(words, 'phone', start)) return undefined;
  const reading = readingsAt(text, start).at(-1);
  if (reading === undefined || reading.digits.length < FEWEST_DIGITS) return undefined;
  const { end } = reading;
  if (isDateOrCount(reading) || !isNamedNearby(words, { kind: 'phone', start, end }))
    return undefined;
  return { kind: 'phone', start, end };
}

/** ISO dates, dates of four numbers, spans of years, and Unix times in seconds or milliseconds. */
function isDateOrCount({ digits, groups }: Reading): boolean {
  const lengths = groups.join('-');
  if (lengths.startsWith('4-2-2') || lengths.startsWith('2-2-4') || lengths === '4-4') return true;
  return UNIX_TIME.test(digits) && groups.length === 1;
}

const UNIX_TIME = /^1[5-9][0-9]{8}(?:[0-9]{3})?$/;

/**
 * Every way to end a number that begins here, shortest first: groups of digits with one separator
 * (or a bracket and its space) between. A `(0)` is not dialed from abroad and does not count.
 */
function readingsAt(text: string, start: number): readonly Reading[] {
  const readings: Reading[] = [];
  let groups: readonly number[] = [];
  let digits = '';
  let at = text.charAt(start) === '(' ? start + 1 : start;
  while (isDigitAt(text, at)) {
    const length = digitRun(text, at, MOST_DIGITS + 1);
    if (digits.length + length > MOST_DIGITS) break;
    digits += text.slice(at, at + length);
    groups = [...groups, length];
    at += length;
    if (endsAlone(text, at)) readings.push({ digits, end: at, groups });
    at = afterSeparator(text, at);
  }
  return readings;
}

function afterSeparator(text: string, start: number): number {
  const rest = text.slice(start, start + LONGEST_SEPARATOR);
  return start + (SEPARATOR.exec(rest)?.[0].length ?? 0);
}

const LONGEST_SEPARATOR = 6;
const SEPARATOR = /^(?: ?\(0\)[ -]?| ?\(|\)[ -]?|[ ./-])/;
