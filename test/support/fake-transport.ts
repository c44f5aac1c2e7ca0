import { TransportError } from '../../src/domain/errors.ts';
import type { Clock, Transport, WireReply, WireRequest } from '../../src/domain/ports.ts';

/** A piece of a body: text, a pause, a connection that breaks, or one that stays silent and open. */
export type Piece = string | Uint8Array | { readonly pauseMs: number } | 'breaks' | 'never';

/** What a provider does with one call. */
export type Script =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | readonly Piece[];
      /** How long the headers take. */
      readonly afterMs?: number;
    }
  /** No answer: refused before anything was sent, or cut off before the headers. */
  | { readonly fails: 'refused' | 'reset'; readonly afterMs?: number }
  /** The headers never come. */
  | 'silence';

/** One call as the provider saw it. */
export type SentCall = {
  readonly request: WireRequest;
  readonly signal: AbortSignal;
  readonly sentAt: number;
  /** Whether the body was read to its end, let go of, or is still open. */
  body: 'none' | 'open' | 'ended' | 'cancelled';
};

/** Bytes that a stream may take for itself. */
type Bytes = Uint8Array<ArrayBuffer>;

const BREAKS = 'breaks';
const NEVER = 'never';

/** Answers calls by script: the next of a list, or what a function says of the request. */
export class FakeTransport implements Transport {
  readonly calls: SentCall[] = [];
  readonly #clock: Clock;
  readonly #scriptOf: (request: WireRequest, at: number) => Script | undefined;

  constructor(
    clock: Clock,
    scripts: readonly Script[] | ((request: WireRequest, at: number) => Script | undefined),
  ) {
    this.#clock = clock;
    this.#scriptOf = typeof scripts === 'function' ? scripts : (_, at) => scripts[at];
  }

  /** The models that were asked, in order, by the name that the provider knows them by. */
  get asked(): readonly unknown[] {
    return this.calls.map(({ request }) => JSON.parse(request.body).model);
  }

  async send(request: WireRequest, signal: AbortSignal): Promise<WireReply> {
    const script = this.#scriptOf(request, this.calls.length);
    const call: SentCall = { request, signal, sentAt: this.#clock.now(), body: 'none' };
    this.calls.push(call);
    if (script === undefined) throw new Error(`call ${this.calls.length} was not expected`);
    if (script === 'silence') return await untilAborted(signal);
    await this.#clock.wait(script.afterMs ?? 0, signal);
    if (signal.aborted) throw new TransportError('aborted', false, signal.reason);
    if ('fails' in script) throw new TransportError('no answer', script.fails === 'refused');
    const { status = 200, headers, body = '' } = script;
    const pieces = typeof body === 'string' ? [body] : body;
    return { status, headers: new Headers(headers), body: this.#bodyOf(pieces, call) };
  }

  /** Like fetch, it is a stream of bytes, and fails when the signal aborts. */
  #bodyOf(pieces: readonly Piece[], call: SentCall): ReadableStream<Uint8Array> {
    const left = [...pieces];
    call.body = 'open';
    return new ReadableStream({
      type: 'bytes',
      start: (controller) => {
        call.signal.addEventListener('abort', () => {
          if (call.body !== 'open') return;
          call.body = 'cancelled';
          controller.error(call.signal.reason);
        });
      },
      pull: async (controller) => {
        const piece = await this.#next(left, call.signal);
        if (call.body !== 'open' || call.signal.aborted) return;
        if (piece instanceof Uint8Array) {
          controller.enqueue(piece);
          return;
        }
        call.body = 'ended';
        if (piece === BREAKS) controller.error(new Error('connection lost'));
        else {
          controller.close();
          // A read into a buffer that is under way ends with it.
          controller.byobRequest?.respond(0);
        }
      },
      cancel: () => {
        call.body = 'cancelled';
      },
    });
  }

  /** The next bytes, after the pauses before them. */
  async #next(left: Piece[], signal: AbortSignal): Promise<Bytes | 'breaks' | undefined> {
    for (;;) {
      const piece = left.shift();
      if (piece === undefined || piece === BREAKS) return piece;
      if (piece === NEVER) return await untilAborted(signal).catch(() => undefined);
      if (piece instanceof Uint8Array) return new Uint8Array(piece);
      if (typeof piece !== 'string') await this.#clock.wait(piece.pauseMs, signal);
      else if (piece !== '') return new Uint8Array(new TextEncoder().encode(piece));
    }
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(new TransportError('aborted', false, signal.reason));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
