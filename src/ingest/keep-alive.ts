import type { Answer } from '../domain/journey.ts';
import type { Clock, Pipe } from '../domain/ports.ts';

/** Proxies and browsers give up on connections that stay silent for longer (fault catalogue F48). */
const KEEP_ALIVE_MS = 10_000;
/** A comment: no client shows it, and it commits to nothing. */
const COMMENT = ': waiting\n\n';

export type KeepAlivePorts = {
  readonly clock: Clock;
  readonly openPipe: () => Pipe;
};

/** A stream that began with comments, before it was known who answers, or whether anybody does. */
export type EarlyStream = {
  readonly body: ReadableStream<Uint8Array>;
  /** Resolves when the last byte has gone. Never rejects. */
  readonly done: Promise<void>;
};

/**
 * Waits for a streamed answer. One that is long in coming begins with comments that keep the client's
 * connection alive; its failure is then an error frame, since the status has gone out.
 * @throws whatever the answer throws before that.
 */
export async function keepAlive(
  answer: Promise<Answer>,
  ports: KeepAlivePorts,
  frameOf: (error: unknown) => string,
): Promise<Answer | EarlyStream> {
  const waited = new AbortController();
  const patience = ports.clock.wait(KEEP_ALIVE_MS, waited.signal);
  const first = await Promise.race([answer, patience]);
  waited.abort();
  if (first !== undefined) return first;
  const pipe = ports.openPipe();
  return { body: pipe.readable, done: stream(answer, { ...ports, pipe, frameOf }) };
}

type Stage = KeepAlivePorts & {
  readonly pipe: Pipe;
  readonly frameOf: (error: unknown) => string;
};

async function stream(answer: Promise<Answer>, stage: Stage): Promise<void> {
  const { pipe, frameOf } = stage;
  try {
    const settled = await commentUntil(answer, stage);
    if (settled.type === 'stream') await settled.body.pipeTo(pipe.writable);
    else await pipe.writable.abort();
  } catch (error) {
    await write(pipe, frameOf(error)).catch(() => undefined);
    await pipe.writable.close().catch(() => undefined);
  }
}

async function commentUntil(answer: Promise<Answer>, { clock, pipe }: Stage): Promise<Answer> {
  const waited = new AbortController();
  try {
    for (;;) {
      await write(pipe, COMMENT);
      const settled = await Promise.race([answer, clock.wait(KEEP_ALIVE_MS, waited.signal)]);
      if (settled !== undefined) return settled;
    }
  } finally {
    waited.abort();
  }
}

async function write({ writable }: Pipe, text: string): Promise<void> {
  const writer = writable.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
  } finally {
    writer.releaseLock();
  }
}
