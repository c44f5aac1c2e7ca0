import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/domain/json.ts';
import { joinDetails, joinExtras } from '../../../src/ingest/extras.ts';

const piece = (text: string, index = 0) => ({ type: 'reasoning.text', text, index });
const listed = (...details: readonly JsonObject[]) => ({ openai: { reasoning_details: details } });

describe('joinDetails', () => {
  it('puts the pieces of one thought together, up to its signature', () => {
    const signed = { type: 'reasoning.text', text: '', signature: 's', format: 'f', index: 0 };

    expect(joinDetails([piece('a'), piece('b'), signed, piece('c'), piece('d', 1)])).toEqual([
      { type: 'reasoning.text', text: 'ab', signature: 's', format: 'f', index: 0 },
      piece('c'),
      piece('d', 1),
    ]);
  });

  it('joins summaries, and leaves what is encrypted apart', () => {
    const summary = { type: 'reasoning.summary', summary: 'x', index: 0 };
    const encrypted = { type: 'reasoning.encrypted', data: 'y', index: 0 };

    expect(joinDetails([summary, summary, encrypted, encrypted])).toEqual([
      { ...summary, summary: 'xx' },
      encrypted,
      encrypted,
    ]);
  });

  it('keeps what a later piece leaves empty', () => {
    const first = { ...piece('a'), format: 'f' };
    expect(joinDetails([first, { ...piece('b'), format: null }])).toEqual([
      { ...piece('ab'), format: 'f' },
    ]);
  });
});

describe('joinExtras', () => {
  it('makes one list of the lists of two pieces', () => {
    expect(joinExtras(listed(piece('a')), listed(piece('b')))).toEqual(listed(piece('ab')));
    expect(joinExtras({}, listed(piece('a')))).toEqual(listed(piece('a')));
  });

  it.each([
    [{}, { anthropic: { signature: 's' } }],
    [{ openai: { reasoning_details: 'no list' } }, listed(piece('a'))],
    [{}, { openai: 'no fields' }],
  ])('finds in %j and %j no pieces of one part', (earlier, later) => {
    expect(joinExtras(earlier, later)).toBeUndefined();
  });
});
