import type { Attempt, AttemptOutcome } from '../domain/attempt.ts';
import { RouterError } from '../domain/errors.ts';
import type { AttemptFailure } from '../domain/failure.ts';
import type { Caller, Pipe } from '../domain/ports.ts';
import { closeAttempt, type OpenStream } from './attempt.ts';
import { whenAborted } from './guard.ts';
import { ignore } from './read-body.ts';
import { STALLED } from './stream-events.ts';
import type { StreamTally } from './tally.ts';

/** Why a stream stopped short; undefined for one that is whole. */
export function breakOf({ order, held, status }: OpenStream): AttemptFailure | undefined {
  const { tally } = held;
  if (tally.isComplete) return undefined;
  const aborted = order.guard.failure();
  if (aborted !== undefined && ENDINGS.includes(aborted.kind)) return aborted;
  const cause = tally.failure ?? aborted;
  return {
    kind: 'mid-stream',
    code: cause?.code === STALLED.code ? STALLED.code : 'stream_broken',
    message: cause?.message ?? 'the stream ended before its answer did',
    status,
    accepted: 'yes',
  };
}

/** Ends that we or the caller set: nobody's fault, and nothing to mend. */
const ENDINGS: readonly AttemptFailure['kind'][] = ['cancel', 'deadline', 'self'];

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
  const left = whenAborted(signal);
  left.catch(ignore);
  try {
    await Promise.race([write(writer), left]);
  } finally {
    writer.releaseLock();
  }
}

/** Writes the last words and closes; a caller who has left meanwhile does not hear them. */
export async function endPipe(pipe: Pipe, caller: Caller, text: string): Promise<void> {
  try {
    await writeTo(pipe, caller, async (writer) => {
      await writer.write(new TextEncoder().encode(text));
      await writer.close();
    });
  } catch {
    abandonPipe(pipe);
  }
}

/** The caller has left: lets go of its end. */
export function abandonPipe(pipe: Pipe): void {
  pipe.writable.abort().catch(ignore);
}

export function errorOfBreak(failure: AttemptFailure): RouterError {
  if (failure.kind === 'deadline') return new RouterError('deadline_exceeded', failure.message);
  const code = failure.code === STALLED.code ? 'upstream_stalled' : 'upstream_stream_error';
  return new RouterError(code, failure.message, { failures: [failure] });
}

/** Closes the record of a stream. */
export function closeStream(stream: OpenStream, endedAt: number): Attempt {
  const { tally } = stream.held;
  const failure = breakOf(stream);
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
