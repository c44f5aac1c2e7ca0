import { describe, expect, it } from 'vitest';
import { bedrock } from '../../../../src/providers/bedrock/index.ts';
import { encodeEvent, encodeException, encodeMessage } from '../../../simulator/event-message.ts';
import { aCall, aModel } from '../../../support/builders.ts';
import { eventsOfPieces } from '../../../support/splits.ts';

const CALL = aCall({ model: aModel('bedrock/test') });

type Event = readonly [string, unknown];

/** The parts of a stream of events, each a name and a body. */
function read(...events: readonly Event[]) {
  return readMessages(events.map(([name, body]) => encodeEvent(name, body)));
}

function readMessages(messages: readonly Uint8Array[]) {
  const decoder = bedrock.openStream(CALL);
  return eventsOfPieces(decoder, Buffer.concat(messages), []).flatMap(({ parts }) => parts);
}

const START: Event = ['messageStart', { role: 'assistant', p: 'abc' }];
const text = (block: number, piece: string): Event => [
  'contentBlockDelta',
  { contentBlockIndex: block, delta: { text: piece } },
];
const stop = (block: number): Event => ['contentBlockStop', { contentBlockIndex: block }];
const tool = (block: number, id: string, fields = {}): Event => [
  'contentBlockStart',
  {
    contentBlockIndex: block,
    start: { toolUse: { toolUseId: id, name: `name_${id}`, ...fields } },
  },
];
const json = (block: number, input: unknown): Event => [
  'contentBlockDelta',
  { contentBlockIndex: block, delta: { toolUse: { input } } },
];

// What no recording shows is by AWS's API reference.
describe('streamStep', () => {
  it('reads text that has no start, and usage behind the finish', () => {
    const parts = read(
      START,
      text(0, 'Hel'),
      text(0, ''),
      text(0, 'lo'),
      stop(0),
      ['messageStop', { stopReason: 'end_turn' }],
      ['metadata', { usage: { inputTokens: 3, outputTokens: 2 } }],
    );

    expect(parts).toEqual([
      { type: 'text-delta', text: 'Hel' },
      { type: 'text-delta', text: 'lo' },
      { type: 'finish', reason: { unified: 'stop', raw: 'end_turn' } },
      { type: 'usage', usage: { uncachedInputTokens: 3, outputTokens: 2 } },
      { type: 'done' },
    ]);
  });

  it('counts parallel calls by themselves, and gives one without input an empty object', () => {
    const parts = read(
      text(0, 'Both'),
      stop(0),
      tool(1, 'a'),
      json(1, '{"x"'),
      json(1, ':1}'),
      stop(1),
      tool(2, 'b'),
      stop(2),
      tool(3, 'c'),
      json(3, ''),
      stop(3),
      ['messageStop', { stopReason: 'tool_use' }],
    );

    expect(parts.slice(1)).toEqual([
      { type: 'tool-call-start', index: 0, id: 'a', name: 'name_a' },
      { type: 'tool-call-delta', index: 0, arguments: '{"x"' },
      { type: 'tool-call-delta', index: 0, arguments: ':1}' },
      { type: 'tool-call-start', index: 1, id: 'b', name: 'name_b' },
      { type: 'tool-call-delta', index: 1, arguments: '{}' },
      { type: 'tool-call-start', index: 2, id: 'c', name: 'name_c' },
      { type: 'tool-call-delta', index: 2, arguments: '{}' },
      { type: 'finish', reason: { unified: 'tool-calls', raw: 'tool_use' } },
    ]);
  });

  it('shows nothing of the tools that Bedrock itself runs', () => {
    const parts = read(
      tool(0, 'a', { type: 'server_tool_use' }),
      json(0, '{"query":"x"}'),
      stop(0),
      ['contentBlockStart', { contentBlockIndex: 1, start: { toolResult: { toolUseId: 'a' } } }],
      ['contentBlockDelta', { contentBlockIndex: 1, delta: { toolResult: [{ text: 'x' }] } }],
      stop(1),
      ['messageStop', { stopReason: 'end_turn' }],
    );

    expect(parts).toEqual([{ type: 'finish', reason: { unified: 'stop', raw: 'end_turn' } }]);
  });

  it('carries the signature of reasoning, and what is redacted', () => {
    const thought = (reasoningContent: unknown): Event => [
      'contentBlockDelta',
      { contentBlockIndex: 0, delta: { reasoningContent } },
    ];

    const parts = read(
      thought({ text: 'hm' }),
      thought({ signature: 's1g' }),
      thought({ redactedContent: btoa('EmwKAh') }),
      thought({ redactedContent: '%%' }),
      thought({}),
    );

    expect(parts).toEqual([
      { type: 'reasoning-delta', text: 'hm' },
      { type: 'reasoning-delta', text: '', extras: { anthropic: { signature: 's1g' } } },
      { type: 'reasoning-delta', text: '', extras: { anthropic: { redacted: 'EmwKAh' } } },
    ]);
  });

  it('ends with a failure at an exception behind the first content (F51)', () => {
    const parts = readMessages([
      encodeEvent(...START),
      encodeEvent(...text(0, 'Hel')),
      encodeException('throttlingException', { message: 'Too many tokens' }),
    ]);

    expect(parts).toMatchObject([
      { type: 'text-delta', text: 'Hel' },
      { type: 'error', failure: { kind: 'rate', status: 429, accepted: 'unknown' } },
    ]);
  });

  it('ends with a failure at an exception before any content (F47)', () => {
    const failed = encodeException('modelStreamErrorException', { message: 'x' });

    expect(readMessages([failed])).toMatchObject([{ type: 'error', failure: { kind: 'route' } }]);
  });

  it('passes over events that it does not know', () => {
    expect(read(['somethingNew', { a: 1 }], ['contentBlockDelta', {}], ['metadata', {}])).toEqual([
      { type: 'done' },
    ]);
  });

  it('passes over an event that cannot be read', () => {
    const headers = { ':event-type': 'contentBlockDelta', ':message-type': 'event' };
    const cut = encodeMessage(headers, Buffer.from('{"contentBlockIndex":0,"delta":{"te'));

    expect(readMessages([cut])).toEqual([]);
    expect(read(['contentBlockDelta', 'noise'])).toEqual([]);
  });
});
