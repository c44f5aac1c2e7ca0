import { describe, expect, it } from 'vitest';
import { messageFrom } from '../../../support/anthropic-client.ts';
import { anApp } from '../../../support/app.ts';
import { aModel } from '../../../support/builders.ts';
import { aMessagesBody } from '../../../support/messages-bodies.ts';
import { chatAnswer } from '../../../support/plans.ts';

const CLAUDE = aModel('anthropic/claude-test');
const GPT = aModel('openai/gpt-test');

function event(type: string, fields: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

const STREAM = [
  event('message_start', {
    message: { id: 'msg_1', role: 'assistant', content: [], usage: { input_tokens: 7 } },
  }),
  event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hi' } }),
  event('content_block_stop', { index: 0 }),
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } }),
  event('message_stop'),
].join('');

describe('POST /v1/messages', () => {
  it('puts the cost into the stream of a caller who asks for it', async () => {
    const { post } = anApp([CLAUDE], [{ body: STREAM }]);

    const { text: sent } = await post(
      '/v1/messages',
      aMessagesBody({ model: CLAUDE.id, stream: true, usage: { include: true } }),
    );

    expect(sent).toContain('"usage":{"output_tokens":3,"cost":0.000013');
    expect((await messageFrom(sent)).content).toEqual([{ type: 'text', text: 'Hi' }]);
  });

  it('warns of what a translation loses, and of nothing where there is none', async () => {
    const fields = { service_tier: 'auto' };
    const native = { body: JSON.stringify({ content: [{ type: 'text', text: 'Hi' }] }) };
    const { post } = anApp([CLAUDE, GPT], [native, chatAnswer()]);

    const own = await post('/v1/messages', aMessagesBody({ ...fields, model: CLAUDE.id }));
    const other = await post('/v1/messages', aMessagesBody({ ...fields, model: GPT.id }));

    expect(own.headers.get('x-router-warnings')).toBeNull();
    expect(other.headers.get('x-router-warnings')).toBe(
      'service_tier was left out: openai/gpt-test speaks another dialect',
    );
  });

  it('takes a large body for what its tool results show, and no prompt of that size', async () => {
    const large = 'A'.repeat(5_000_000);
    const answer = { body: JSON.stringify({ content: [{ type: 'text', text: 'Seen' }] }) };
    const image = {
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: large },
    };
    const showing = (content: unknown) => [
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'look', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content }] },
    ];
    const { post } = anApp([CLAUDE], [answer]);
    const ask = (content: unknown) =>
      post('/v1/messages', aMessagesBody({ model: CLAUDE.id, messages: showing(content) }));

    const shown = await ask([image]);
    const told = await ask(large);

    expect(shown.status).toBe(200);
    expect(told.status).toBe(413);
    expect(JSON.parse(told.text)).toMatchObject({ error: { type: 'request_too_large' } });
  });

  it('answers a wrong method in the shape of the dialect', async () => {
    const { post } = anApp([CLAUDE]);

    const { status, headers, text } = await post('/v1/messages/batches', {});

    expect(status).toBe(404);
    expect(JSON.parse(text)).toMatchObject({
      type: 'error',
      error: { type: 'not_found_error', code: 'not_found' },
      request_id: headers.get('request-id'),
    });
  });
});
