import type { SimulatedCall } from './calls.ts';
import type { SimulatorClock } from './clock.ts';
import type { Reply } from './reply.ts';

/** The host breaks the connection without an answer. */
export class ConnectionReset extends Error {}

/** A reply on its way. */
type Playing = {
  readonly reply: Reply;
  readonly call: SimulatedCall;
  /** Its signal aborts no more once Node has dropped the request itself, so that is kept. */
  readonly request: Request;
  readonly clock: SimulatorClock;
};

/** Plays a reply over time, and notes in the log what became of it. */
export async function toResponse(playing: Playing): Promise<Response> {
  const { reply, call, request, clock } = playing;
  const { signal } = request;
  const onLeft = (): void => {
    if (request.signal.aborted && call.endedAt === undefined) call.clientLeftAt ??= clock.now();
  };
  signal.addEventListener('abort', onLeft, { once: true });
  call.accepted = reply.status === 200;
  await clock.wait(reply.waitMs, signal);
  if (reply.ending === 'reset' || signal.aborted) {
    call.endedAt = clock.now();
    throw new ConnectionReset();
  }
  call.status = reply.status;
  const headers = new Headers(reply.headers);
  return new Response(bodyOf(playing), { status: reply.status, headers });
}

function bodyOf(playing: Playing): ReadableStream<Uint8Array> {
  const { call, clock } = playing;
  const chunks = timed(playing);
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await chunks.next();
      if (done === true) return finish(playing, controller);
      const bytes = typeof value === 'string' ? encoder.encode(value) : value;
      call.bytesSent += bytes.length;
      controller.enqueue(bytes);
    },
    cancel: () => {
      if (call.endedAt === undefined) call.clientLeftAt ??= clock.now();
    },
  });
}

async function* timed({ reply, request, clock }: Playing): AsyncGenerator<string | Uint8Array> {
  const { signal } = request;
  let hasBegun = false;
  for (const { bytes, role } of reply.pieces) {
    if (!hasBegun && role !== 'head') {
      hasBegun = true;
      await clock.wait(reply.firstMs, signal);
    } else if (reply.gapMs > 0) {
      await clock.wait(reply.gapMs, signal);
    }
    if (signal.aborted) return;
    yield bytes;
  }
  if (reply.ending === 'stall') await clock.wait(Infinity, signal);
}

function finish(
  { reply, call, clock }: Playing,
  controller: ReadableStreamDefaultController<Uint8Array>,
): void {
  if (call.clientLeftAt === undefined) call.endedAt = clock.now();
  if (reply.ending === 'cut') controller.error(new ConnectionReset());
  else controller.close();
}
