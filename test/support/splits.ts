import type { StreamDecoder, StreamEvent } from '../../src/domain/ports.ts';
import { randomFrom } from '../simulator/plan.ts';

/** The events of a body that comes in pieces, cut at the places given (ascending). */
export function eventsOfPieces(
  decoder: StreamDecoder,
  body: Uint8Array,
  cuts: readonly number[],
): readonly StreamEvent[] {
  const edges = [0, ...cuts, body.length];
  const events = edges.slice(1).flatMap((end, at) => decoder.push(body.slice(edges[at], end)));
  return [...events, ...decoder.end()];
}

/** The events of a body of which every byte is a piece of its own. */
export function eventsOfBytes(decoder: StreamDecoder, body: Uint8Array): readonly StreamEvent[] {
  return eventsOfPieces(
    decoder,
    body,
    Array.from({ length: Math.max(0, body.length - 1) }, (_, at) => at + 1),
  );
}

/** `count` ways to cut a body once to three times, the same for the same seed. */
export function randomCuts(
  length: number,
  count: number,
  seed = 1,
): readonly (readonly number[])[] {
  const random = randomFrom(seed);
  const place = (): number => Math.floor(random() * (length + 1));
  return Array.from({ length: count }, (_, at) =>
    Array.from({ length: (at % 3) + 1 }, place).sort((a, b) => a - b),
  );
}
