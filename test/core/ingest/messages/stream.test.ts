import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import type { Extras } from '../../../../src/domain/conversation.ts';
import { RouterError } from '../../../../src/domain/errors.ts';
import type { ModelStreamPart } from '../../../../src/domain/response.ts';
import { seal } from '../../../../src/ingest/carrier.ts';
import { MessagesStreamWriter } from '../../../../src/ingest/messages/stream.ts';
import { aBill, aHead } from '../../../support/answers.ts';
import { messageFrom } from '../../../support/anthropic-client.ts';
import { readMessages } from '../../../support/messages-bodies.ts';

const SHOWN = readMessages({ thinking: { type: 'adaptive' } });
const STOPPED: ModelStreamPart = { type: 'finish', reason: { unified: 'stop', raw: 'stop' } };

function aWriter(request = SHOWN) {
  return new MessagesStreamWriter(aHead(), request.conversation);
}

function write(parts: readonly ModelStreamPart[], request = SHOWN): string {
  const writer = aWriter(request);
  const written = parts.map((part) => writer.write(part)).join('');
  return written + writer.finish(aBill());
}

const EVENT = /^event: (\w+)$/gm;

function eventsIn(stream: string): readonly string[] {
  return Array.from(stream.matchAll(EVENT), ([, name]) => name ?? '');
}

function text(words: string, extras?: Extras): ModelStreamPart {
  return { type: 'text-delta', text: words, ...(extras && { extras }) };
}

function thought(words: string, extras?: Extras): ModelStreamPart {
  return { type: 'reasoning-delta', text: words, ...(extras && { extras }) };
}

function call(index: number, id: string): ModelStreamPart {
  return { type: 'tool-call-start', index, id, name: `tool_${id}` };
}

function piece(index: number, json: string): ModelStreamPart {
  return { type: 'tool-call-delta', index, arguments: json };
}

describe('MessagesStreamWriter', () => {
  it('writes the events of the dialect in its order', () => {
    const stream = write([
      { type: 'start', upstreamId: 'u', upstreamModel: 'm' },
      thought('Hm.'),
      text('Hel'),
      text('lo'),
      call(0, 'a'),
      piece(0, '{}'),
      STOPPED,
    ]);

    expect(eventsIn(stream)).toEqual([
      'message_start',
      'ping',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  it('gives the official client the whole message, with usage and cost', async () => {
    const { content, ...message } = await messageFrom(
      write([text('Hi'), call(0, 'a'), piece(0, '{"b":'), piece(0, '1}'), STOPPED]),
    );

    expect(content).toEqual([
      { type: 'text', text: 'Hi' },
      { type: 'tool_use', id: 'a', name: 'tool_a', input: { b: 1 } },
    ]);
    expect(message).toMatchObject({
      id: 'msg_id-1',
      model: 'google/gemini-test',
      stop_reason: 'tool_use',
      usage: { input_tokens: 10, output_tokens: 5 },
    });
  });

  it('puts the cost into the last usage', () => {
    const stream = write([text('Hi'), STOPPED]);
    expect(stream).toContain('"cost":0.00001,"cost_details"');
  });

  it('begins with what is counted by then', async () => {
    const usage: ModelStreamPart = { type: 'usage', usage: { uncachedInputTokens: 77 } };

    const stream = write([usage, text('Hi'), STOPPED]);

    expect(stream.slice(0, stream.indexOf('event: ping'))).toContain('"input_tokens":77');
  });

  it('writes an answer without any content as one', async () => {
    const message = await messageFrom(write([STOPPED]));
    expect(message).toMatchObject({ content: [], stop_reason: 'end_turn' });
  });

  it('says the words of a refusal', async () => {
    const parts: ModelStreamPart[] = [
      { type: 'refusal-delta', text: 'No' },
      { type: 'refusal-delta', text: '.' },
    ];
    expect(await messageFrom(write([...parts, STOPPED]))).toMatchObject({
      content: [{ type: 'text', text: 'No.' }],
      stop_reason: 'refusal',
      stop_details: { explanation: 'No.' },
    });
  });

  it('keeps calls apart whose pieces come mixed', async () => {
    const { content } = await messageFrom(
      write([
        call(0, 'a'),
        piece(0, '{"x":'),
        call(1, 'b'),
        piece(1, '{"y":'),
        piece(0, '1}'),
        piece(1, '2}'),
        text('Done'),
        STOPPED,
      ]),
    );

    expect(content).toEqual([
      { type: 'tool_use', id: 'a', name: 'tool_a', input: { x: 1 } },
      { type: 'tool_use', id: 'b', name: 'tool_b', input: { y: 2 } },
      { type: 'text', text: 'Done' },
    ]);
  });

  it('gives calls that never became whole as they are', () => {
    const stream = write([call(0, 'a'), piece(0, '{"x":'), call(1, 'b'), piece(1, '{}'), STOPPED]);

    expect(eventsIn(stream).filter((name) => name === 'content_block_start')).toHaveLength(2);
    expect(stream).toContain(JSON.stringify({ type: 'input_json_delta', partial_json: '{"x":' }));
  });

  it('begins new thinking behind a signature, and marks what nobody has signed', async () => {
    const signed = { anthropic: { signature: 'c2ln' } };
    const { content } = await messageFrom(
      write([thought('One'), thought('', signed), thought('Two'), text('Hi'), STOPPED]),
    );

    expect(content).toEqual([
      { type: 'thinking', thinking: 'One', signature: 'c2ln' },
      { type: 'thinking', thinking: 'Two', signature: seal({ on: 'this', extras: {} }) },
      { type: 'text', text: 'Hi' },
    ]);
  });

  it('gives a text that carries something a block of its own', async () => {
    const extras = { gemini: { thoughtSignature: 'Z2Vt' } };
    const { content } = await messageFrom(
      write([text('One '), text('two', extras), text('three'), STOPPED]),
    );

    expect(content).toEqual([
      { type: 'text', text: 'One ' },
      { type: 'text', text: 'two' },
      { type: 'thinking', thinking: '', signature: seal({ on: 'previous', extras }) },
      { type: 'text', text: 'three' },
    ]);
  });

  it('keeps thinking together whose details come in pieces', async () => {
    const detail = (words: string) => ({
      openai: { reasoning_details: [{ type: 'reasoning.text', text: words, index: 0 }] },
    });
    const { content } = await messageFrom(
      write([thought('One', detail('One')), thought(' two', detail(' two')), text('Hi'), STOPPED]),
    );

    const carried = seal({ on: 'this', extras: detail('One two') });
    expect(content).toEqual([
      { type: 'thinking', thinking: 'One two', signature: carried },
      { type: 'text', text: 'Hi' },
    ]);
  });

  it('makes the official client throw when a stream fails', async () => {
    const writer = aWriter();
    const stream = writer.write(text('Hi')) + writer.fail(brokenOff());

    await expect(messageFrom(stream)).rejects.toThrow(
      expect.objectContaining({ type: 'api_error', errorCode: 'upstream_stream_error' }),
    );
  });

  it.each(['event: content_block_delta\ndata: {"type":"content_bl', 'event: content_', 'dat', ''])(
    'makes it throw the same where a native stream was cut behind %j',
    async (rest) => {
      const writer = aWriter();
      const stream = writer.write(text('Hi')) + rest + writer.seam + writer.fail(brokenOff());

      const thrown = await messageFrom(stream).catch((error: unknown) => error);

      expect(thrown).toBeInstanceOf(Anthropic.APIError);
      expect(thrown).toMatchObject({ type: 'api_error', errorCode: 'upstream_stream_error' });
    },
  );

  it('says the cost behind a native stream where no client looks for it', async () => {
    const native = write([text('Hi'), STOPPED]);
    const writer = aWriter();

    const whole = native + writer.finishNative(aBill(), true);
    const [begun = ''] = native.split('event: message_stop');
    const ended = begun + writer.finishNative(aBill(), false);

    expect(
      whole.endsWith(
        ': {"cost":0.00001,"cost_details":{"upstream_cost":null,"is_estimated":false}}\n\n',
      ),
    ).toBe(true);
    expect(await messageFrom(ended)).toEqual(await messageFrom(whole));
  });
});

function brokenOff(): RouterError {
  return new RouterError('upstream_stream_error', 'the stream ended before its answer did');
}
