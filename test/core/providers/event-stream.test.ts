import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamEvent } from '../../../src/domain/ports.ts';
import type { ModelResponse } from '../../../src/domain/response.ts';
import { crc32, MAX_MESSAGE_BYTES } from '../../../src/providers/event-message.ts';
import { eventStreamDecoder, wrappedStreamDecoder } from '../../../src/providers/event-stream.ts';
import type { StreamStep } from '../../../src/providers/sse.ts';
import {
  encodeEvent,
  encodeException,
  encodeMessage,
  type HeaderValue,
} from '../../simulator/event-message.ts';
import { eventsOfBytes, eventsOfPieces } from '../../support/splits.ts';

/** Counts the events, so that the state can be seen to go along. */
const counting: StreamStep<number> = (count) => ({
  state: count + 1,
  parts: [{ type: 'text-delta', text: String(count) }],
});

const READING = {
  initial: 0,
  step: counting,
  fromWhole: (body: string): ModelResponse => ({
    upstreamId: undefined,
    upstreamModel: undefined,
    content: [{ type: 'text', text: body }],
    finishReason: { unified: 'stop', raw: undefined },
    usage: {},
  }),
};

function decode(...messages: readonly Uint8Array[]): readonly StreamEvent[] {
  return eventsOfPieces(eventStreamDecoder(READING), Buffer.concat(messages), []);
}

function failureOf(event: StreamEvent | undefined) {
  const [part] = event?.parts ?? [];
  return part?.type === 'error' ? part.failure : undefined;
}

describe('eventStreamDecoder', () => {
  it('gives each message as an event, by the name in its header', () => {
    const events = decode(encodeEvent('messageStart', { a: 1 }), encodeEvent('metadata', { b: 2 }));

    expect(events).toEqual([
      {
        name: 'messageStart',
        data: '{"a":1}',
        parts: [{ type: 'text-delta', text: '0' }],
        isBroken: false,
      },
      {
        name: 'metadata',
        data: '{"b":2}',
        parts: [{ type: 'text-delta', text: '1' }],
        isBroken: false,
      },
    ]);
  });

  it('gives the same events for every split of the bytes (F56)', () => {
    const sized = (type: number) =>
      fc.uint8Array({ maxLength: 40 }).map((bytes): HeaderValue => ({ type, bytes }));
    const fixed = (type: number, length: number) =>
      fc
        .uint8Array({ minLength: length, maxLength: length })
        .map((bytes): HeaderValue => ({ type, bytes }));
    const value = fc.oneof(
      fc.string(),
      sized(6),
      ...[0, 1].map((type) => fixed(type, 0)),
      ...[fixed(2, 1), fixed(3, 2), fixed(4, 4), fixed(5, 8), fixed(8, 8), fixed(9, 16)],
    );
    const message = fc.record({
      name: fc.string({ maxLength: 20 }),
      others: fc.array(value, { maxLength: 4 }),
      payload: fc.string({ unit: 'grapheme', maxLength: 60 }),
    });
    const cuts = fc.array(fc.nat(), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), cuts, (messages, places) => {
        const body = Buffer.concat(
          messages.map(({ name, others, payload }) => {
            const extra = Object.fromEntries(others.map((other, at) => [`x-${at}`, other]));
            return encodeMessage({ ...extra, ':event-type': name }, Buffer.from(payload));
          }),
        );
        const sorted = places.map((place) => place % (body.length + 1)).sort((a, b) => a - b);

        const events = eventsOfPieces(eventStreamDecoder(READING), body, sorted);

        expect(events.map(({ name, data }) => ({ name, data }))).toEqual(
          messages.map(({ name, payload }) => ({ name, data: payload })),
        );
        expect(events).toEqual(eventsOfBytes(eventStreamDecoder(READING), body));
      }),
    );
  });

  it('replaces invalid UTF-8 inside a payload, and nothing around it (F41)', () => {
    const payload = Uint8Array.of(0x22, 0xff, 0x22);

    expect(decode(encodeMessage({ ':event-type': 'e' }, payload))[0]?.data).toBe('"\u{FFFD}"');
  });

  it('gives nothing for a message that the body cuts off (F52)', () => {
    const whole = encodeEvent('messageStart', {});

    expect(decode(whole, encodeEvent('messageStop', {}).slice(0, -1))).toEqual(decode(whole));
    expect(decode()).toEqual([]);
  });

  // No recording shows an exception inside a stream: types and statuses are those of the API reference.
  it.each([
    ['throttlingException', 'rate', 'rate_limited', 429],
    ['modelStreamErrorException', 'route', 'server_error', 424],
    ['internalServerException', 'route', 'server_error', 500],
    ['serviceUnavailableException', 'route', 'server_error', 503],
    ['validationException', 'client', 'rejected_request', 400],
    ['modelTimeoutException', 'route', 'conflict', 408],
    ['accessDeniedException', 'key', 'not_permitted', 403],
    ['resourceNotFoundException', 'route', 'model_gone', 404],
    ['anotherException', 'route', 'server_error', 500],
  ])('makes the exception %s a failure of its class (F51)', (type, kind, code, status) => {
    const [first, second, ...more] = decode(
      encodeEvent('messageStart', {}),
      encodeException(type, { message: 'secret text of the provider' }),
    );

    expect(more).toEqual([]);
    expect(failureOf(first)).toBeUndefined();
    expect(failureOf(second)).toMatchObject({ kind, code, status, accepted: 'unknown' });
    expect(failureOf(second)?.message).not.toContain('secret');
  });

  it('reads the message of an exception: too long an input is no ordinary fault (F24, F51)', () => {
    const [event] = decode(
      encodeException('validationException', { message: 'Input is too long for this model.' }),
    );

    expect(failureOf(event)).toMatchObject({
      kind: 'client-size',
      code: 'context_length_exceeded',
    });
  });

  it('makes an unmodeled error a failure', () => {
    const headers = {
      ':message-type': 'error',
      ':error-code': 'InternalError',
      ':error-message': 'x',
    };

    expect(failureOf(decode(encodeMessage(headers, new Uint8Array()))[0])).toMatchObject({
      kind: 'route',
      code: 'server_error',
    });
  });

  const good = encodeEvent('messageStart', { role: 'assistant' });
  const flipped = (at: number): Uint8Array => {
    const bytes = Uint8Array.from(good);
    const place = at < 0 ? bytes.length + at : at;
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    return bytes;
  };
  const prelude = (size: number, headersSize: number): Uint8Array => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt32BE(size, 0);
    bytes.writeUInt32BE(headersSize, 4);
    bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
    return bytes;
  };
  it.each([
    ['a prelude whose checksum is wrong', flipped(8), 'malformed_answer'],
    ['a length that was changed', flipped(3), 'malformed_answer'],
    ['a payload that was changed', flipped(-6), 'malformed_answer'],
    ['a message whose checksum is wrong', flipped(-1), 'malformed_answer'],
    ['a message shorter than its frame', prelude(15, 0), 'malformed_answer'],
    ['headers longer than their message', prelude(40, 30), 'malformed_answer'],
    ['a message above the cap', prelude(MAX_MESSAGE_BYTES + 1, 0), 'event_too_large'],
    ['headers above the cap', prelude(100_000, 65_537), 'event_too_large'],
    [
      'a header of no known type',
      encodeMessage({ a: { type: 10, bytes: new Uint8Array() } }, good),
      'malformed_answer',
    ],
    [
      'a header that runs over the end',
      encodeMessage({ a: { type: 4, bytes: Uint8Array.of(1) } }, good),
      'malformed_answer',
    ],
    [
      'a header without a value',
      encodeMessage({ a: { type: 3, bytes: new Uint8Array() } }, new Uint8Array()),
      'malformed_answer',
    ],
    [
      'JSON instead of a stream (F39)',
      Buffer.from('{"output":{"message":{}}}'),
      'malformed_answer',
    ],
    [
      'a page instead of a stream (F33)',
      Buffer.from('<html><body>Welcome</body></html>'),
      'malformed_answer',
    ],
  ])('gives up at %s (F40)', (_, bad, code) => {
    const decoder = eventStreamDecoder(READING);

    const events = [...decoder.push(good), ...decoder.push(bad), ...decoder.push(good)];

    expect(events).toHaveLength(2);
    expect(events[1]).toMatchObject({ isBroken: true });
    expect(failureOf(events[1])).toMatchObject({ kind: 'malformed', code, accepted: 'yes' });
    expect(decoder.end()).toEqual([]);
  });

  it('reads a whole answer that came in place of a stream (F39)', () => {
    const decoder = eventStreamDecoder(READING);

    const events = [...decoder.push(Buffer.from('{"a":')), ...decoder.push(Buffer.from('1}'))];

    expect([...events, ...decoder.end()].flatMap(({ parts }) => parts)).toMatchObject([
      { type: 'start' },
      { type: 'text-delta', text: '{"a":1}' },
      { type: 'usage' },
      { type: 'finish' },
      { type: 'done' },
    ]);
  });

  it('reads nothing in a page that came in place of a stream (F33)', () => {
    const decoder = eventStreamDecoder(READING);

    expect([...decoder.push(Buffer.from('<html>Welcome</html>')), ...decoder.end()]).toEqual([]);
    expect(eventStreamDecoder(READING).end()).toEqual([]);
  });

  it('takes a message at the cap', () => {
    const headers = { ':event-type': 'e' };
    const overhead = encodeMessage(headers, new Uint8Array()).length;
    const payload = new Uint8Array(MAX_MESSAGE_BYTES - overhead).fill(0x61);

    expect(decode(encodeMessage(headers, payload))[0]?.data.length).toBe(payload.length);
  });
});

describe('wrappedStreamDecoder', () => {
  const decodeWrapped = (body: unknown) =>
    eventsOfPieces(wrappedStreamDecoder(READING), encodeEvent('chunk', body), []);

  it("gives the model's own event, which has no name of its own", () => {
    const inner = JSON.stringify({ type: 'text', text: 'Grüße 🧮' });
    const bytes = Buffer.from(inner).toString('base64');

    expect(decodeWrapped({ bytes, p: 'abc' })).toEqual([
      { name: undefined, data: inner, parts: [{ type: 'text-delta', text: '0' }], isBroken: false },
    ]);
  });

  it.each([[{}], [{ bytes: 1 }], [{ bytes: '%%%' }], [[]], [null]])(
    'marks %j, which holds no event',
    (body) => {
      expect(decodeWrapped(body)).toEqual([
        { name: undefined, data: '', parts: [], isBroken: true },
      ]);
    },
  );
});

describe('crc32', () => {
  it('is that of gzip', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcb_f4_39_26);
  });
});
