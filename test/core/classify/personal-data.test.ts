import { describe, expect, it } from 'vitest';
import {
  findPersonalData,
  PERSONAL_DATA_KINDS,
  type PersonalDataFinding,
  type PersonalDataKind,
} from '../../../src/classify/personal-data.ts';
import { POSITIVES } from './personal-data-cases.ts';
import { HARD_NEGATIVES } from './personal-data-hard-negatives.ts';

type Case = { readonly text: string; readonly expected: readonly PersonalDataFinding[] };

const MARKED = /⟦(.*?)⟧/g;

/** The text without its marks, and where they stood. */
function unmark(marked: string, kind: PersonalDataKind): Case {
  const expected: PersonalDataFinding[] = [];
  const text = marked.replace(MARKED, (_, inner: string, at: number) => {
    const start = at - 2 * expected.length;
    expected.push({ kind, start, end: start + inner.length });
    return inner;
  });
  return { text, expected };
}

const positives = PERSONAL_DATA_KINDS.flatMap((kind) =>
  POSITIVES[kind].map((marked) => ({ kind, ...unmark(marked, kind) })),
);
const negatives = Object.entries(HARD_NEGATIVES).flatMap(([what, texts]) =>
  texts.map((text) => ({ what, text })),
);

describe('findPersonalData', () => {
  it.each(positives)('finds $kind in $text', ({ text, expected }) => {
    expect(findPersonalData(text)).toEqual(expected);
  });

  it.each(negatives)('leaves $what alone: $text', ({ text }) => {
    expect(findPersonalData(text)).toEqual([]);
  });
});
