import type { AttemptFailure } from '../domain/failure.ts';
import { isJsonObject, parseJson } from '../domain/json.ts';
import type { StreamDecoder, StreamEvent } from '../domain/ports.ts';
import { type AnswerReading, answerDecoder } from './answer-reading.ts';
import { fromErrorInBody } from './error-body.ts';
import { type EventMessage, type FramingFault, messageReader } from './event-message.ts';
import { BROKEN_EVENT, malformed, OVERSIZED_EVENT } from './malformed.ts';
import type { SseEvent } from './sse.ts';

/** What a wire reads in a message that is no exception; undefined for what holds no event. */
type EventOf = (message: EventMessage) => SseEvent | undefined;

/**
 * Decodes the binary event stream of AWS: a message is an event by the name in its header, or an
 * exception, which is a fault of the answer (fault catalogue F51).
 */
export function eventStreamDecoder<State>(reading: AnswerReading<State>): StreamDecoder {
  return decoderOf(reading, namedEvent);
}

/** The same for bodies whose messages wrap the model's own events, as Bedrock's invoke does. */
export function wrappedStreamDecoder<State>(reading: AnswerReading<State>): StreamDecoder {
  return decoderOf(reading, wrappedEvent);
}

/** Messages begin with their length, which is never so great that its first byte is another. */
const FIRST_BYTE = 0;

/** What does not begin as a message is an answer in another form, or none (fault catalogue F39). */
function decoderOf<State>(reading: AnswerReading<State>, eventOf: EventOf): StreamDecoder {
  let decoder: StreamDecoder | undefined;
  return {
    push: (bytes) => {
      const [first] = bytes;
      if (first === undefined) return [];
      decoder ??= first === FIRST_BYTE ? binaryDecoder(reading, eventOf) : answerDecoder(reading);
      return decoder.push(bytes);
    },
    end: () => decoder?.end() ?? [],
  };
}

function binaryDecoder<State>(
  { initial, step }: AnswerReading<State>,
  eventOf: EventOf,
): StreamDecoder {
  const reader = messageReader();
  let state = initial;
  let hasFault = false;
  const read = (message: EventMessage): StreamEvent => {
    const failure = failureIn(message);
    if (failure !== undefined) return faultEvent(failure, false);
    const event = eventOf(message);
    if (event === undefined) return { name: undefined, data: '', ...BROKEN_EVENT };
    const next = step(state, event);
    state = next.state;
    return { ...event, parts: next.parts, isBroken: next.isBroken === true };
  };
  const push = (piece: Uint8Array): readonly StreamEvent[] => {
    if (hasFault) return [];
    const { messages, fault } = reader.push(piece);
    const events = messages.map(read);
    if (fault === undefined) return events;
    hasFault = true;
    return [...events, FAULTS[fault]];
  };
  // A message that the body cuts off is lost: what is missing of the answer shows by itself.
  return { push, end: () => [] };
}

function faultEvent(failure: AttemptFailure, isBroken: boolean): StreamEvent {
  return { name: undefined, data: '', parts: [{ type: 'error', failure }], isBroken };
}

function namedEvent({ headers, payload }: EventMessage): SseEvent {
  return { name: headers.get(':event-type'), data: textOf(payload) };
}

/** `{"bytes": "<base64 of an event>"}`. */
function wrappedEvent({ payload }: EventMessage): SseEvent | undefined {
  const wrapper = parseJson(textOf(payload));
  const bytes = isJsonObject(wrapper) ? wrapper['bytes'] : undefined;
  if (typeof bytes !== 'string') return undefined;
  try {
    const inner = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
    return { name: undefined, data: textOf(inner) };
  } catch {
    return undefined; // not base64
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The status that the API reference gives for each exception; it is not on the wire. */
const STATUS_BY_EXCEPTION: Readonly<Record<string, number>> = {
  validationException: 400,
  accessDeniedException: 403,
  resourceNotFoundException: 404,
  modelTimeoutException: 408,
  modelStreamErrorException: 424,
  throttlingException: 429,
  internalServerException: 500,
  serviceUnavailableException: 503,
};

/** What an exception (`:exception-type`) or an unmodeled error (`:error-code`) says. */
function failureIn({ headers, payload }: EventMessage): AttemptFailure | undefined {
  const messageType = headers.get(':message-type');
  if (messageType !== 'exception' && messageType !== 'error') return undefined;
  const type = headers.get(':exception-type') ?? headers.get(':error-code') ?? '';
  const body = parseJson(textOf(payload));
  const said = isJsonObject(body) ? body['message'] : undefined;
  const message = said ?? headers.get(':error-message') ?? '';
  const status = Object.hasOwn(STATUS_BY_EXCEPTION, type) ? STATUS_BY_EXCEPTION[type] : 500;
  return fromErrorInBody({ type, message, status });
}

const FAULTS: Readonly<Record<FramingFault, StreamEvent>> = {
  oversized: OVERSIZED_EVENT,
  corrupt: faultEvent(malformed('the provider sent bytes that are no event stream'), true),
};
