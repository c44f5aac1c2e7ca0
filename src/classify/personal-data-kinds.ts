/** What a finding can be. National ids are named by country and the number's usual short name. */
export const PERSONAL_DATA_KINDS = [
  'email',
  'phone',
  'payment-card',
  'iban',
  'us-ssn',
  'ip-address',
  'uk-nhs',
  'uk-nino',
  'fr-nir',
  'de-steuer-id',
  'es-dni-nie',
  'it-codice-fiscale',
  'nl-bsn',
  'be-rrn',
  'pl-pesel',
  'se-personnummer',
  'no-fodselsnummer',
  'dk-cpr',
  'fi-hetu',
  'pt-nif',
  'br-cpf',
  'ca-sin',
  'au-tfn',
  'in-aadhaar',
  'cn-resident-id',
  'kr-rrn',
  'za-id',
  'ch-ahv',
] as const;

/** One of `PERSONAL_DATA_KINDS`. */
export type PersonalDataKind = (typeof PERSONAL_DATA_KINDS)[number];

/** Where personal data stands: UTF-16 units, `end` exclusive. Never the text itself (A47). */
export type PersonalDataFinding = {
  readonly kind: PersonalDataKind;
  readonly start: number;
  readonly end: number;
};
