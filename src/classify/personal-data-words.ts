import type { PersonalDataKind } from './personal-data-kinds.ts';

/** How far from a number a word can say what the number is, in UTF-16 units. */
const REACH = 40;
/** No number that words name is written longer than this, with its separators. */
const LONGEST_NUMBER = 40;
/** Words such as `order` speak only for the number right behind them. */
const CONTRARY_REACH = 16;
/** Longer runs of letters are no words of the list; they are passed over, not looked up. */
const LONGEST_WORD = 24;

const WORDS: readonly (readonly [PersonalDataKind, string])[] = [
  [
    'phone',
    'phone phones telephone telephones tel tél telefon telefonnummer telefono teléfono téléphone ' +
      'telefone telefoon telefoonnummer telefonnr puhelin puhelinnumero puh telefonu fon fone fono ' +
      'handy handynummer mobil mobilnummer mobiltelefon mobile mobiles mob móvil movil portable ' +
      'cellulare cell cellphone celular celulares gsm fax telefax whatsapp sms msisdn landline ' +
      'call calls dial ring rufen anrufen ruf appeler appelez llamar llame ligar ligue bel bellen ' +
      'ring тел телефон мобильный 电话 手机 電話 携帯 전화 휴대 contact contacto kontakt',
  ],
  ['payment-card', 'card cards visa mastercard amex discover maestro pan credit debit karte carte'],
  ['payment-card', 'kreditkarte tarjeta cartão carta kort kaart kaartnummer kortnummer cc 卡号'],
  ['us-ssn', 'ssn ssns social itin'],
  ['ca-sin', 'sin sins nas insurance'],
  ['uk-nhs', 'nhs'],
  ['uk-nino', 'nino ni insurance'],
  ['fr-nir', 'nir insee sécu sécurité securite sociale vitale'],
  ['de-steuer-id', 'steuer idnr steueridentifikationsnummer identifikationsnummer tin stid'],
  ['es-dni-nie', 'dni nie nif documento'],
  ['it-codice-fiscale', 'codice fiscale cf'],
  ['nl-bsn', 'bsn burgerservicenummer sofinummer sofi'],
  ['be-rrn', 'rijksregisternummer rijksregister rrn insz niss nissn registre nrn'],
  ['pl-pesel', 'pesel'],
  ['se-personnummer', 'personnummer personnr pnr samordningsnummer'],
  ['no-fodselsnummer', 'fødselsnummer fodselsnummer fnr personnummer dnummer'],
  ['dk-cpr', 'cpr cprnr cprnummer'],
  ['fi-hetu', 'hetu henkilötunnus henkilotunnus'],
  ['pt-nif', 'nif contribuinte'],
  ['br-cpf', 'cpf cpfs'],
  ['au-tfn', 'tfn tfns'],
  ['in-aadhaar', 'aadhaar aadhar adhaar uidai आधार'],
  ['cn-resident-id', '身份 份证 证号'],
  ['kr-rrn', '주민 민등 등록 rrn'],
  ['za-id', 'id identity rsa'],
  ['ch-ahv', 'ahv avs oasi navs'],
];

/** What makes a number something else: a count, a key, a size, an instant. */
const CONTRARY_WORDS =
  'order orders invoice rechnung facture factura pedido bestellung commande ordine tracking ' +
  'shipment parcel ticket issue reference ref sku isbn issn doi imei serial part model version ' +
  'build commit hash sha timestamp epoch time price total amount sum usd eur gbp port pid lat lon ' +
  'barcode ean upc gtin population row rows line bytes size offset transaction trace span session ' +
  'id ids batch lot case job run seed nonce checksum crc uuid guid snowflake revision release';

const ID_WORD = 'id';

type Meaning = { readonly kinds: ReadonlySet<PersonalDataKind>; readonly isContrary: boolean };

const MEANING_BY_WORD = meaningByWord();

function meaningByWord(): ReadonlyMap<string, Meaning> {
  const contrary = new Set(CONTRARY_WORDS.split(' '));
  const kinds = new Map<string, Set<PersonalDataKind>>();
  for (const word of contrary) kinds.set(word, new Set());
  for (const [kind, words] of WORDS) {
    for (const word of words.split(' ')) kinds.set(word, (kinds.get(word) ?? new Set()).add(kind));
  }
  return new Map(
    Array.from(kinds, ([word, named]) => [word, { kinds: named, isContrary: contrary.has(word) }]),
  );
}

type Mark = Meaning & { readonly start: number; readonly end: number };

/** A number and what it would be. */
type Supposition = {
  readonly kind: PersonalDataKind;
  readonly start: number;
  readonly end: number;
};

/**
 * Reads the telling words of a text, once and only as far as asked for. Numbers must be asked
 * about in the order in which they stand: then all questions together take linear time.
 */
export type WordReader = {
  readonly text: string;
  readonly marks: Mark[];
  /** Up to here the words are read. */
  readTo: number;
  /** Marks before this index are out of reach. */
  firstMark: number;
};

/** Starts before the first word of a text. */
export function readWords(text: string): WordReader {
  return { text, marks: [], readTo: 0, firstMark: 0 };
}

/** Could any number that begins here be named so? A cheap test before the number is read. */
export function isMentionedAround(
  reader: WordReader,
  kind: PersonalDataKind,
  start: number,
): boolean {
  readOn(reader, start + LONGEST_NUMBER + REACH);
  for (let index = reader.marks.length - 1; index >= reader.firstMark; index--) {
    const mark = reader.marks[index];
    if (mark === undefined || mark.end < start - REACH) return false;
    if (mark.kinds.has(kind)) return true;
  }
  return false;
}

/** Does the nearest telling word name this kind? Words behind a number count as twice as far. */
export function isNamedNearby(reader: WordReader, number: Supposition): boolean {
  const { before, after } = marksAround(reader, number);
  if (before === undefined || after === undefined) {
    return (before ?? after)?.kinds.has(number.kind) === true;
  }
  const isAfterNearer = (after.start - number.end) * 2 < number.start - before.end;
  return (isAfterNearer ? after : before).kinds.has(number.kind);
}

/** Does the word right before the number make it something else, an order or a size? */
export function isContradicted(reader: WordReader, number: Supposition): boolean {
  const mark = marksAround(reader, number).before;
  if (mark === undefined || number.start - mark.end > CONTRARY_REACH) return false;
  return mark.isContrary && !mark.kinds.has(number.kind);
}

function marksAround(
  reader: WordReader,
  number: Supposition,
): { before: Mark | undefined; after: Mark | undefined } {
  readOn(reader, number.end + REACH);
  let before: Mark | undefined;
  for (let index = reader.firstMark; index < reader.marks.length; index++) {
    const mark = reader.marks[index];
    if (mark === undefined || mark.start > number.end + REACH) break;
    if (mark.end <= number.start - REACH) reader.firstMark = index + 1;
    else if (mark.end <= number.start) before = mark;
    else if (mark.start >= number.end) return { before, after: mark };
  }
  return { before, after: undefined };
}

function readOn(reader: WordReader, end: number): void {
  const limit = Math.min(end, reader.text.length);
  while (reader.readTo < limit) {
    const code = reader.text.charCodeAt(reader.readTo);
    if (isIdeograph(code)) readPair(reader);
    else if (isWordLetter(code)) readWord(reader);
    else reader.readTo++;
  }
}

/** Scripts without spaces: every pair of neighbors is looked up. */
function readPair(reader: WordReader): void {
  mark(reader, reader.readTo, reader.readTo + 2);
  reader.readTo++;
}

/** A run of letters is one word if it is known, else `customerPhone` is read as two. */
function readWord(reader: WordReader): void {
  const { text, readTo: start } = reader;
  let end = start + 1;
  while (end < text.length && isWordLetter(text.charCodeAt(end))) end++;
  reader.readTo = end;
  if (mark(reader, start, end)) return;
  let part = start;
  for (let at = start + 1; at < end; at++) {
    if (!isUpperCode(text.charCodeAt(at)) || isUpperCode(text.charCodeAt(at - 1))) continue;
    mark(reader, part, at);
    part = at;
  }
  if (part > start) mark(reader, part, end);
}

/** Remembers a word that tells something; says whether it does. */
function mark(reader: WordReader, start: number, end: number): boolean {
  if (end - start > LONGEST_WORD) return false;
  const word = reader.text.slice(start, end).toLowerCase();
  const meaning = MEANING_BY_WORD.get(word);
  if (meaning === undefined) return false;
  const last = reader.marks.at(-1);
  // In `Steuer-ID` and `order id` the first word tells what kind of id it is.
  const isSecondPart = word === ID_WORD && last !== undefined && start - last.end <= 1;
  if (isSecondPart && !last.kinds.has('phone'))
    reader.marks[reader.marks.length - 1] = { ...last, end };
  else reader.marks.push({ start, end, ...meaning });
  return true;
}

function isUpperCode(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** Letters of alphabets; the block of general punctuation is left out. */
function isWordLetter(code: number): boolean {
  if (code < 0x80) return isUpperCode(code) || (code >= 97 && code <= 122);
  return code >= 0xc0 && code < 0x20_00;
}

/** Chinese, Japanese and Korean. */
function isIdeograph(code: number): boolean {
  return code >= 0x2e_80 && code < 0xd8_00;
}
