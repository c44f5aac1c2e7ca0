import {
  PERSONAL_DATA_KINDS,
  type PersonalDataFinding,
  type PersonalDataKind,
} from '../../src/classify/personal-data.ts';
import { POSITIVES } from '../core/classify/personal-data-cases.ts';
import { HARD_NEGATIVES } from '../core/classify/personal-data-hard-negatives.ts';
import type { PersonalDataCase } from './score-personal-data.ts';

const MARKED = /⟦(.*?)⟧/g;

/** The text without its marks, and where they stood. */
function unmark(marked: string, kind: PersonalDataKind): PersonalDataCase {
  const expected: PersonalDataFinding[] = [];
  const text = marked.replace(MARKED, (_, inner: string, at: number) => {
    const start = at - 2 * expected.length;
    expected.push({ kind, start, end: start + inner.length });
    return inner;
  });
  return { text, expected };
}

export const WITH_PERSONAL_DATA = PERSONAL_DATA_KINDS.flatMap((kind) =>
  POSITIVES[kind].map((marked) => ({ kind, ...unmark(marked, kind) })),
);

/** Texts that look like it: `what` they have in truth. */
export const WITHOUT_PERSONAL_DATA = Object.entries(HARD_NEGATIVES).flatMap(([what, texts]) =>
  texts.map((text) => ({ what, text, expected: [] })),
);
