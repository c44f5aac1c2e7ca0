import { passesLuhn, remainder97 } from './checksums.ts';
import { endsAlone, type NumberFormat } from './personal-data-formats.ts';
import type { PersonalDataFinding } from './personal-data-kinds.ts';
import { digitRun, isAlphanumericAt, isDigitAt, isLetterAt } from './personal-data-text.ts';

/**
 * Lengths and first digits of issuers: Visa, Mastercard, American Express, Discover, Diners, JCB,
 * UnionPay, Maestro, Mir, RuPay, Troy, Verve (ISO/IEC 7812 ranges as the networks publish them).
 * Thirteen digits are left out: only retired cards of Visa had them, and every barcode has.
 */
const ISSUERS: readonly (readonly [from: number, to: number, lengths: readonly number[]])[] = [
  [400_000, 499_999, [16, 19]],
  [510_000, 559_999, [16]],
  [222_100, 272_099, [16]],
  [340_000, 349_999, [15]],
  [370_000, 379_999, [15]],
  [300_000, 305_999, [14, 16]],
  [309_500, 309_599, [14, 16]],
  [360_000, 369_999, [14, 16]],
  [380_000, 399_999, [14, 16]],
  [352_800, 358_999, [16, 19]],
  [601_100, 601_199, [16, 19]],
  [644_000, 659_999, [16, 19]],
  [620_000, 629_999, [16, 17, 18, 19]],
  [220_000, 220_499, [16, 19]],
  [501_800, 501_899, [16, 19]],
  [502_000, 502_099, [16, 19]],
  [503_800, 503_899, [16, 19]],
  [589_300, 589_399, [16, 19]],
  [630_400, 630_499, [16, 19]],
  [675_900, 675_999, [16, 18, 19]],
  [676_100, 676_399, [16, 18, 19]],
  [508_500, 508_999, [16]],
  [606_985, 608_500, [16]],
  [817_200, 820_199, [16]],
  [979_200, 979_299, [16]],
  [506_099, 506_198, [16, 19]],
];

/** Payment cards in the groups that are embossed and typed. */
export const CARD_FORMAT: NumberFormat = {
  kind: 'payment-card',
  certain: [
    '9999 9999 9999 9999',
    '9999-9999-9999-9999',
    '9999.9999.9999.9999',
    '9999 999999 99999',
    '9999-999999-99999',
    '9999 999999 9999',
    '9999-999999-9999',
    '9999 9999 9999 9999 999',
    '999999 9999999999999',
  ],
  likely: [
    '99999999999999',
    '999999999999999',
    '9999999999999999',
    '99999999999999999',
    '999999999999999999',
    '9999999999999999999',
  ],
  isValid: isCard,
};

function isCard(digits: string): boolean {
  const first = Number(digits.slice(0, 6));
  const isIssued = ISSUERS.some(
    ([from, to, lengths]) => first >= from && first <= to && lengths.includes(digits.length),
  );
  return isIssued && passesLuhn(digits);
}

/**
 * The account part of an IBAN by country: `n` digits, `a` letters, `c` either (SWIFT IBAN registry,
 * ISO 13616).
 */
const IBAN_STRUCTURES =
  'AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BI23n BR23n1a1c BY4c4n16c ' +
  'CH5n12c CR18n CY8n16c CZ20n DE18n DJ23n DK14n DO4c20n EE16n EG25n ES20n FI14n FK2a12n FO14n ' +
  'FR10n11c2n GB4a14n GE2a16n GI4a15c GL14n GR7n16c GT4c20c HN4a20n HR17n HU24n IE4a14n IL19n ' +
  'IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c KZ3n13c LB4n20c LC4a24c LI5n12c LT16n LU3n13c ' +
  'LV4a13c LY21n MC10n11c2n MD2c18c ME18n MK3n10c2n MN16n MR23n MT4a5n18c MU4a19n3a NI4a20n ' +
  'NL4a10n NO11n OM3n16c PK4a16c PL24n PS4a21c PT21n QA4a21c RO4a16c RS18n RU14n15c SA2n18c ' +
  'SC4a20n3a SD14n SE20n SI15n SK20n SM1a10n12c SO19n ST21n SV4a20n TL19n TN20n TR5n1n16c UA6n19c ' +
  'VA18n VG4a16n XK16n YE4a4n18c';

const PART = /([0-9]+)([nac])/g;
const STRUCTURE_BY_COUNTRY: ReadonlyMap<string, string> = new Map(
  IBAN_STRUCTURES.split(' ').map((entry) => [entry.slice(0, 2), expanded(entry.slice(2))]),
);

/** `4a2n` as `aaaann`. */
function expanded(structure: string): string {
  return structure.replace(PART, (_, length: string, symbol: string) =>
    symbol.repeat(Number(length)),
  );
}

/** An IBAN that begins here, in one piece or in groups of four with spaces or dashes between. */
export function ibanAt(text: string, start: number): PersonalDataFinding | undefined {
  if (!isLetterAt(text, start + 1) || digitRun(text, start + 2, 2) < 2) return undefined;
  const structure = STRUCTURE_BY_COUNTRY.get(text.slice(start, start + 2).toUpperCase());
  if (structure === undefined) return undefined;
  let at = start + 4;
  const separator = groupSeparator(text, at);
  let account = '';
  for (const symbol of structure) {
    if (separator !== '' && account.length % 4 === 0) {
      if (text.charAt(at) !== separator) return undefined;
      at++;
    }
    if (!isSymbol(text, at, symbol)) return undefined;
    account += text.charAt(at++);
  }
  const isChecked = remainder97(account + text.slice(start, start + 4)) === 1;
  return isChecked && endsAlone(text, at) ? { kind: 'iban', start, end: at } : undefined;
}

function groupSeparator(text: string, at: number): string {
  const after = text.charAt(at);
  return after === ' ' || after === '-' ? after : '';
}

function isSymbol(text: string, at: number, symbol: string): boolean {
  if (symbol === 'n') return isDigitAt(text, at);
  return symbol === 'a' ? isLetterAt(text, at) : isAlphanumericAt(text, at);
}
