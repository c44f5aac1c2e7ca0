import { createParser } from 'eventsource-parser';
import type { AttemptFailure } from '../domain/failure.ts';
import type { StreamDecoder, StreamEvent } from '../domain/ports.ts';
import type { ModelStreamPart } from '../domain/response.ts';

/** One server-sent event as its wire sees it. */
export type SseEvent = { readonly name: string | undefined; readonly data: string };

/** A wire's reading of a stream, as a pure step. */
export type StreamStep<State> = (
  state: State,
  event: SseEvent,
) => {
  readonly state: State;
  readonly parts: readonly ModelStreamPart[];
  /** The event's data could not be read. */
  readonly isBroken?: boolean;
};

/** One event larger than this is a fault, not an answer (fault catalogue F40). */
const MAX_EVENT_CHARACTERS = 1_048_576;

/**
 * Decodes server-sent events by the specification: any split of the bytes, any line end, comments,
 * a byte order mark, several `data:` lines. Invalid UTF-8 becomes U+FFFD.
 */
export function sseDecoder<State>(initial: State, step: StreamStep<State>): StreamDecoder {
  const text = new TextDecoder();
  let state = initial;
  let events: StreamEvent[] = [];
  let isOversized = false;
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onEvent: ({ event: name, data }) => {
      const next = step(state, { name, data });
      state = next.state;
      events.push({ name, data, parts: next.parts, isBroken: next.isBroken === true });
    },
    onError: (error) => {
      if (error.type !== 'max-buffer-size-exceeded') return;
      isOversized = true;
      const parts = [{ type: 'error' as const, failure: OVERSIZED }];
      events.push({ name: undefined, data: '', parts, isBroken: true });
    },
  });
  const feed = (piece: string): readonly StreamEvent[] => {
    if (!isOversized) parser.feed(piece);
    const decoded = events;
    events = [];
    return decoded;
  };
  return {
    push: (bytes) => feed(text.decode(bytes, { stream: true })),
    // Some vendors end the body without the blank line that ends an event.
    end: () => feed(`${text.decode()}\n\n`),
  };
}

const OVERSIZED: AttemptFailure = {
  kind: 'malformed',
  code: 'event_too_large',
  message: `the provider sent an event of more than ${MAX_EVENT_CHARACTERS} characters`,
  status: 200,
  accepted: 'yes',
};
