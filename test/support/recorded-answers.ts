import { isDeepStrictEqual } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import type { AttemptFailure } from '../../src/domain/failure.ts';
import type { RoutableModel } from '../../src/domain/model.ts';
import type { ModelCall, ProviderAdapter, StreamDecoder } from '../../src/domain/ports.ts';
import { type AnswerDigest, digestOf, digestOfParts } from './answer-digest.ts';
import { aCall, aConversation } from './builders.ts';
import { bodyBytes, isStream, type Recording } from './recordings.ts';
import { eventsOfBytes, eventsOfPieces, randomCuts } from './splits.ts';

/** How the recordings of one dialect are held against the adapter that reads it. */
export type RecordedDialect = {
  readonly adapter: ProviderAdapter;
  readonly recordings: readonly Recording[];
  /** What an answer says, from its raw JSON alone. */
  expected(recording: Recording): AnswerDigest;
  /** The model that was recorded, as the router would call it. */
  modelOf(recording: Recording): RoutableModel;
};

const RANDOM_CUTS = 200;
const SMALLEST = 20;

/** Declares the tests that every dialect's recordings must pass. */
export function itReadsRecordedAnswers(dialect: RecordedDialect): void {
  const good = dialect.recordings.filter(({ response }) => response.status === 200);
  const passed = new Map<string, number>();
  it.each(good.map((recording) => [recording.id, recording] as const))(
    'reads %s',
    (_, recording) => {
      expect(readDigest(dialect, recording)).toEqual(dialect.expected(recording));
      passed.set(recording.provider, (passed.get(recording.provider) ?? 0) + 1);
    },
  );
  afterAll(() => {
    for (const [provider, count] of countsOf(good)) {
      process.stdout.write(`${provider}: ${passed.get(provider) ?? 0} of ${count} answers\n`);
    }
  });
  itReadsEverySplit(dialect);
}

function itReadsEverySplit(dialect: RecordedDialect): void {
  const streams = dialect.recordings
    .filter(isStream)
    .sort((a, b) => bodyBytes(a).length - bodyBytes(b).length);
  it.each(streams.map((recording) => [recording.id, recording] as const))(
    `gives the same events of %s cut in ${RANDOM_CUTS} ways (F56)`,
    (_, recording) => {
      const body = bodyBytes(recording);
      const whole = eventsOfPieces(decoderOf(dialect, recording), body, []);
      const differing = randomCuts(body.length, RANDOM_CUTS).filter((cuts) => {
        const events = eventsOfPieces(decoderOf(dialect, recording), body, cuts);
        return !isDeepStrictEqual(events, whole);
      });
      expect(differing).toEqual([]);
    },
  );
  it.each(streams.slice(0, SMALLEST).map((recording) => [recording.id, recording] as const))(
    'gives the same events of %s byte by byte (F56)',
    (_, recording) => {
      const body = bodyBytes(recording);
      const whole = eventsOfPieces(decoderOf(dialect, recording), body, []);
      expect(eventsOfBytes(decoderOf(dialect, recording), body)).toEqual(whole);
    },
  );
}

function readDigest(dialect: RecordedDialect, recording: Recording): AnswerDigest | AttemptFailure {
  if (!isStream(recording)) {
    return digestOf(
      dialect.adapter.fromResponse(recording.response.body, callOf(dialect, recording)),
    );
  }
  const events = eventsOfPieces(decoderOf(dialect, recording), bodyBytes(recording), []);
  expect(events.filter(({ isBroken }) => isBroken)).toEqual([]);
  const parts = events.flatMap((event) => event.parts);
  expect(parts.filter(({ type }) => type === 'done').length).toBeGreaterThan(0);
  return digestOfParts(parts);
}

function callOf(dialect: RecordedDialect, recording: Recording): ModelCall {
  const conversation = aConversation({ stream: isStream(recording) });
  return aCall({ model: dialect.modelOf(recording), conversation });
}

function decoderOf(dialect: RecordedDialect, recording: Recording): StreamDecoder {
  return dialect.adapter.openStream(callOf(dialect, recording));
}

/** The class of each recorded error, one line each, for a snapshot that people review. */
export function errorClasses({ adapter, recordings }: RecordedDialect): readonly string[] {
  return recordings
    .filter(({ response }) => response.status !== 200)
    .map(({ id, response }) => {
      const { status, headers, body } = response;
      const failure = adapter.toFailure({ status, headers: new Headers(headers), body });
      return `${id} ${status}: ${failure.kind} ${failure.code}`;
    });
}

function countsOf(recordings: readonly Recording[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { provider } of recordings) counts.set(provider, (counts.get(provider) ?? 0) + 1);
  return counts;
}
