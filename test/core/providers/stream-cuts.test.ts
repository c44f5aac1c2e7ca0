import { expect, it } from 'vitest';
import { randomFrom } from '../../simulator/plan.ts';
import { describeRecorded, tallyOf } from '../../support/describe-recorded.ts';
import { partsOfPieces, recordedAdapter, recordedCall } from '../../support/recorded-call.ts';
import { bodyBytes, isStream, type Recording, recordingsOf } from '../../support/recordings.ts';

const CUTS = 200;
const SMALLEST = 20;
const SEED = 20_261_125;
/** Thousands of readings of one stream take their time where the machine is busy. */
const PATIENCE_MS = 60_000;

const streams = recordingsOf(
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini-generate',
  'bedrock-converse-stream',
  'bedrock-invoke-stream',
).filter(isStream);
const smallest = [...streams]
  .sort((one, other) => bodyBytes(one).length - bodyBytes(other).length)
  .slice(0, SMALLEST);

/** The parts as text, to be compared by the thousand. */
function partsIn({ recording, pieces }: { recording: Recording; pieces: Iterable<Uint8Array> }) {
  const decoder = recordedAdapter(recording).openStream(recordedCall(recording));
  return JSON.stringify(partsOfPieces(decoder, pieces));
}

/** Pieces of the bytes between places that are in order. */
function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  return [...places, bytes.length].map((end, at) => bytes.subarray(places[at - 1] ?? 0, end));
}

function rows(recordings: readonly Recording[]): (readonly [string, Recording])[] {
  return recordings.map((recording) => [recording.id, recording]);
}

describeRecorded('the parts of a recorded stream', () => {
  const tally = tallyOf('recorded streams cut at random', streams);

  it.each(rows(streams))(
    `are the same for %s, cut at ${CUTS} random places`,
    (_, recording) => {
      const bytes = bodyBytes(recording);
      const random = randomFrom(SEED);
      const places = Array.from({ length: CUTS }, () => Math.floor(random() * bytes.length));
      const whole = partsIn({ recording, pieces: [bytes] });

      const together = partsIn({
        recording,
        pieces: cutAt(
          bytes,
          places.sort((a, b) => a - b),
        ),
      });
      const oneByOne = new Set(
        places.slice(0, 5).map((place) => partsIn({ recording, pieces: cutAt(bytes, [place]) })),
      );

      expect(together).toBe(whole);
      expect([...oneByOne]).toEqual([whole]);
      tally.pass(recording);
    },
    PATIENCE_MS,
  );

  it.each(rows(smallest))(
    'are the same for %s, cut at every single byte',
    (_, recording) => {
      const bytes = bodyBytes(recording);
      const whole = partsIn({ recording, pieces: [bytes] });

      const everywhere = partsIn({ recording, pieces: cutAt(bytes, [...bytes.keys()].slice(1)) });
      const anywhere = new Set(
        [...bytes.keys()].map((place) => partsIn({ recording, pieces: cutAt(bytes, [place]) })),
      );

      expect(everywhere).toBe(whole);
      expect([...anywhere]).toEqual([whole]);
    },
    PATIENCE_MS,
  );
});
