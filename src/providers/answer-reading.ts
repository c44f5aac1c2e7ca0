import type { AttemptFailure } from '../domain/failure.ts';
import type { StreamDecoder, StreamEvent } from '../domain/ports.ts';
import type { ModelResponse } from '../domain/response.ts';
import { foldParts, partsOf } from './fold-parts.ts';
import { jsonListReader } from './json-list.ts';
import { MAX_ANSWER_CHARACTERS, OVERSIZED_EVENT } from './malformed.ts';
import { type StreamStep, sseReader, type TextReader } from './sse.ts';

/** How a wire reads an answer in both of its forms. */
export type AnswerReading<State> = {
  readonly initial: State;
  readonly step: StreamStep<State>;
  readonly fromWhole: (body: string) => ModelResponse | AttemptFailure;
};

/**
 * Decodes a streamed answer. What came in another form than server-sent events (a JSON list, or the
 * whole answer though a stream was asked for) gives the same parts (fault catalogue F39).
 */
export function answerDecoder<State>(reading: AnswerReading<State>): StreamDecoder {
  const decoder = new TextDecoder();
  let reader: TextReader | undefined;
  let isForeign = false;
  const feed = (text: string): readonly StreamEvent[] => {
    if (reader === undefined) {
      const first = text.trimStart()[0];
      // Leading blanks say nothing of the form, and nothing in any of them.
      if (first === undefined) return [];
      isForeign = first === '{' || first === '[';
      reader = readerFor(first, reading);
    }
    return reader.feed(text);
  };
  return {
    get isForeign() {
      return isForeign;
    },
    push: (bytes) => feed(decoder.decode(bytes, { stream: true })),
    end: () => [...feed(decoder.decode()), ...(reader?.end() ?? [])],
  };
}

function readerFor<State>(first: string, reading: AnswerReading<State>): TextReader {
  if (first === '{') return wholeReader(reading.fromWhole);
  if (first === '[') return jsonListReader(reading.initial, reading.step);
  return sseReader(reading.initial, reading.step);
}

function wholeReader(fromWhole: AnswerReading<unknown>['fromWhole']): TextReader {
  let body = '';
  let isOversized = false;
  return {
    feed: (text) => {
      if (isOversized) return [];
      body += text;
      isOversized = body.length > MAX_ANSWER_CHARACTERS;
      return isOversized ? [OVERSIZED_EVENT] : [];
    },
    end: () => {
      if (isOversized) return [];
      const answer = fromWhole(body);
      const parts =
        'kind' in answer ? [{ type: 'error' as const, failure: answer }] : partsOf(answer);
      return [{ name: undefined, data: body, parts, isBroken: false }];
    },
  };
}

const STREAM_START = /^\s*(?:data:|event:|id:|retry:|:|\[)/;

/** Reads the answer to a call without `stream`; a stream that came in its place is put together. */
export function readAnswer<State>(
  body: string,
  reading: AnswerReading<State>,
): ModelResponse | AttemptFailure {
  if (!STREAM_START.test(body)) return reading.fromWhole(body);
  const decoder = answerDecoder(reading);
  const events = [...decoder.push(new TextEncoder().encode(body)), ...decoder.end()];
  return foldParts(events.flatMap(({ parts }) => parts));
}
