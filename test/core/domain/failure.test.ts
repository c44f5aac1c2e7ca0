import { describe, expect, it } from 'vitest';
import {
  FAILURE_KINDS,
  type FailureKind,
  type FailureReaction,
  REACTIONS,
} from '../../../src/domain/failure.ts';

type Row = readonly [
  kind: FailureKind,
  retries: FailureReaction['retriesSameModel'],
  next: FailureReaction['triesNext'],
  health: FailureReaction['health'],
];

/** Fault catalogue §1, word for word. */
const ROWS: readonly Row[] = [
  ['client', false, false, 'none'],
  ['client-size', false, true, 'none'],
  ['policy', false, false, 'none'],
  ['rate', true, true, 'key-on-model'],
  ['quota', false, true, 'key'],
  ['key', false, true, 'key'],
  ['overload', false, true, 'model'],
  ['route', true, true, 'model'],
  ['malformed', false, true, 'model'],
  ['slow', false, true, 'model'],
  ['content', false, true, 'none'],
  ['transport', true, true, 'model'],
  ['provider', false, true, 'model'],
  ['mid-stream', false, false, 'model'],
  ['cancel', false, false, 'none'],
  ['deadline', false, false, 'none'],
  ['self', false, true, 'none'],
];

describe('REACTIONS', () => {
  it('has a row for every kind of failure', () => {
    expect(ROWS.map(([kind]) => kind)).toEqual(FAILURE_KINDS);
  });

  it.each(ROWS)('%s: same model again %s, next model %s, health of %s', (kind, ...allowed) => {
    const { retriesSameModel, triesNext, health } = REACTIONS[kind];

    expect([retriesSameModel, triesNext, health]).toEqual(allowed);
  });

  it('wants a larger window only for a request that was too large', () => {
    const kinds = FAILURE_KINDS.filter((kind) => REACTIONS[kind].needsLargerModel);

    expect(kinds).toEqual(['client-size']);
  });

  it("never lets a caller's own fault touch anybody's health (F24 to F28, F69, F70)", () => {
    const callers: readonly FailureKind[] = [
      'client',
      'client-size',
      'policy',
      'cancel',
      'deadline',
    ];

    expect(callers.map((kind) => REACTIONS[kind].health)).toEqual(Array(5).fill('none'));
  });
});
