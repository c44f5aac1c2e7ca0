import { describe, expect, it } from 'vitest';
import type { ModelResponse } from '../../../src/domain/response.ts';
import { answerDecoder, readAnswer } from '../../../src/providers/answer-reading.ts';
import { foldParts, partsOf } from '../../../src/providers/fold-parts.ts';
import { malformed } from '../../../src/providers/malformed.ts';
import type { StreamStep } from '../../../src/providers/sse.ts';
import { partsOfPieces } from '../../support/recorded-call.ts';

const ANSWER: ModelResponse = {
  upstreamId: 'a1',
  upstreamModel: 'm',
  content: [
    { type: 'reasoning', text: 'Hm.', extras: { anthropic: { signature: 'c2ln' } } },
    { type: 'text', text: 'Hello' },
    { type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":1}' },
    { type: 'citation', url: 'https://example.com', title: undefined },
    { type: 'refusal', text: 'No.' },
  ],
  finishReason: { unified: 'tool-calls', raw: 'tool_calls' },
  usage: { uncachedInputTokens: 1, outputTokens: 2 },
};

/** A wire whose events are texts, and whose whole answer is always the same. */
const step: StreamStep<number> = (state, event) => ({
  state: state + 1,
  parts: [{ type: 'text-delta', text: `${state}:${event.data}` }],
});
const READING = {
  initial: 0,
  step,
  fromWhole: (body: string) => (body.includes('bad') ? malformed('bad') : ANSWER),
};

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const piecesOf = (text: string): Uint8Array[] =>
  [...encode(text)].map((byte) => Uint8Array.of(byte));

describe('answerDecoder', () => {
  it.each([
    ['server-sent events', 'data: one\n\ndata: two\n\n', false, ['0:one', '1:two']],
    ['events behind blanks', '\n \n: comment\n\ndata: one\n\n', false, ['0:one']],
    [
      'a list of JSON',
      '[{"a":"}]"}\n,\r\n{"b":{"c":"\\"{"}}]',
      true,
      ['0:{"a":"}]"}', '1:{"b":{"c":"\\"{"}}'],
    ],
    ['a list that was cut off', '[{"a":1},{"b', true, ['0:{"a":1}', '1:{"b']],
    ['an empty list', ' []', true, []],
  ])('reads %s, byte by byte', (_, text, isForeign, texts) => {
    const decoder = answerDecoder(READING);
    const parts = partsOfPieces(decoder, piecesOf(text));

    expect(parts).toEqual(texts.map((said) => ({ type: 'text-delta', text: said })));
    expect(decoder.isForeign).toBe(isForeign);
  });

  it('reads a whole answer in place of a stream', () => {
    const decoder = answerDecoder(READING);

    expect(partsOfPieces(decoder, piecesOf('{"any":"thing"}'))).toEqual(partsOf(ANSWER));
    expect(decoder.isForeign).toBe(true);
  });

  it('reports a whole answer that is none', () => {
    expect(partsOfPieces(answerDecoder(READING), [encode('{"bad":1}')])).toEqual([
      { type: 'error', failure: malformed('bad') },
    ]);
  });

  it('F40 gives up on a whole answer, or on one element, of more than may be', () => {
    const filler = encode('x'.repeat(1_048_577));
    const tooMuch = [{ type: 'error', failure: { kind: 'malformed', code: 'event_too_large' } }];

    expect(
      partsOfPieces(answerDecoder(READING), [encode('[{"a":"'), filler, filler]),
    ).toMatchObject(tooMuch);
    const pieces = Array.from({ length: 33 }, () => filler);
    expect(partsOfPieces(answerDecoder(READING), [encode('{"a":"'), ...pieces])).toMatchObject(
      tooMuch,
    );
  });
});

describe('readAnswer', () => {
  it('reads what was asked for', () => {
    expect(readAnswer('{"any":"thing"}', READING)).toBe(ANSWER);
  });

  it.each(['data: x\n\n', 'event: a\ndata: x\n\n', ': comment\n\n', '[{"a":1}]', ''])(
    'finds no answer in a stream that has no end (%j)',
    (body) => {
      const reading = { ...READING, fromWhole: () => malformed('no answer') };

      expect(readAnswer(body, reading)).toMatchObject({ kind: 'malformed' });
    },
  );
});

describe('foldParts', () => {
  it('gives back the answer that was taken apart', () => {
    expect(foldParts(partsOf(ANSWER))).toEqual(ANSWER);
  });

  it('joins pieces, but no text that carries something', () => {
    const parts = foldParts([
      { type: 'text-delta', text: 'a' },
      { type: 'text-delta', text: 'b' },
      { type: 'text-delta', text: '', extras: { gemini: { thoughtSignature: 's' } } },
      { type: 'text-delta', text: 'c' },
      { type: 'done' },
    ]);

    expect(parts).toMatchObject({
      content: [
        { type: 'text', text: 'ab' },
        { type: 'text', text: '', extras: { gemini: { thoughtSignature: 's' } } },
        { type: 'text', text: 'c' },
      ],
      finishReason: { unified: 'unknown' },
    });
  });
});
