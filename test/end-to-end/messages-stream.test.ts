import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEVELOPMENT_KEY } from '../simulator/development.ts';
import { messageFrom } from '../support/anthropic-client.ts';
import { aRegistry } from './registries.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ registry: aRegistry() });
});
afterAll(() => stage.close());
beforeEach(() => stage.simulator.reset());

function event(type: string, fields: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

const START = event('message_start', {
  message: { id: 'msg_1', role: 'assistant', content: [], usage: { input_tokens: 7 } },
});
const THOUGHT =
  event('content_block_start', {
    index: 0,
    content_block: { type: 'redacted_thinking', data: 'cmVk' },
  }) + event('content_block_stop', { index: 0 });
const TEXT =
  event('content_block_start', { index: 1, content_block: { type: 'text', text: '' } }) +
  event('content_block_delta', { index: 1, delta: { type: 'text_delta', text: 'Hello' } });
const END = [
  event('content_block_stop', { index: 1 }),
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } }),
  event('message_stop'),
].join('');

/** What the caller gets when a provider of the dialect sends these pieces first. */
async function stream(chunks: readonly string[], fields: object = {}): Promise<string> {
  const headers = { 'content-type': 'text/event-stream' };
  const match = { model: 'second' };
  stage.simulator.setPlan([{ match, recorded: { status: 200, headers, chunks }, times: 1 }]);
  const response = await fetch(`${stage.url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': DEVELOPMENT_KEY },
    body: JSON.stringify({
      model: 'anthropic/second',
      max_tokens: 100,
      stream: true,
      messages: [{ role: 'user', content: '[[say: Hello there]]' }],
      ...fields,
    }),
  });
  return await response.text();
}

describe('a stream of the dialect itself', () => {
  it('passes untouched, with its cost behind it where no client looks', async () => {
    const native = START + THOUGHT + TEXT + END;

    const sent = await stream([native]);

    expect(sent.slice(0, native.length)).toBe(native);
    // 7 tokens in and 3 out at a tenth of a cent per thousand.
    expect(sent.slice(native.length)).toBe(
      ': {"cost":0.00001,"cost_details":{"upstream_cost":null,"is_estimated":false}}\n\n',
    );
  });

  it.each([
    ['between two events', ''],
    ['inside an event', 'event: content_block_delta\ndata: {"type":"content_bl'],
  ])('makes the client throw where it is cut %s (F52)', async (_, rest) => {
    const routing = { onStreamBreak: 'error' };

    const sent = await stream([START + TEXT + rest], { routing });

    const error = await messageFrom(sent).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Anthropic.APIError);
    expect(error).toMatchObject({ type: 'api_error', errorCode: 'upstream_stream_error' });
  });

  it('is gone on with in the blocks that it has begun (F51)', async () => {
    const sent = await stream([START + THOUGHT + TEXT], {
      models: ['anthropic/second', 'openai/first'],
    });

    const message = await messageFrom(sent);
    expect(message.content).toEqual([
      { type: 'redacted_thinking', data: 'cmVk' },
      { type: 'text', text: 'Hello there' },
    ]);
    expect(message.stop_reason).toBe('end_turn');
    expect(stage.simulator.calls()).toHaveLength(2);
  });
});
