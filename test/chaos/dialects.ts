import type { JsonObject } from '../simulator/prompt.ts';
import { asList, asObject, asText } from '../simulator/prompt.ts';

/** What a caller got, whichever dialect it speaks. */
export type Heard = {
  /** Undefined for vectors. */
  readonly text: string | undefined;
  /** The dialect's own sign that the answer is whole. */
  readonly isWhole: boolean;
  /** An error frame, or an error body. */
  readonly error: string | undefined;
};

/** How the harness speaks one of the callers' dialects. */
export type ChaosDialect = {
  readonly name: string;
  readonly path: string;
  /** The wire that is the same dialect. */
  readonly wire: string;
  body(prompt: string, isStream: boolean): JsonObject;
  hear(json: JsonObject): Heard;
  hearStream(events: readonly JsonObject[]): Heard;
};

const codeOf = (json: JsonObject): string | undefined => {
  const error = asObject(json['error']);
  return asText(error['code']) || asText(error['type']) || asText(error['message']) || undefined;
};

const chat: ChaosDialect = {
  name: 'chat',
  path: '/v1/chat/completions',
  wire: 'openai',
  body: (prompt, stream) => ({ stream, messages: [{ role: 'user', content: prompt }] }),
  hear: (json) => {
    const choice = asObject(asList(json['choices'])[0]);
    const text = asText(asObject(choice['message'])['content']);
    return { text, isWhole: asText(choice['finish_reason']) !== '', error: codeOf(json) };
  },
  hearStream: (events) => {
    const choices = events.map((event) => asObject(asList(event['choices'])[0]));
    return {
      text: choices.map((choice) => asText(asObject(choice['delta'])['content'])).join(''),
      isWhole: choices.some((choice) => asText(choice['finish_reason']) !== ''),
      error: events.map(codeOf).find((code) => code !== undefined),
    };
  },
};

const messages: ChaosDialect = {
  name: 'messages',
  path: '/v1/messages',
  wire: 'anthropic',
  body: (prompt, stream) => ({
    stream,
    max_tokens: 1000,
    messages: [{ role: 'user', content: prompt }],
  }),
  hear: (json) => ({
    text: asList(json['content'])
      .map((block) => asText(asObject(block)['text']))
      .join(''),
    isWhole: asText(json['stop_reason']) !== '',
    error: codeOf(json),
  }),
  hearStream: (events) => ({
    text: events.map((event) => asText(asObject(event['delta'])['text'])).join(''),
    isWhole: events.some((event) => event['type'] === 'message_stop'),
    error: events.map(codeOf).find((code) => code !== undefined),
  }),
};

/** An answer that was filtered is `incomplete`, and its end. */
const ENDS = ['completed', 'incomplete'];

const responses: ChaosDialect = {
  name: 'responses',
  path: '/v1/responses',
  wire: 'openai-responses',
  body: (prompt, stream) => ({ stream, input: prompt }),
  hear: (json) => ({
    text: asList(json['output'])
      .flatMap((item) => asList(asObject(item)['content']))
      .map((part) => asText(asObject(part)['text']))
      .join(''),
    isWhole: ENDS.includes(asText(json['status'])),
    error: json['error'] === null ? undefined : codeOf(json),
  }),
  hearStream: (events) => ({
    text: events
      .filter((event) => event['type'] === 'response.output_text.delta')
      .map((event) => asText(event['delta']))
      .join(''),
    isWhole: events.some((event) => ENDS.some((end) => event['type'] === `response.${end}`)),
    error: events
      .filter((event) => event['type'] === 'error' || event['type'] === 'response.failed')
      .map((event) => asText(event['code']) || asText(event['type']))[0],
  }),
};

export const CHAT_DIALECTS: readonly ChaosDialect[] = [chat, messages, responses];

export const EMBEDDINGS: ChaosDialect = {
  name: 'embeddings',
  path: '/v1/embeddings',
  wire: 'openai',
  body: (prompt) => ({ input: prompt }),
  hear: (json) => ({
    text: undefined,
    isWhole: asList(json['data']).length > 0,
    error: codeOf(json),
  }),
  hearStream: () => ({ text: undefined, isWhole: false, error: 'a stream of vectors' }),
};

/** The JSON of each `data:` line; `undefined` in their number for a line that is not JSON. */
export function eventsOf(text: string): { readonly events: JsonObject[]; readonly broken: number } {
  const events: JsonObject[] = [];
  let broken = 0;
  for (const line of text.split('\n')) {
    if (!line.startsWith('data:') || line.includes('[DONE]')) continue;
    try {
      events.push(asObject(JSON.parse(line.slice('data:'.length))));
    } catch {
      broken += 1;
    }
  }
  return { events, broken };
}
