import type { Attempt, AttemptOutcome } from '../domain/attempt.ts';
import { RouterError } from '../domain/errors.ts';
import type { AttemptFailure } from '../domain/failure.ts';
import type { AnswerBill, AnswerHead, Caller, Clock, Pipe } from '../domain/ports.ts';
import { closeAttempt, type OpenStream } from './attempt.ts';
import { CANCELLED, whenAborted } from './guard.ts';
import { ignore } from './read-body.ts';
import type { StreamTally } from './tally.ts';

/** A stream whose first content is there, to be brought to the caller. */
export type RelayOrder = {
  readonly stream: OpenStream;
  readonly caller: Caller;
  readonly head: AnswerHead;
  readonly idleMs: number;
  /** What the answer costs, as far as it has come. */
  readonly billOf: (tally: StreamTally) => AnswerBill;
};

export type RelayPorts = {
  readonly clock: Clock;
  readonly openPipe: () => Pipe;
};

export type Relayed = {
  readonly body: ReadableStream<Uint8Array>;
  /** The closed attempt, when the last byte has gone or the caller has left. Never rejects. */
  readonly settled: Promise<Attempt>;
};

/** Why a stream stopped short; undefined for one that is whole. */
function breakOf({ stream }: RelayOrder): AttemptFailure | undefined {
  const { tally } = stream.held;
  if (tally.isComplete) return undefined;
  const aborted = stream.order.guard.failure();
  if (aborted?.kind === 'cancel' || aborted?.kind === 'deadline') return aborted;
  const cause = tally.failure ?? aborted;
  return {
    kind: 'mid-stream',
    code: cause?.code === STALLED.code ? STALLED.code : 'stream_broken',
    message: cause?.message ?? 'the stream ended before its answer did',
    status: stream.status,
    accepted: 'yes',
  };
}

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

/** Looks, whenever it is called, whether the answer is whole, and then ends its connection soon. */
export function watchEnd({ stream }: RelayOrder): () => void {
  const { tally } = stream.held;
  const { guard } = stream.order;
  let left = Infinity;
  return () => {
    if (!tally.isComplete) return;
    const lingerMs = tally.isDone ? LINGER_MS.done : LINGER_MS.finished;
    if (lingerMs < left) guard.limit(lingerMs, LINGERED);
    left = lingerMs;
  };
}

/**
 * Writes to a caller. Throws when the caller leaves: a write that nobody takes would wait for ever.
 * What is still under way then ends by itself, since the guard has aborted its source.
 */
export async function writeTo(
  { writable }: Pipe,
  { signal }: Caller,
  write: (writer: WritableStreamDefaultWriter<Uint8Array>) => Promise<void>,
): Promise<void> {
  const writer = writable.getWriter();
  try {
    await Promise.race([write(writer), whenAborted(signal)]);
  } finally {
    writer.releaseLock();
  }
}

/** What is written behind a stream, whole or broken. */
export type LastWords = {
  readonly whole: () => string;
  readonly broken: (error: RouterError) => string;
};

/** Writes the last words to a caller who is still there, and closes the stream. */
export async function endStream(order: RelayOrder, pipe: Pipe, words: LastWords): Promise<void> {
  const failure = breakOf(order);
  if (failure?.kind === 'cancel') return abandonStream(order, pipe);
  const text = failure === undefined ? words.whole() : words.broken(errorOfBreak(failure));
  await writeTo(pipe, order.caller, async (writer) => {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  });
}

/** The caller has left: lets go of both ends. */
export function abandonStream({ stream }: RelayOrder, pipe: Pipe): void {
  stream.order.guard.abort(CANCELLED);
  pipe.writable.abort().catch(ignore);
}

function errorOfBreak(failure: AttemptFailure): RouterError {
  if (failure.kind === 'deadline') return new RouterError('deadline_exceeded', failure.message);
  const code = failure.code === STALLED.code ? 'upstream_stalled' : 'upstream_stream_error';
  return new RouterError(code, failure.message, { failures: [failure] });
}

/** Closes the record of a stream. */
export function closeStream(order: RelayOrder, endedAt: number): Attempt {
  const { stream } = order;
  const { tally } = stream.held;
  const failure = breakOf(order);
  stream.order.guard.close();
  return closeAttempt({
    order: stream.order,
    warnings: stream.warnings,
    startedAt: stream.startedAt,
    endedAt,
    outcome: outcomeOf(failure, tally),
    seen: {
      status: stream.status,
      firstContentMs: stream.firstContentMs,
      upstreamId: tally.upstreamId,
      upstreamModel: tally.upstreamModel,
      usage: tally.usage,
      outputCharacters: tally.outputCharacters,
    },
  });
}

function outcomeOf(failure: AttemptFailure | undefined, tally: StreamTally): AttemptOutcome {
  if (failure === undefined) {
    const finishReason = tally.finishReason ?? { unified: 'unknown', raw: undefined };
    return { type: 'answered', finishReason };
  }
  return failure.kind === 'cancel' ? { type: 'cancelled' } : { type: 'failed', failure };
}
