import type { StreamDecoder, StreamEvent } from '../../src/domain/ports.ts';

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
