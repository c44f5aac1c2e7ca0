import { describe, expect, it } from 'vitest';
import { nanoUsd } from '../../../../src/domain/money.ts';
import type { AnswerBill } from '../../../../src/domain/ports.ts';
import type { FinishReason, ModelResponse } from '../../../../src/domain/response.ts';
import { toChatBody } from '../../../../src/ingest/chat-completions/response.ts';
import type { OutgoingAnswer } from '../../../../src/ingest/dialect.ts';
import { aModel } from '../../../support/builders.ts';

const BILL: AnswerBill = {
  usage: { uncachedInputTokens: 10, cacheReadTokens: 90, outputTokens: 20, reasoningTokens: 5 },
  usageIsEstimated: false,
  costNanoUsd: nanoUsd(1500),
};

function write(content: ModelResponse['content'], fields: Partial<OutgoingAnswer> = {}) {
  const text = toChatBody({
    head: {
      requestId: 'r1',
      model: aModel('openai/m1').id,
      createdAt: 1_764_000_123_456,
      warnings: [],
    },
    response: {
      upstreamId: 'up-1',
      upstreamModel: 'up-model',
      content,
      finishReason: { unified: 'stop', raw: 'end_turn' },
      usage: {},
    },
    bill: BILL,
    nativeBody: undefined,
    routing: undefined,
    ...fields,
  });
  return JSON.parse(text);
}

const USAGE = {
  prompt_tokens: 100,
  completion_tokens: 20,
  total_tokens: 120,
  prompt_tokens_details: { cached_tokens: 90, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 5, audio_tokens: 0 },
  cost: 0.000_001_5,
  cost_details: { upstream_cost: null, is_estimated: false },
};

describe('toChatBody', () => {
  it('writes an answer of another dialect as a chat completion, with its cost', () => {
    expect(write([{ type: 'text', text: 'Hello' }])).toEqual({
      id: 'chatcmpl-r1',
      object: 'chat.completion',
      created: 1_764_000_123,
      model: 'openai/m1',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello', refusal: null, annotations: [] },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: USAGE,
    });
  });

  it('writes reasoning, refusals, tool calls and sources each to its own field', () => {
    const { message } = write([
      { type: 'reasoning', text: 'Hm' },
      { type: 'text', text: 'One' },
      { type: 'text', text: ', two' },
      { type: 'refusal', text: 'No' },
      { type: 'tool-call', id: 'c1', name: 'look', arguments: '{"a":1}' },
      { type: 'citation', url: 'https://a.test', title: undefined },
    ]).choices[0];

    expect(message).toEqual({
      role: 'assistant',
      content: 'One, two',
      refusal: 'No',
      reasoning_content: 'Hm',
      tool_calls: [
        { id: 'c1', type: 'function', function: { name: 'look', arguments: '{"a":1}' } },
      ],
      annotations: [{ type: 'url_citation', url_citation: { url: 'https://a.test', title: '' } }],
    });
  });

  it('has null for content where there is only a call', () => {
    const { message } = write([{ type: 'tool-call', id: 'c', name: 'a', arguments: '{}' }])
      .choices[0];

    expect(message).toMatchObject({ content: null });
  });

  it.each<[FinishReason['unified'], string]>([
    ['stop', 'stop'],
    ['length', 'length'],
    ['tool-calls', 'tool_calls'],
    ['content-filter', 'content_filter'],
    ['error', 'error'],
    ['unknown', 'unknown'],
  ])('calls the reason %s %s', (unified, word) => {
    const response = { content: [], usage: {}, upstreamId: undefined, upstreamModel: undefined };
    const finishReason = { unified, raw: undefined };

    expect(write([], { response: { ...response, finishReason } }).choices[0].finish_reason).toBe(
      word,
    );
  });

  it('says null for a cost that is not known, and the provider’s own beside ours', () => {
    const bill = {
      usage: { ...BILL.usage, upstreamCostUsd: 0.25 },
      usageIsEstimated: true,
      costNanoUsd: undefined,
    };

    expect(write([], { bill }).usage).toMatchObject({
      cost: null,
      cost_details: { upstream_cost: 0.25, is_estimated: true },
    });
  });

  it('shows the decision to who asked for it', () => {
    expect(write([], { routing: { reason: 'best score' } })).toMatchObject({
      routing: { reason: 'best score' },
    });
  });
});

describe('toChatBody, of an answer that is in this dialect already', () => {
  it('keeps every field and every digit that it does not set', () => {
    const nativeBody =
      '{"id":"up-1","model":"up-model","seed_used":9007199254740993,"choices":[{"index":0,"x":1.0}],"usage":{"prompt_tokens":100,"own":7}}';

    const text = toChatBody({
      head: { requestId: 'r1', model: aModel('openai/m1').id, createdAt: 0, warnings: [] },
      response: {
        upstreamId: 'up-1',
        upstreamModel: 'up-model',
        content: [],
        finishReason: { unified: 'stop', raw: 'stop' },
        usage: {},
      },
      bill: BILL,
      nativeBody,
      routing: undefined,
    });

    expect(text).toContain('"seed_used":9007199254740993,"choices":[{"index":0,"x":1.0}]');
    expect(JSON.parse(text)).toMatchObject({
      id: 'up-1',
      model: 'openai/m1',
      usage: { prompt_tokens: 100, own: 7, cost: 0.000_001_5 },
    });
  });

  it('adds the usage that its provider left out', () => {
    const nativeBody = '{"id":"up-1","model":"up-model","choices":[]}';

    expect(write([], { nativeBody }).usage).toEqual(USAGE);
  });
});
