import { describe, expect, it } from 'vitest';
import { RouterError } from '../../../../src/domain/errors.ts';
import { nanoUsd } from '../../../../src/domain/money.ts';
import type { AnswerBill, StreamEvent } from '../../../../src/domain/ports.ts';
import type { ModelStreamPart } from '../../../../src/domain/response.ts';
import { ChatStreamWriter, editChatEvent } from '../../../../src/ingest/chat-completions/stream.ts';
import { aModel } from '../../../support/builders.ts';

const BILL: AnswerBill = {
  usage: { uncachedInputTokens: 10, outputTokens: 5 },
  usageIsEstimated: false,
  costNanoUsd: nanoUsd(20_000),
};
const COST = { cost: 0.000_02, cost_details: { upstream_cost: null, is_estimated: false } };
const USAGE = {
  prompt_tokens: 10,
  completion_tokens: 5,
  total_tokens: 15,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  ...COST,
};

function aWriter(wantsUsage = false): ChatStreamWriter {
  const model = aModel('openai/m1').id;
  return new ChatStreamWriter(
    { requestId: 'r1', model, createdAt: 5000, warnings: [] },
    wantsUsage,
  );
}

/** The events of a text: each JSON, `[DONE]` or a comment. */
function events(text: string): unknown[] {
  return text
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => {
      const data = event.replace('data: ', '');
      return data.startsWith('{') ? JSON.parse(data) : data;
    });
}

function deltas(...parts: readonly ModelStreamPart[]): unknown[] {
  const writer = aWriter();
  return events(parts.map((part) => writer.write(part)).join('')).map(
    (chunk) => (chunk as { choices: { delta: unknown }[] }).choices[0]?.delta, // as it was written
  );
}

const chunk = (choices: readonly object[], more: object = {}) => ({
  id: 'chatcmpl-r1',
  object: 'chat.completion.chunk',
  created: 5,
  model: 'openai/m1',
  choices,
  ...more,
});

describe('ChatStreamWriter', () => {
  it('writes each part as a chunk, the first with the role', () => {
    const parts: readonly ModelStreamPart[] = [
      { type: 'start', upstreamId: 'u', upstreamModel: 'm' },
      { type: 'reasoning-delta', text: 'Hm' },
      { type: 'text-delta', text: 'Hello' },
      { type: 'refusal-delta', text: 'No' },
      { type: 'tool-call-start', index: 0, id: 'c1', name: 'look' },
      { type: 'tool-call-delta', index: 0, arguments: '{}' },
      { type: 'citation', url: 'https://a.test', title: 'A' },
      { type: 'usage', usage: {} },
      { type: 'done' },
    ];

    expect(deltas(...parts)).toEqual([
      { role: 'assistant', reasoning_content: 'Hm' },
      { content: 'Hello' },
      { refusal: 'No' },
      {
        tool_calls: [
          { index: 0, id: 'c1', type: 'function', function: { name: 'look', arguments: '' } },
        ],
      },
      { tool_calls: [{ index: 0, function: { arguments: '{}' } }] },
      {
        annotations: [
          { type: 'url_citation', url_citation: { url: 'https://a.test', title: 'A' } },
        ],
      },
    ]);
  });

  it('ends with the reason to finish and the last word', () => {
    const writer = aWriter();
    writer.write({ type: 'finish', reason: { unified: 'tool-calls', raw: 'tool_use' } });

    expect(events(writer.finish(BILL))).toEqual([
      chunk([{ index: 0, delta: {}, logprobs: null, finish_reason: 'tool_calls' }]),
      '[DONE]',
    ]);
  });

  it('says that the reason is unknown where the provider gave none (F53)', () => {
    expect(events(aWriter().finish(BILL))[0]).toMatchObject({
      choices: [{ finish_reason: 'unknown' }],
    });
  });

  it('gives usage and cost in a chunk of their own to who asked for them', () => {
    expect(events(aWriter(true).finish(BILL)).slice(1)).toEqual([
      chunk([], { usage: USAGE }),
      '[DONE]',
    ]);
  });

  it('puts the cost behind a stream that passed as it came, where only those look who want it', () => {
    const comment = `: ${JSON.stringify(COST)}`;

    expect(events(aWriter().finishNative(BILL, true))).toEqual([comment]);
    expect(events(aWriter().finishNative(BILL, false))).toEqual(['[DONE]', comment]);
  });

  it('adds the usage that the provider left out for who asked for it (F63)', () => {
    const bill = { ...BILL, usageIsEstimated: true };
    const added = events(aWriter(true).finishNative(bill, false));

    expect(added.slice(0, 2)).toMatchObject([
      { choices: [], usage: { prompt_tokens: 10, cost_details: { is_estimated: true } } },
      '[DONE]',
    ]);
    expect(events(aWriter(false).finishNative(bill, false))[0]).toBe('[DONE]');
    expect(events(aWriter(true).finishNative(BILL, false))[0]).toBe('[DONE]');
  });

  it('fails by an event that the official clients throw', () => {
    const error = new RouterError('upstream_stalled', 'the stream stood still');

    expect(events(aWriter().fail(error))).toMatchObject([
      { error: { code: 'upstream_stalled', type: 'server_error', request_id: 'r1' } },
    ]);
  });
});

describe('editChatEvent', () => {
  function anEvent(data: string | object): StreamEvent {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    return { name: undefined, data: text, parts: [], isBroken: false };
  }
  const content = anEvent('{"choices":[{"delta":{"content":"Hi"}}], "x":1.0}');
  const usageOnly = anEvent({ choices: [], usage: { prompt_tokens: 10, own: 7 } });
  const withContent = anEvent({
    choices: [{ delta: { content: '!' } }],
    usage: { prompt_tokens: 10 },
  });

  it.each<[string, StreamEvent, AnswerBill | undefined, boolean, string]>([
    ['keeps content as it came', content, undefined, false, `data: ${content.data}\n\n`],
    ['leaves out usage that was not asked for', usageOnly, BILL, false, ''],
    [
      'keeps content beside usage that was not asked for',
      withContent,
      BILL,
      false,
      `data: ${withContent.data}\n\n`,
    ],
    ['leaves the last word to the end', anEvent('[DONE]'), undefined, true, ''],
    [
      'keeps the lines of an event apart',
      anEvent('{"a":\n1}'),
      undefined,
      false,
      'data: {"a":\ndata: 1}\n\n',
    ],
  ])('%s', (_, event, bill, wantsUsage, text) => {
    expect(editChatEvent(event, bill, wantsUsage)).toBe(text);
  });

  it('puts the cost into the usage of who asked for it, and keeps what the provider has there', () => {
    expect(events(editChatEvent(usageOnly, BILL, true))).toEqual([
      { choices: [], usage: { prompt_tokens: 10, own: 7, ...COST } },
    ]);
  });
});
