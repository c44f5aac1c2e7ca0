import {
  passesBelgianNumber,
  passesBsn,
  passesCodiceFiscale,
  passesCpf,
  passesDni,
  passesEan13,
  passesFodselsnummer,
  passesHetu,
  passesKoreanNumber,
  passesLuhn,
  passesMod11And2,
  passesMod11And10,
  passesNhs,
  passesNif,
  passesNir,
  passesPesel,
  passesTfn,
  passesVerhoeff,
} from './checksums.ts';
import type { NumberFormat } from './personal-data-formats.ts';

/** Days of each month; February has 29, since two-digit years do not tell leap years. */
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** National ids, from the rules that each issuer publishes; where it stands, that rule is named. */
export const NATIONAL_FORMATS: readonly NumberFormat[] = [
  {
    kind: 'cn-resident-id',
    certain: ['99999999999999999*', '999999 99999999 999*'],
    isValid: isChineseId,
  },
  {
    kind: 'it-codice-fiscale',
    // Letters stand in for digits where two people would share a code (omocodia).
    certain: ['aaaaaa**a**a***a', 'aaa aaa **a** a***a'],
    isValid: isCodiceFiscale,
  },
  {
    kind: 'fr-nir',
    certain: [
      '9 99 99 99 999 999 99',
      '9 99 99 9A 999 999 99',
      '9-99-99-99-999-999-99',
      '9999999999999 99',
      '999999A999999 99',
      '999999A99999999',
    ],
    likely: ['999999999999999'],
    isValid: isNir,
  },
  { kind: 'ch-ahv', certain: ['999.9999.9999.99', '9999999999999'], isValid: isAhv },
  {
    kind: 'kr-rrn',
    certain: ['999999-9999999'],
    likely: ['9999999999999'],
    isValid: (id) => isBirthDate(id, 'ymd') && id.charAt(6) !== '0' && passesKoreanNumber(id),
  },
  {
    kind: 'za-id',
    likely: ['9999999999999', '999999 9999 999', '999999 9999 99 9'],
    isValid: isSouthAfricanId,
  },
  {
    kind: 'be-rrn',
    certain: ['99.99.99-999.99', '99.99.99-999-99', '999999-999-99', '999999 999 99'],
    likely: ['99999999999', '999999-99999'],
    isValid: isBelgianNumber,
  },
  {
    kind: 'no-fodselsnummer',
    certain: ['999999 99999', '999999-99999'],
    likely: ['99999999999'],
    isValid: isFodselsnummer,
  },
  {
    kind: 'br-cpf',
    certain: ['999.999.999-99'],
    likely: ['99999999999', '999999999-99'],
    isValid: isCpf,
  },
  {
    kind: 'de-steuer-id',
    likely: ['99 999 999 999', '99999999999'],
    named: ['99 999 999999', '99/999/999/999'],
    isValid: isSteuerId,
  },
  { kind: 'pl-pesel', likely: ['99999999999'], isValid: isPesel },
  {
    kind: 'dk-cpr',
    // Numbers issued since 2007 have no check digit (CPR-kontoret), so the name must stand nearby.
    named: ['999999-9999', '999999 9999', '9999999999'],
    isValid: (id) => isBirthDate(id, 'dmy'),
  },
  {
    kind: 'se-personnummer',
    certain: ['99999999-9999', '999999+9999'],
    likely: ['999999-9999', '999999999999'],
    named: ['9999999999', '999999 9999', '99999999 9999'],
    isValid: isPersonnummer,
  },
  {
    kind: 'fi-hetu',
    certain: ['999999-999*', '999999+999*', '999999A999*'],
    isValid: isHetu,
  },
  {
    kind: 'in-aadhaar',
    likely: ['9999 9999 9999', '9999-9999-9999'],
    named: ['999999999999'],
    isValid: (id) => id.charAt(0) > '1' && passesVerhoeff(id),
  },
  {
    kind: 'us-ssn',
    likely: ['999-99-9999'],
    named: ['999 99 9999', '999.99.9999', '999999999'],
    isValid: isSsn,
  },
  {
    kind: 'ca-sin',
    likely: ['999-999-999'],
    named: ['999 999 999', '999999999'],
    isValid: (id) => id.charAt(0) !== '8' && isVaried(id) && passesLuhn(id),
  },
  {
    kind: 'nl-bsn',
    named: ['999999999', '9999.99.999', '999 999 999', '9999 99 999'],
    isValid: (id) => isVaried(id) && passesBsn(id),
  },
  { kind: 'pt-nif', named: ['999999999', '999 999 999'], isValid: isNif },
  {
    kind: 'au-tfn',
    named: ['999 999 999', '999999999', '999-999-999'],
    isValid: (id) => isVaried(id) && passesTfn(id),
  },
  {
    kind: 'es-dni-nie',
    likely: ['99999999A', '99999999-A', '99.999.999-A', 'A9999999A', 'A-9999999-A', 'A9999999-A'],
    named: [
      '99999999a',
      '99999999-a',
      '99999999 a',
      '99.999.999a',
      '99.999.999-a',
      'a9999999a',
      'a-9999999-a',
      'a9999999-a',
    ],
    isValid: (id) => DNI.test(id) && passesDni(id),
  },
  {
    kind: 'uk-nino',
    likely: ['AA999999A', 'AA 99 99 99 A', 'AA-99-99-99-A'],
    named: ['aa999999a', 'aa 99 99 99 a', 'aa 999999 a', 'aa-999999-a'],
    isValid: isNino,
  },
  {
    kind: 'uk-nhs',
    likely: ['999 999 9999'],
    named: ['9999999999', '999-999-9999'],
    isValid: (id) => isVaried(id) && passesNhs(id),
  },
];

const DNI = /^[XYZ0-9][0-9]{7}[A-Z]$/;
/** HMRC NIM39110: letters never used, and prefixes not allocated. */
const NINO = /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]$/;
/** SSA: areas 000, 666 and 900 up, group 00 and serial 0000 are never issued; two were advertised. */
const SSN = /^(?!000|666|9)[0-9]{3}(?!00)[0-9]{2}(?!0000)[0-9]{4}$/;
const ADVERTISED_SSNS: ReadonlySet<string> = new Set(['078051120', '219099999']);
/** Digits, or the letters that replace them, at the places of digits; the month is one of twelve letters. */
const CODICE = /^[A-Z]{6}[0-9L-NP-V]{2}[ABCDEHLMPRST][0-9L-NP-V]{2}[A-Z][0-9L-NP-V]{3}[A-Z]$/;
/** First digits of persons' numbers (Portaria 1999 and later). */
const NIF = /^(?:[1-3]|45)/;
/** GB/T 2260: the first two digits of China's provinces and regions. */
const CHINESE_REGION = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])/;

function isSsn(id: string): boolean {
  return SSN.test(id) && !ADVERTISED_SSNS.has(id);
}

function isNino(id: string): boolean {
  return NINO.test(id);
}

function isCodiceFiscale(id: string): boolean {
  return CODICE.test(id) && passesCodiceFiscale(id);
}

function isNif(id: string): boolean {
  return NIF.test(id) && passesNif(id);
}

/** Sex 1 or 2, or 3, 4, 7, 8 for provisional numbers; months 20 and up stand for unknown ones. */
function isNir(id: string): boolean {
  const month = numberIn(id, 3, 5);
  const isMonth = (month >= 1 && month <= 12) || month >= 20;
  return '123478'.includes(id.charAt(0)) && isMonth && NIR_DEPARTMENT.test(id) && passesNir(id);
}

const NIR_DEPARTMENT = /^[0-9]{5}(?:2[AB]|[0-9]{2})[0-9]{8}$/;

function isAhv(id: string): boolean {
  return id.startsWith('756') && passesEan13(id);
}

/** Birth date, four digits, citizenship 0 to 2, an 8 or 9, Luhn (Department of Home Affairs). */
function isSouthAfricanId(id: string): boolean {
  const isCitizenship = numberIn(id, 10, 11) <= 2;
  return isBirthDate(id, 'ymd') && isCitizenship && numberIn(id, 11, 12) >= 8 && passesLuhn(id);
}

/** Months are raised by 20 or 40 in bis numbers; a birth date that is not known is 00. */
function isBelgianNumber(id: string): boolean {
  const month = numberIn(id, 2, 4) % 20;
  return month <= 12 && numberIn(id, 4, 6) <= 31 && isVaried(id) && passesBelgianNumber(id);
}

/** Days are raised by 40 in D numbers, months by 40 in H numbers. */
function isFodselsnummer(id: string): boolean {
  const day = numberIn(id, 0, 2) % 40;
  const month = numberIn(id, 2, 4) % 40;
  return isDay(month, day) && passesFodselsnummer(id);
}

function isCpf(id: string): boolean {
  return isVaried(id) && passesCpf(id);
}

/** Among the first ten digits exactly one comes twice or three times (§ 139b AO, BZSt). */
function isSteuerId(id: string): boolean {
  const counts = new Map<string, number>();
  for (const digit of id.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  const isRepetition = repeated.length === 1 && (repeated[0] ?? 0) <= 3;
  return id.charAt(0) !== '0' && isRepetition && passesMod11And10(id);
}

/** Months are raised by 20, 40, 60 or 80 for other centuries than the twentieth. */
function isPesel(id: string): boolean {
  return isDay(numberIn(id, 2, 4) % 20, numberIn(id, 4, 6)) && passesPesel(id);
}

/** Ten digits with a check; with twelve the century comes before them. Coordination days add 60. */
function isPersonnummer(id: string): boolean {
  const isCentury = id.length === 10 || id.startsWith('19') || id.startsWith('20');
  const ten = id.slice(-10);
  return isCentury && isDay(numberIn(ten, 2, 4), numberIn(ten, 4, 6) % 60) && passesLuhn(ten);
}

/** The sign of the century may be a letter, so the last four are counted from the end. */
function isHetu(id: string): boolean {
  const sign = id.length === 11 ? id.charAt(6) : 'A';
  const isNumber = 'ABCDEFUVWXY'.includes(sign) && isBirthDate(id, 'dmy');
  return isNumber && passesHetu(id.slice(0, 6) + id.slice(-4, -1), id.slice(-1));
}

/** Region, birth date with its century, order, check character (GB 11643). */
function isChineseId(id: string): boolean {
  const year = numberIn(id, 6, 10);
  const isBirth = year >= 1900 && year < 2100 && isDay(numberIn(id, 10, 12), numberIn(id, 12, 14));
  return CHINESE_REGION.test(id) && isBirth && CHINESE_END.test(id) && passesMod11And2(id);
}

const CHINESE_END = /[0-9X]$/;

function isBirthDate(id: string, order: 'ymd' | 'dmy'): boolean {
  const day = order === 'ymd' ? numberIn(id, 4, 6) : numberIn(id, 0, 2);
  return isDay(numberIn(id, 2, 4), day);
}

function isDay(month: number, day: number): boolean {
  return day >= 1 && day <= (DAYS[month - 1] ?? 0);
}

/** One digit repeated is a placeholder, though it passes many checks. */
function isVaried(id: string): boolean {
  return id !== id.charAt(0).repeat(id.length);
}

function numberIn(id: string, start: number, end: number): number {
  return Number(id.slice(start, end));
}
