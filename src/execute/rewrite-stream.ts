import type { StreamEvent, StreamWriter } from '../domain/ports.ts';
import type { ModelStreamPart } from '../domain/response.ts';
import type { OpenStream } from './attempt.ts';
import type { Desk, Leg, RelayOrder } from './leg.ts';
import { toParts } from './passed.ts';
import type { Resumption } from './resume.ts';
import { writeTo } from './stream-end.ts';
import { eventsOf } from './stream-events.ts';

/** Relays a stream of another dialect: its parts are written anew. */
export function translatedLeg(desk: Desk): Leg {
  const { order, writer } = desk;
  const { stream } = order;
  const write = (events: readonly StreamEvent[]): string =>
    events.flatMap(({ parts }) => parts.map((part) => writer.write(part))).join('');
  return {
    stream,
    pass: () => rewriteAll(desk, heldAndRest(order), write),
    whole: () => writer.finish(order.billOf(stream)),
    seam: () => '',
    handOver: () => true,
  };
}

/** Relays a stream of the caller's dialect of which single events must change or go. */
export function editedLeg(desk: Desk): Leg {
  const { order, writer } = desk;
  const { stream, caller } = order;
  const edit = (event: StreamEvent): string => {
    if (event.isBroken || event.parts.some(({ type }) => type === 'error')) return '';
    const isBilled = event.parts.some(({ type }) => type === 'usage');
    return caller.editEvent(event, isBilled ? order.billOf(stream) : undefined);
  };
  return {
    stream,
    pass: () => rewriteAll(desk, heldAndRest(order), (events) => events.map(edit).join('')),
    whole: () => writer.finishNative(order.billOf(stream), false),
    seam: () => '',
    handOver: () => catchUp(writer, stream),
  };
}

/** Goes on behind a break with another provider's parts. */
export function resumedLeg(desk: Desk, { stream, parts }: Resumption): Leg {
  const { order, writer } = desk;
  const write = (some: readonly ModelStreamPart[]): string =>
    some.map((part) => writer.write(part)).join('');
  return {
    stream,
    pass: () => rewriteAll(desk, parts, write),
    whole: () => writer.finish(order.billOf(stream)),
    seam: () => '',
    handOver: () => true,
  };
}

/**
 * Tells a writer what the caller has got without it, so that it goes on from there. A writer's state
 * follows from the parts alone, unless its dialect has a count of its own.
 */
export function catchUp(writer: StreamWriter, { held }: OpenStream): boolean {
  for (const part of toParts(held.tally.passed.segments)) writer.write(part);
  return writer.goOnBehind?.(held.tally.last) ?? true;
}

/** The held events are in the tally already; what a rewriting needs of them is there. */
async function* heldAndRest({
  stream,
  idleMs,
}: RelayOrder): AsyncGenerator<readonly StreamEvent[]> {
  yield stream.held.events;
  yield* eventsOf(stream, idleMs);
}

/** Writes what came together in one go. */
async function rewriteAll<Piece>(
  { pipe, order }: Desk,
  pieces: AsyncIterable<readonly Piece[]>,
  rewrite: (pieces: readonly Piece[]) => string,
): Promise<void> {
  const encoder = new TextEncoder();
  await writeTo(pipe, order.caller, async (output) => {
    for await (const together of pieces) {
      const text = rewrite(together);
      if (text !== '') await output.write(encoder.encode(text));
    }
  });
}
