import type { AttemptFailure } from '../domain/failure.ts';
import type { StreamDecoder, StreamEvent } from '../domain/ports.ts';
import { whenAborted } from './guard.ts';
import { ignore } from './read-body.ts';
import { StreamTally } from './tally.ts';

/** A stream held at its commit point: until here any other candidate could have answered. */
export type HeldStream = {
  /** The bytes read so far, for a caller of the same dialect. */
  readonly chunks: readonly Uint8Array[];
  /** The same as events, for every other. */
  readonly events: readonly StreamEvent[];
  readonly tally: StreamTally;
  /** What has not been read yet; null when the body has ended. */
  readonly rest: ReadableStream<Uint8Array> | null;
};

type Opening = {
  readonly body: ReadableStream<Uint8Array>;
  readonly decoder: StreamDecoder;
  readonly signal: AbortSignal;
  /** The caller asked to see the reasoning, so it is content and commits. */
  readonly showsReasoning: boolean;
};

/**
 * Reads until the first content, tool call or refusal, or until the answer is whole without any. A
 * fault before that is a failure of the attempt, of which the caller sees nothing.
 */
export async function commitStream(opening: Opening): Promise<HeldStream | AttemptFailure> {
  const { body, decoder, signal } = opening;
  const reader = body.getReader();
  const aborted = whenAborted(signal);
  aborted.catch(ignore);
  const chunks: Uint8Array[] = [];
  const events: StreamEvent[] = [];
  const tally = new StreamTally();
  for (;;) {
    const { done, value } = await Promise.race([reader.read(), aborted]);
    const decoded = done ? decoder.end() : decoder.push(value);
    if (value !== undefined) chunks.push(value);
    events.push(...decoded);
    tally.add(decoded);
    const hasBegun = decoded.some((event) => hasContent(event, opening.showsReasoning));
    const verdict = verdictOf(tally, hasBegun, done);
    if (verdict === 'hold') continue;
    if (verdict === 'commit') {
      reader.releaseLock();
      return { chunks, events, tally, rest: done ? null : body };
    }
    reader.cancel().catch(ignore);
    return verdict;
  }
}

function verdictOf(
  tally: StreamTally,
  hasBegun: boolean,
  hasEnded: boolean,
): 'hold' | 'commit' | AttemptFailure {
  if (tally.failure !== undefined) return tally.failure;
  if (hasBegun) return 'commit';
  if (!hasEnded && !tally.isDone) return 'hold';
  return tally.isComplete ? 'commit' : EMPTY_STREAM;
}

function hasContent({ parts }: StreamEvent, showsReasoning: boolean): boolean {
  return parts.some(({ type }) => {
    if (type === 'reasoning-delta') return showsReasoning;
    return type === 'text-delta' || type === 'tool-call-start' || type === 'refusal-delta';
  });
}

const EMPTY_STREAM: AttemptFailure = {
  kind: 'malformed',
  code: 'empty_stream',
  message: 'the stream ended before it began',
  status: 200,
  accepted: 'unknown',
};
