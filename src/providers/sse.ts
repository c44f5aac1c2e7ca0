import { createParser } from 'eventsource-parser';
import type { StreamDecoder, StreamEvent } from '../domain/ports.ts';
import type { ModelStreamPart } from '../domain/response.ts';
import { MAX_EVENT_CHARACTERS, OVERSIZED_EVENT } from './malformed.ts';

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

/** Text of a streamed answer → events. */
export interface TextReader {
  feed(text: string): readonly StreamEvent[];
  end(): readonly StreamEvent[];
}

/**
 * Decodes server-sent events by the specification: any split of the bytes, any line end, comments,
 * a byte order mark, several `data:` lines. Invalid UTF-8 becomes U+FFFD.
 */
export function sseDecoder<State>(initial: State, step: StreamStep<State>): StreamDecoder {
  const text = new TextDecoder();
  const reader = sseReader(initial, step);
  return {
    push: (bytes) => reader.feed(text.decode(bytes, { stream: true })),
    end: () => [...reader.feed(text.decode()), ...reader.end()],
  };
}

export function sseReader<State>(initial: State, step: StreamStep<State>): TextReader {
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
      events.push(OVERSIZED_EVENT);
    },
  });
  const feed = (text: string): readonly StreamEvent[] => {
    if (!isOversized) parser.feed(text);
    const read = events;
    events = [];
    return read;
  };
  // Some vendors end the body without the blank line that ends an event.
  return { feed, end: () => feed('\n\n') };
}
