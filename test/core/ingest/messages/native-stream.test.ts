import { describe, expect, it } from 'vitest';
import type { ModelStreamPart } from '../../../../src/domain/response.ts';
import { editMessagesEvent, MessagesStreamWriter } from '../../../../src/ingest/messages/stream.ts';
import { aBill, aHead } from '../../../support/answers.ts';
import { readMessages } from '../../../support/messages-bodies.ts';

const EVENT = /^event: (\w+)$/gm;
const INDEX = /"index":\d/g;

function aWriter() {
  return new MessagesStreamWriter(aHead(), readMessages({ stream: true }).conversation);
}

function eventsIn(stream: string): readonly string[] {
  return Array.from(stream.matchAll(EVENT), ([, name]) => name ?? '');
}

function text(words: string): ModelStreamPart {
  return { type: 'text-delta', text: words };
}

/** An event as the provider sent it. */
function event(type: string, fields: object) {
  const data = JSON.stringify({ type, ...fields });
  return { name: type, data, parts: [], isBroken: false };
}

describe('going on behind a native stream', () => {
  const ping = event('ping', {});

  it('counts blocks on from where the provider was, whatever it counted', () => {
    const writer = aWriter();
    writer.write(text('Hel'));

    const delta = { type: 'text_delta', text: 'Hel' };
    const goesOn = writer.goOnBehind([event('content_block_delta', { index: 3, delta }), ping]);
    const written = writer.write(text('lo')) + writer.finish(aBill());

    expect(goesOn).toBe(true);
    expect(eventsIn(written)).toEqual([
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(written.match(INDEX)).toEqual(['"index":3', '"index":3']);
  });

  it('begins a block of its own where the last one was closed', () => {
    const writer = aWriter();
    writer.write(text('Hel'));

    const goesOn = writer.goOnBehind([event('content_block_stop', { index: 0 })]);

    expect(goesOn).toBe(true);
    expect(writer.write(text('lo')).match(INDEX)).toEqual(['"index":1', '"index":1']);
  });

  it.each([
    ['nothing is known', []],
    [
      'a block is open that no part has told of',
      [event('content_block_start', { index: 1, content_block: { type: 'server_tool_use' } })],
    ],
    [
      'another kind of block is open than the parts say',
      [event('content_block_start', { index: 1, content_block: { type: 'thinking' } })],
    ],
  ])('does not go on where %s', (_, last) => {
    const writer = aWriter();
    writer.write(text('Hel'));

    expect(writer.goOnBehind(last)).toBe(false);
  });
});

describe('editMessagesEvent', () => {
  it('puts the cost into the usage of the last delta', () => {
    const edited = editMessagesEvent(
      event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } }),
      aBill(),
    );

    expect(edited).toBe(
      'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3,"cost":0.00001,"cost_details":{"upstream_cost":null,"is_estimated":false}}}\n\n',
    );
  });

  it('leaves other events as they are, and the last one to be written at the end', () => {
    const started = event('message_start', { message: { usage: { input_tokens: 3 } } });

    expect(editMessagesEvent(started, aBill())).toBe(
      `event: message_start\ndata: ${started.data}\n\n`,
    );
    expect(editMessagesEvent(event('message_stop', {}), undefined)).toBe('');
  });
});
