import type { SimulatedCall } from './calls.ts';
import type { Reply } from './reply.ts';

/** The host breaks the connection without an answer. */
export class ConnectionReset extends Error {}

/** Plays a reply over time, and notes in the log what became of it. */
export async function toResponse(
  reply: Reply,
  call: SimulatedCall,
  signal: AbortSignal,
): Promise<Response> {
  const onLeft = (): void => {
    if (call.endedAt === undefined) call.clientLeftAt ??= Date.now();
  };
  signal.addEventListener('abort', onLeft, { once: true });
  call.accepted = reply.status === 200;
  await wait(reply.waitMs, signal);
  if (reply.ending === 'reset' || signal.aborted) {
    call.endedAt = Date.now();
    throw new ConnectionReset();
  }
  call.status = reply.status;
  const headers = new Headers(reply.headers);
  return new Response(bodyOf(reply, call, signal), { status: reply.status, headers });
}

function bodyOf(
  reply: Reply,
  call: SimulatedCall,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const chunks = timed(reply, signal);
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await chunks.next();
      if (done === true) return finish(reply, call, controller);
      const bytes = typeof value === 'string' ? encoder.encode(value) : value;
      call.bytesSent += bytes.length;
      controller.enqueue(bytes);
    },
    cancel: () => {
      if (call.endedAt === undefined) call.clientLeftAt ??= Date.now();
    },
  });
}

async function* timed(reply: Reply, signal: AbortSignal): AsyncGenerator<string | Uint8Array> {
  let hasBegun = false;
  for (const { bytes, role } of reply.pieces) {
    if (!hasBegun && role !== 'head') {
      hasBegun = true;
      await wait(reply.firstMs, signal);
    } else if (reply.gapMs > 0) {
      await wait(reply.gapMs, signal);
    }
    if (signal.aborted) return;
    yield bytes;
  }
  if (reply.ending === 'stall') await wait(Infinity, signal);
}

function finish(
  reply: Reply,
  call: SimulatedCall,
  controller: ReadableStreamDefaultController<Uint8Array>,
): void {
  if (call.clientLeftAt === undefined) call.endedAt = Date.now();
  if (reply.ending === 'cut') controller.error(new ConnectionReset());
  else controller.close();
}

/** Longer than any test; `setTimeout` takes no more. */
const LONGEST_MS = 2 ** 31 - 1;

function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(ms, LONGEST_MS));
    signal.addEventListener('abort', end, { once: true });
  });
}
