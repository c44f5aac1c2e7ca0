import type { Attempt } from '../domain/attempt.ts';
import type { Pipe, StreamEvent } from '../domain/ports.ts';
import { whenAborted } from './guard.ts';
import { ignore } from './read-body.ts';
import {
  abandonStream,
  closeStream,
  endStream,
  type LastWords,
  type Relayed,
  type RelayOrder,
  type RelayPorts,
  STALLED,
  watchEnd,
  writeTo,
} from './stream-end.ts';

/** Relays a stream of another dialect: its parts are written anew. */
export function relayTranslated(order: RelayOrder, ports: RelayPorts): Relayed {
  const { tally } = order.stream.held;
  const writer = order.caller.openWriter(order.head);
  return rewriteStream(order, ports, {
    rewrite: ({ parts }) => parts.map((part) => writer.write(part)).join(''),
    whole: () => writer.finish(order.billOf(tally)),
    broken: (error) => writer.fail(error),
  });
}

/** Relays a stream of the caller's dialect of which single events must change or go. */
export function relayEdited(order: RelayOrder, ports: RelayPorts): Relayed {
  const { tally } = order.stream.held;
  const writer = order.caller.openWriter(order.head);
  return rewriteStream(order, ports, {
    rewrite: (event) => {
      if (event.isBroken || event.parts.some(({ type }) => type === 'error')) return '';
      const isBilled = event.parts.some(({ type }) => type === 'usage');
      return order.caller.editEvent(event, isBilled ? order.billOf(tally) : undefined);
    },
    whole: () => writer.finishNative(order.billOf(tally), false),
    broken: (error) => writer.fail(error),
  });
}

type Rewriting = LastWords & {
  /** The text of one event for the caller; empty when it is not to be seen. */
  readonly rewrite: (event: StreamEvent) => string;
};

function rewriteStream(order: RelayOrder, ports: RelayPorts, rewriting: Rewriting): Relayed {
  const pipe = ports.openPipe();
  const settled = async (): Promise<Attempt> => {
    try {
      await rewriteAll(order, pipe, rewriting);
      await endStream(order, pipe, rewriting);
    } catch {
      abandonStream(order, pipe);
    }
    return closeStream(order, ports.clock.now());
  };
  return { body: pipe.readable, settled: settled() };
}

async function rewriteAll(order: RelayOrder, pipe: Pipe, { rewrite }: Rewriting): Promise<void> {
  const { held } = order.stream;
  const encoder = new TextEncoder();
  await writeTo(pipe, order.caller, async (output) => {
    const write = async (events: readonly StreamEvent[]): Promise<void> => {
      let text = '';
      for (const event of events) text += rewrite(event);
      if (text !== '') await output.write(encoder.encode(text));
    };
    // The held events are in the tally already; what the rewriting needs of them is there.
    await write(held.events);
    if (held.rest === null || held.tally.isDone) return;
    for await (const events of eventsOf(order, held.rest)) await write(events);
  });
}

/** The rest of the events, counted; ends at the terminal event, a fault, an abort or the end. */
async function* eventsOf(
  order: RelayOrder,
  rest: ReadableStream<Uint8Array>,
): AsyncGenerator<readonly StreamEvent[]> {
  const { decoder, held, order: attempt } = order.stream;
  const { guard } = attempt;
  const reader = rest.getReader();
  const gaps = guard.limitGaps(order.idleMs, STALLED);
  const watch = watchEnd(order);
  const aborted = whenAborted(guard.signal);
  aborted.catch(ignore);
  try {
    while (!held.tally.isDone && held.tally.failure === undefined) {
      watch();
      const { done, value } = await Promise.race([reader.read(), aborted]);
      gaps.note();
      const events = done ? decoder.end() : decoder.push(value);
      held.tally.add(events);
      yield events;
      if (done) return;
    }
  } catch {
    // The source broke or was aborted; what is missing shows in the tally.
  } finally {
    reader.cancel().catch(ignore);
  }
}
