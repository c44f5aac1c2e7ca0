import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProviderAdapter } from '../../../src/domain/ports.ts';
import { bedrock } from '../../../src/providers/bedrock/index.ts';
import { openaiResponses } from '../../../src/providers/openai-responses/index.ts';
import { encodeEvent } from '../../simulator/event-message.ts';
import { aCall, aModel } from '../../support/builders.ts';

type Json = ReturnType<typeof JSON.parse>;

/** A value like one that a service sends, with something else in one place of it. */
function spoiled(value: Json): fc.Arbitrary<Json> {
  const places = placesIn(value);
  return fc
    .tuple(fc.nat(places.length - 1), fc.jsonValue({ maxDepth: 2 }))
    .map(([at, other]) => replaced(value, places[at] ?? [], other));
}

function placesIn(value: Json): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [[]];
  const inner = Object.entries(value).flatMap(([key, item]) =>
    placesIn(item).map((place) => [key, ...place]),
  );
  return [[], ...inner];
}

function replaced(value: Json, [key, ...rest]: readonly string[], other: Json): Json {
  if (key === undefined) return other;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[key] = replaced(value[key], rest, other);
  return copy;
}

const TOOL_USE = { toolUseId: 'a', name: 'one', input: { x: 1 }, type: 'tool_use' };
const CONVERSE_ANSWER = {
  output: {
    message: {
      content: [
        { text: 'x' },
        {
          reasoningContent: {
            reasoningText: { text: 'x', signature: 's' },
            redactedContent: 'eA==',
          },
        },
        { toolUse: TOOL_USE },
        {
          citationsContent: {
            content: [{ text: 'x' }],
            citations: [{ title: 't', location: { web: { url: 'u' } } }],
          },
        },
      ],
    },
  },
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 1, cacheDetails: [{ inputTokens: 1, ttl: '1h' }] },
};
const CONVERSE_EVENTS = [
  ['messageStart', { role: 'assistant' }],
  ['contentBlockStart', { contentBlockIndex: 0, start: { toolUse: TOOL_USE } }],
  ['contentBlockDelta', { contentBlockIndex: 0, delta: { toolUse: { input: '{' } } }],
  ['contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { signature: 's' } } }],
  ['contentBlockDelta', { contentBlockIndex: 0, delta: { citation: { location: { web: {} } } } }],
  ['contentBlockStop', { contentBlockIndex: 0 }],
  ['messageStop', { stopReason: 'tool_use' }],
  ['metadata', { usage: CONVERSE_ANSWER.usage }],
] as const;

const ITEMS = [
  {
    type: 'reasoning',
    id: 'rs',
    summary: [{ type: 'summary_text', text: 'x' }],
    encrypted_content: 'e',
  },
  {
    type: 'message',
    content: [
      { type: 'output_text', text: 'x', annotations: [{ type: 'url_citation', url: 'u' }] },
    ],
  },
  { type: 'function_call', call_id: 'a', name: 'one', arguments: '{}' },
];
const RESPONSE = {
  id: 'resp',
  model: 'm',
  status: 'completed',
  error: null,
  incomplete_details: null,
  output: ITEMS,
  usage: {
    input_tokens: 1,
    output_tokens: 1,
    input_tokens_details: { cached_tokens: 0 },
    cost_in_usd_ticks: 1,
  },
};
const RESPONSE_EVENTS = [
  { type: 'response.created', response: RESPONSE },
  { type: 'response.output_item.added', output_index: 2, item: ITEMS[2] },
  { type: 'response.function_call_arguments.delta', output_index: 2, delta: '{}' },
  { type: 'response.output_text.delta', output_index: 1, delta: 'x' },
  { type: 'response.output_text.annotation.added', output_index: 1, annotation: { url: 'u' } },
  { type: 'response.reasoning_summary_part.added', output_index: 0, summary_index: 1 },
  ...ITEMS.map((item, at) => ({ type: 'response.output_item.done', output_index: at, item })),
  {
    type: 'response.failed',
    response: { ...RESPONSE, error: { code: 'server_error', message: 'x' } },
  },
  { type: 'error', error: { code: 'server_error', message: 'x' } },
  { type: 'response.completed', response: RESPONSE },
];

function isAnswerOrFailure(adapter: ProviderAdapter, body: string): void {
  const answer = adapter.fromResponse(body, CALL);

  expect('kind' in answer || Array.isArray(answer.content)).toBe(true);
}

const CALL = aCall({ model: aModel('bedrock/test') });

describe.each([
  ['bedrock', bedrock, CONVERSE_ANSWER],
  ['openaiResponses', openaiResponses, RESPONSE],
] as const)('%s', (_, adapter, answer) => {
  it('reads any text as an answer or a failure', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (body) => isAnswerOrFailure(adapter, body)),
    );
  });

  it('reads an answer that is wrong in any one place', () => {
    fc.assert(
      fc.property(spoiled(answer), (body) =>
        isAnswerOrFailure(adapter, JSON.stringify(body) ?? ''),
      ),
      { numRuns: 500 },
    );
  });

  it('gives any error answer a class', () => {
    const status = fc.integer({ min: 100, max: 999 });
    fc.assert(
      fc.property(status, fc.oneof(fc.string(), fc.json()), (code, body) => {
        const failure = adapter.toFailure({ status: code, headers: new Headers(), body });

        expect(failure.kind).toEqual(expect.any(String));
      }),
    );
  });
});

describe('bedrock.openStream', () => {
  it('reads events that are wrong in any one place', () => {
    const event = fc
      .constantFrom(...CONVERSE_EVENTS)
      .chain(([name, body]) => spoiled(body).map((spoiledBody) => encodeEvent(name, spoiledBody)));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), (messages) => {
        const events = bedrock.openStream(CALL).push(Buffer.concat(messages));

        expect(events).toHaveLength(messages.length);
      }),
      { numRuns: 300 },
    );
  });

  it('reads any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const parts = bedrock
          .openStream(CALL)
          .push(bytes)
          .flatMap((event) => event.parts);

        expect(parts.every(({ type }) => type === 'error')).toBe(true);
      }),
    );
  });
});

describe('openaiResponses.openStream', () => {
  it('reads events that are wrong in any one place', () => {
    const event = fc
      .constantFrom<Json>(...RESPONSE_EVENTS)
      .chain(spoiled)
      .map((body) => `data: ${JSON.stringify(body)}\n\n`);
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), (events) => {
        const read = openaiResponses.openStream(CALL).push(Buffer.from(events.join('')));

        expect(read).toHaveLength(events.length);
      }),
      { numRuns: 300 },
    );
  });
});
