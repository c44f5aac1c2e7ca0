import type { AttemptFailure } from '../domain/failure.ts';
import type { StreamEvent } from '../domain/ports.ts';
import type { OpenStream } from './attempt.ts';
import { whenAborted } from './guard.ts';
import { ignore } from './read-body.ts';
import { isRunaway, RUNAWAY } from './runaway.ts';

export const STALLED: AttemptFailure = {
  kind: 'mid-stream',
  code: 'stream_stalled',
  message: 'the stream stood still for too long',
  status: 200,
  accepted: 'yes',
};

/** How long a connection may stay open: behind the last word, and behind the reason to finish (F55). */
const LINGER_MS = { done: 250, finished: 2000 };

const LINGERED: AttemptFailure = {
  kind: 'self',
  code: 'lingered',
  message: 'the connection stayed open behind its answer',
  status: 200,
  accepted: 'yes',
};

/**
 * Looks, whenever it is called, whether the answer is whole, and then ends its connection soon; one
 * that would go on for ever is cut, where it can be (F61).
 */
export function watchEnd({ held, order }: OpenStream, canBeCut = () => true): () => void {
  const { tally } = held;
  let left = Infinity;
  return () => {
    if (!tally.isComplete && isRunaway(order, tally) && canBeCut()) {
      tally.cut();
      order.guard.abort(RUNAWAY);
    }
    if (!tally.isComplete) return;
    const lingerMs = tally.isDone ? LINGER_MS.done : LINGER_MS.finished;
    if (lingerMs < left) order.guard.limit(lingerMs, LINGERED);
    left = lingerMs;
  };
}

/**
 * The events of a stream behind its commit point, counted as they come; ends at the terminal event,
 * a fault, an abort or the end.
 */
export async function* eventsOf(
  stream: OpenStream,
  idleMs: number,
): AsyncGenerator<readonly StreamEvent[]> {
  const { decoder, held, order } = stream;
  if (held.rest === null) return;
  const reader = held.rest.getReader();
  const gaps = order.guard.limitGaps(idleMs, STALLED);
  const watch = watchEnd(stream);
  const aborted = whenAborted(order.guard.signal);
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
