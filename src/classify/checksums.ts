// Arithmetic of check digits. Every function takes the bare number: digits and upper-case letters
// of the right length, without separators. What the digits mean (dates, regions) is judged elsewhere.

/** Luhn, mod 10 (ISO/IEC 7812-1 annex B): payment cards, Canada, Sweden, South Africa. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const isDoubled = (digits.length - at) % 2 === 0;
    const product = digitAt(digits, at) * (isDoubled ? 2 : 1);
    sum += product > 9 ? product - 9 : product;
  }
  return sum % 10 === 0;
}

/** ISO/IEC 7064 MOD 97-10 over letters and digits (`A` is 10): 1 for an IBAN turned round. */
export function remainder97(characters: string): number {
  let remainder = 0;
  for (let at = 0; at < characters.length; at++) {
    const value = Number.parseInt(characters.charAt(at), 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}

/** ISO/IEC 7064 MOD 11-2, with `X` for ten: China (GB 11643). */
export function passesMod11And2(characters: string): boolean {
  let remainder = 0;
  for (let at = 0; at < characters.length; at++) {
    const value = characters.charAt(at) === 'X' ? 10 : digitAt(characters, at);
    remainder = (remainder * 2 + value) % 11;
  }
  return remainder === 1;
}

/** ISO/IEC 7064 MOD 11,10: German tax ids. */
export function passesMod11And10(digits: string): boolean {
  let carry = 10;
  for (let at = 0; at < digits.length - 1; at++) {
    const sum = (digitAt(digits, at) + carry) % 10;
    carry = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (digitAt(digits, digits.length - 1) + carry) % 10 === 1;
}

/** Multiplication in the dihedral group D5. */
const VERHOEFF_PRODUCT = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
] as const;
/** What becomes of a digit at each place from the right, repeating after eight. */
const VERHOEFF_PERMUTATION = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
] as const;

/** Verhoeff's dihedral check (1969): India's Aadhaar. */
export function passesVerhoeff(digits: string): boolean {
  let check = 0;
  for (let place = 0; place < digits.length; place++) {
    const permutation = VERHOEFF_PERMUTATION[place % 8] ?? '';
    const permuted = digitAt(permutation, digitAt(digits, digits.length - 1 - place));
    check = digitAt(VERHOEFF_PRODUCT[check] ?? '', permuted);
  }
  return check === 0;
}

/** GS1 mod 10 with weights 1 and 3 over 13 digits: Switzerland's AHV number. */
export function passesEan13(digits: string): boolean {
  return weightedSum(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;
}

/** United Kingdom, NHS number: mod 11 with weights 10 to 2 and the check digit (NHS Data Dictionary). */
export function passesNhs(digits: string): boolean {
  return weightedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

/** France, NIR: a key of 97 minus the rest of the number; Corsica's `2A` and `2B` count as 19 and 18. */
export function passesNir(characters: string): boolean {
  const body = characters.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - remainder97(body) === Number(characters.slice(13));
}

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Spain, DNI and NIE: a letter from the number mod 23; a leading X, Y, Z counts as 0, 1, 2. */
export function passesDni(characters: string): boolean {
  const first = 'XYZ'.indexOf(characters.charAt(0));
  const number = Number((first < 0 ? characters.charAt(0) : first) + characters.slice(1, 8));
  return DNI_LETTERS.charAt(number % 23) === characters.charAt(8);
}

/** Values of `0` to `9` (and of `A` to `J`) in the odd places; `A` to `Z` go on with the same list. */
const CODICE_ODD_VALUES = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
] as const;

/** Italy, codice fiscale: a letter from sums over odd and even places (DM 23 December 1976). */
export function passesCodiceFiscale(characters: string): boolean {
  let sum = 0;
  for (let at = 0; at < 15; at++) {
    const value = Number.parseInt(characters.charAt(at), 36);
    const ordinal = value > 9 ? value - 10 : value;
    sum += at % 2 === 0 ? (CODICE_ODD_VALUES[ordinal] ?? 0) : ordinal;
  }
  return String.fromCharCode(65 + (sum % 26)) === characters.charAt(15);
}

/** Netherlands, BSN: the "elfproef" with weights 9 to 2 and -1. */
export function passesBsn(digits: string): boolean {
  return weightedSum(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;
}

/** Belgium, national number: 97 minus the rest of nine digits, with a 2 before them from 2000 on. */
export function passesBelgianNumber(digits: string): boolean {
  const body = digits.slice(0, 9);
  const key = Number(digits.slice(9));
  return 97 - remainder97(body) === key || 97 - remainder97(`2${body}`) === key;
}

/** Poland, PESEL: mod 10 with weights 1, 3, 7, 9. */
export function passesPesel(digits: string): boolean {
  return weightedSum(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

/** Norway, fødselsnummer: two check digits mod 11 (Skatteetaten). */
export function passesFodselsnummer(digits: string): boolean {
  const first = weightedSum(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]);
  const second = weightedSum(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
  return first % 11 === 0 && second % 11 === 0;
}

const HETU_CHARACTERS = '0123456789ABCDEFHJKLMNPRSTUVWXY';

/** Finland, henkilötunnus: nine digits mod 31 choose the last character. */
export function passesHetu(nineDigits: string, check: string): boolean {
  return HETU_CHARACTERS.charAt(Number(nineDigits) % 31) === check;
}

/** Portugal, NIF: mod 11 with weights 9 to 2; a check of ten is written 0. */
export function passesNif(digits: string): boolean {
  const check = 11 - (weightedSum(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return (check > 9 ? 0 : check) === digitAt(digits, 8);
}

/** Brazil, CPF: two check digits mod 11; a check of ten is written 0. */
export function passesCpf(digits: string): boolean {
  const first = (weightedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11;
  const second = (weightedSum(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11;
  return first % 10 === digitAt(digits, 9) && second % 10 === digitAt(digits, 10);
}

/** Australia, tax file number of nine digits: mod 11. */
export function passesTfn(digits: string): boolean {
  return weightedSum(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;
}

/** South Korea, RRN issued before October 2020: mod 11; later ones carry no check digit. */
export function passesKoreanNumber(digits: string): boolean {
  const sum = weightedSum(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
  return (11 - (sum % 11)) % 10 === digitAt(digits, 12);
}

/** Adds digit times weight for as many digits as there are weights. */
function weightedSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * digitAt(digits, at), 0);
}

function digitAt(digits: string, at: number): number {
  return digits.charCodeAt(at) - 48;
}
