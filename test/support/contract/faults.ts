import { expect } from 'vitest';
import { FAILURE_KINDS, type FailureKind } from '../../../src/domain/failure.ts';
import { adapterOf } from '../../../src/providers/index.ts';
import type { ErrorKind } from '../../simulator/prompt.ts';
import { factsOfParts, factsOfResponse } from '../answer-facts.ts';
import {
  partsIn,
  readWhole,
  streamBytes,
  streamPieces,
  TEXT_ANSWER,
  wholeBody,
} from './answers.ts';
import type { ContractCase, ContractSubject } from './subject.ts';

/** Which classes are right for what goes wrong at a provider; some wires have one word for two. */
const CLASSES: Readonly<Record<ErrorKind, readonly FailureKind[]>> = {
  invalid: ['client'],
  'context-length': ['client-size'],
  'too-large': ['client-size'],
  'content-filter': ['policy', 'client'],
  auth: ['key'],
  permission: ['key'],
  'not-found': ['route'],
  conflict: ['route'],
  rate: ['rate'],
  quota: ['quota', 'rate'],
  server: ['route'],
  unavailable: ['route', 'overload'],
  timeout: ['slow'],
  overload: ['overload'],
};

const encode = (piece: string | Uint8Array): Uint8Array =>
  typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;

function faultOf(subject: ContractSubject, pieces: readonly Uint8Array[]) {
  return partsIn(subject, pieces).find((part) => part.type === 'error')?.failure;
}

/** The head of a good stream, with its first content. */
function beginning(subject: ContractSubject): Uint8Array {
  const bytes = streamBytes(subject, TEXT_ANSWER);
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

/** The same up to the end of an event: behind a blank line, or behind a whole message. */
function wholeEvents(subject: ContractSubject): readonly Uint8Array[] {
  if (subject.speaker.binary === undefined) return [beginning(subject), encode('\n\n')];
  const pieces = streamPieces(subject, TEXT_ANSWER);
  return pieces.slice(0, Math.floor(pieces.length / 2));
}

const MEGABYTE = 1_048_576;

export const faultCases: readonly ContractCase[] = [
  [
    'F01–F31 has a class for every error of its provider',
    ({ wire, speaker }) => {
      for (const [kind, allowed] of Object.entries(CLASSES)) {
        const reply = speaker.error({ kind: kind as ErrorKind, message: 'no' }); // a key of the record
        const failure = adapterOf(wire).toFailure({
          status: reply.status,
          headers: new Headers(reply.headers),
          body: JSON.stringify(reply.body),
        });

        expect({ kind, class: failure.kind, isRight: allowed.includes(failure.kind) }).toEqual({
          kind,
          class: failure.kind,
          isRight: true,
        });
      }
    },
  ],
  [
    'is total: any status with no body at all has a class',
    ({ wire }) => {
      for (let status = 300; status < 600; status++) {
        const reply = { status, headers: new Headers(), body: '' };

        expect(FAILURE_KINDS).toContain(adapterOf(wire).toFailure(reply).kind);
      }
    },
  ],
  [
    'F33 a page in place of an answer is malformed',
    (subject) => {
      expect(readWhole(subject, '<html><h1>Sign in</h1></html>')).toMatchObject({
        kind: 'malformed',
      });
      expect(partsIn(subject, [encode('<html><h1>Sign in</h1></html>')])).toEqual([]);
    },
  ],
  [
    'F34 an empty body, null and {} are malformed',
    (subject) => {
      for (const body of ['', '  ', 'null', '{}', '[]', '""']) {
        expect(readWhole(subject, body)).toMatchObject({ kind: 'malformed', accepted: 'yes' });
      }
    },
  ],
  [
    'F35 an answer that was cut off is malformed',
    (subject) => {
      const body = wholeBody(subject, TEXT_ANSWER);

      for (const share of [0.1, 0.5, 0.9]) {
        const cut = body.slice(0, Math.floor(body.length * share));
        expect(readWhole(subject, cut)).toMatchObject({ kind: 'malformed' });
      }
    },
  ],
  [
    'F36 an answer that says nothing is read as one: whether it will do is not the wire to say',
    (subject) => {
      const usage = { ...TEXT_ANSWER.usage, outputTokens: 0 };
      const body = wholeBody(subject, { ...TEXT_ANSWER, text: '', usage });

      expect(readWhole(subject, body)).toMatchObject({ content: [], usage: { outputTokens: 0 } });
    },
  ],
  [
    'F37 an error in a body of status 200 has the class of its inner code',
    (subject) => {
      const { body } = subject.speaker.error({ kind: 'overload', message: 'Overloaded' });

      expect(readWhole(subject, JSON.stringify(body))).toMatchObject({ kind: 'overload' });
    },
  ],
  [
    'F39 a stream in place of a whole answer is put together',
    (subject) => {
      const body = new TextDecoder().decode(streamBytes(subject, TEXT_ANSWER));
      const response = readWhole(subject, body);

      expect('kind' in response ? response : factsOfResponse(response)).toMatchObject({
        text: TEXT_ANSWER.text,
        usage: { input: 100, output: 20 },
      });
    },
  ],
  [
    'F39 a whole answer in place of a stream is read, and said to be foreign',
    (subject) => {
      const bytes = encode(wholeBody(subject, TEXT_ANSWER));

      expect(
        factsOfParts(partsIn(subject, [bytes.subarray(0, 9), bytes.subarray(9)])),
      ).toMatchObject({
        text: TEXT_ANSWER.text,
        usage: { input: 100, output: 20 },
      });
    },
  ],
  [
    'F40 an event of more than a megabyte is a fault, reported once',
    (subject) => {
      const event = encode(subject.event(`{"filler":"${'x'.repeat(MEGABYTE)}"}`));
      const half = Math.floor(event.length / 2);
      const parts = partsIn(subject, [event.subarray(0, half), event.subarray(half), event]);

      expect(parts.filter(({ type }) => type === 'error')).toMatchObject([
        { failure: { kind: 'malformed', code: 'event_too_large' } },
      ]);
    },
  ],
  [
    'F41 invalid UTF-8 is replaced, and what follows is read',
    (subject) => {
      const noise = new Uint8Array([...encode(': '), 0xff, 0xfe, ...encode('\n\n')]);
      const parts = partsIn(subject, [noise, streamBytes(subject, TEXT_ANSWER)]);

      expect(factsOfParts(parts).text).toBe(TEXT_ANSWER.text);
    },
  ],
  [
    'F47 an error as the first event has the class of its inner code',
    (subject) => {
      const event = subject.speaker.streamError({ kind: 'overload', message: 'Overloaded' });

      expect(faultOf(subject, [encode(event)])).toMatchObject({ kind: 'overload' });
    },
  ],
  [
    'F49 a stream that ends at once gives nothing',
    (subject) => {
      expect(partsIn(subject, [])).toEqual([]);
      expect(partsIn(subject, [encode('\n\n')])).toEqual([]);
    },
  ],
  [
    'F51 an error behind the first content is reported after it',
    (subject) => {
      const event = subject.speaker.streamError({ kind: 'server', message: 'no' });
      const parts = partsIn(subject, [...wholeEvents(subject), encode(event)]);

      expect(parts.findIndex(({ type }) => type === 'text-delta')).toBeGreaterThanOrEqual(0);
      expect(parts.at(-1)).toMatchObject({ type: 'error', failure: { kind: 'route' } });
    },
  ],
  [
    'F52 a stream that breaks off has no terminal sign',
    (subject) => {
      const parts = partsIn(subject, [beginning(subject)]);

      expect(parts.some(({ type }) => type === 'finish' || type === 'done')).toBe(false);
    },
  ],
  [
    'an event that cannot be read is passed over, and the answer goes on',
    (subject) => {
      const parts = partsIn(subject, [
        encode(subject.event('{"choices":[{"delta":{"cont')),
        streamBytes(subject, TEXT_ANSWER),
      ]);

      expect(factsOfParts(parts).text).toBe(TEXT_ANSWER.text);
    },
  ],
  [
    'an event that was never meant to be JSON is passed over',
    (subject) => {
      const parts = partsIn(subject, [
        encode(subject.event('still working')),
        streamBytes(subject, TEXT_ANSWER),
      ]);

      expect(factsOfParts(parts).text).toBe(TEXT_ANSWER.text);
    },
  ],
];
