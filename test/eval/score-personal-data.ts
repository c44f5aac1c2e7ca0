import {
  findPersonalData,
  PERSONAL_DATA_KINDS,
  type PersonalDataFinding,
  type PersonalDataKind,
} from '../../src/classify/personal-data.ts';

/** A text, and where it has personal data. */
export type PersonalDataCase = {
  readonly text: string;
  readonly expected: readonly PersonalDataFinding[];
};

export type PersonalDataScore = {
  readonly kind: PersonalDataKind;
  /** How many of them the texts have. */
  readonly expected: number;
  /** Of what was found, the share that is there: 1 where nothing was found. */
  readonly precision: number;
  /** Of what is there, the share that was found. */
  readonly recall: number;
};

/** No check digits tell these from other numbers: their shape and the words around them do. */
const WITHOUT_CHECKSUM: readonly PersonalDataKind[] = [
  'email',
  'phone',
  'us-ssn',
  'ip-address',
  'uk-nino',
];

export function hasChecksum(kind: PersonalDataKind): boolean {
  return !WITHOUT_CHECKSUM.includes(kind);
}

/** Each kind by itself: a finding counts where its kind and its place are those expected. */
export function scorePersonalData(cases: readonly PersonalDataCase[]): PersonalDataScore[] {
  const expected = cases.flatMap((each, at) => each.expected.map((finding) => keyOf(finding, at)));
  const found = cases.flatMap(({ text }, at) => {
    return findPersonalData(text).map((finding) => keyOf(finding, at));
  });
  return PERSONAL_DATA_KINDS.map((kind) => {
    const isOfKind = (key: string): boolean => key.startsWith(`${kind} `);
    const real = expected.filter(isOfKind);
    const taken = found.filter(isOfKind);
    const right = taken.filter((key) => real.includes(key)).length;
    const precision = taken.length === 0 ? 1 : right / taken.length;
    return { kind, expected: real.length, precision, recall: right / real.length };
  });
}

function keyOf({ kind, start, end }: PersonalDataFinding, at: number): string {
  return `${kind} ${at} ${start} ${end}`;
}
