import { describe, expect, it } from 'vitest';
import { openaiResponses } from '../../../../src/providers/openai-responses/index.ts';
import { aCall, aModel } from '../../../support/builders.ts';

const CALL = aCall({ model: aModel('openai/test', { wire: 'openai-responses' }) });

function read(output: readonly unknown[], fields: Record<string, unknown> = {}) {
  const body = {
    id: 'resp_1',
    model: 'gpt-test-1',
    status: 'completed',
    error: null,
    output,
    ...fields,
  };
  return openaiResponses.fromResponse(JSON.stringify(body), CALL);
}

const message = (...content: readonly unknown[]) => ({
  type: 'message',
  role: 'assistant',
  content,
});
const said = (text: string) => ({ type: 'output_text', text, annotations: [] });

// What no recording shows is by OpenAI's API reference.
describe('fromWireResponse', () => {
  it('keeps the order of items, and links a call by its call_id', () => {
    const answer = read([
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'hm' }],
        encrypted_content: 'gAAA',
      },
      message(said('Both:')),
      { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'one', arguments: '{"x":1}' },
      { type: 'function_call', id: 'fc_2', call_id: 'call_2', name: 'two', arguments: '' },
    ]);

    expect(answer).toEqual({
      upstreamId: 'resp_1',
      upstreamModel: 'gpt-test-1',
      content: [
        {
          type: 'reasoning',
          text: 'hm',
          extras: { 'openai-responses': { id: 'rs_1', encrypted_content: 'gAAA' } },
        },
        { type: 'text', text: 'Both:' },
        { type: 'tool-call', id: 'call_1', name: 'one', arguments: '{"x":1}' },
        { type: 'tool-call', id: 'call_2', name: 'two', arguments: '{}' },
      ],
      finishReason: { unified: 'tool-calls', raw: 'completed' },
      usage: {},
    });
  });

  it('makes an id for a call without one', () => {
    expect(read([{ type: 'function_call', name: 'one' }])).toMatchObject({
      content: [{ type: 'tool-call', id: 'call_resp_1_0', arguments: '{}' }],
    });
  });

  it('reads a refusal', () => {
    expect(read([message({ type: 'refusal', refusal: 'No.' })])).toMatchObject({
      content: [{ type: 'refusal', text: 'No.' }],
      finishReason: { unified: 'stop' },
    });
  });

  it('takes the reasoning itself before its summary, and parts them into paragraphs', () => {
    const pieces = (type: string, ...texts: readonly string[]) =>
      texts.map((text) => ({ type, text }));
    const summary = pieces('summary_text', 'a', 'b');

    expect(read([{ type: 'reasoning', summary }])).toMatchObject({ content: [{ text: 'a\n\nb' }] });
    expect(
      read([{ type: 'reasoning', summary, content: pieces('reasoning_text', 'c') }]),
    ).toMatchObject({
      content: [{ text: 'c' }],
    });
    expect(
      read([{ type: 'reasoning', id: 'rs_1', summary: [] }, message(said('x'))]),
    ).toMatchObject({ content: [{ type: 'text', text: 'x' }] });
  });

  it('shows nothing of the tools that the provider runs itself, but their sources', () => {
    const annotations = [
      { type: 'url_citation', url: 'https://a.test', title: 'A', start_index: 0 },
      { type: 'file_citation', file_id: 'f', filename: 'b.pdf' },
    ];

    expect(
      read([
        { type: 'web_search_call', id: 'ws_1', status: 'completed' },
        message({ type: 'output_text', text: 'Found.', annotations }),
      ]),
    ).toMatchObject({
      content: [
        { type: 'text', text: 'Found.' },
        { type: 'citation', url: 'https://a.test', title: 'A', raw: annotations[0] },
        { type: 'citation', url: undefined, title: 'b.pdf', raw: annotations[1] },
      ],
    });
  });

  it.each([
    ['completed', undefined, 'stop', 'completed'],
    ['incomplete', 'max_output_tokens', 'length', 'max_output_tokens'],
    ['incomplete', 'content_filter', 'content-filter', 'content_filter'],
    ['incomplete', undefined, 'unknown', 'incomplete'],
    ['cancelled', undefined, 'error', 'cancelled'],
    ['constructor', undefined, 'unknown', 'constructor'],
  ])('says status %s with reason %s as %s', (status, reason, unified, raw) => {
    const details = reason === undefined ? null : { reason };

    expect(read([message(said('x'))], { status, incomplete_details: details })).toMatchObject({
      finishReason: { unified, raw },
    });
  });

  it('passes a call on that the limit has cut (F57)', () => {
    const call = {
      type: 'function_call',
      call_id: 'a',
      name: 'one',
      arguments: '{"x":48',
      status: 'incomplete',
    };

    expect(
      read([call], { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }),
    ).toMatchObject({ content: [{ arguments: '{"x":48' }], finishReason: { unified: 'length' } });
  });

  it('counts in disjoint parts, with the cost that a vendor names', () => {
    const usage = {
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
      output_tokens: 50,
      output_tokens_details: { reasoning_tokens: 20 },
    };
    const counts = {
      uncachedInputTokens: 30,
      cacheReadTokens: 60,
      cacheWriteTokens: 10,
      outputTokens: 50,
      reasoningTokens: 20,
    };

    expect(read([], { usage })).toMatchObject({ usage: counts });
    expect(read([], { usage: { ...usage, cost: 0.5 } })).toMatchObject({
      usage: { ...counts, upstreamCostUsd: 0.5 },
    });
    expect(read([], { usage: { ...usage, cost_in_usd_ticks: 5_583_500 } })).toMatchObject({
      usage: { ...counts, upstreamCostUsd: 0.000_558_35 },
    });
  });

  it.each([
    ['nothing (F34)', ''],
    ['an empty object (F34)', '{}'],
    ['cut JSON (F35)', '{"id":"resp_1","output":[{"type":"mess'],
    ['a page (F33)', '<html></html>'],
    ['a list', '[]'],
  ])('takes %s as malformed', (_, body) => {
    expect(openaiResponses.fromResponse(body, CALL)).toMatchObject({ kind: 'malformed' });
  });
});

describe('fromFailedAnswer', () => {
  it.each([
    ['server_error', 'route', 'server_error'],
    ['rate_limit_exceeded', 'rate', 'rate_limited'],
    ['insufficient_quota', 'quota', 'quota_exhausted'],
    ['context_length_exceeded', 'client-size', 'context_length_exceeded'],
    ['invalid_prompt', 'policy', 'content_filter'],
    ['image_content_policy_violation', 'policy', 'content_filter'],
    ['invalid_image_url', 'client', 'rejected_request'],
    ['model_not_found', 'route', 'model_gone'],
    ['constructor', 'route', 'server_error'],
  ])('gives the code %s of a failed response its class (F37)', (code, kind, ours) => {
    const error = { code, message: 'text of the provider' };

    expect(read([], { status: 'failed', error })).toMatchObject({
      kind,
      code: ours,
      accepted: 'unknown',
    });
  });

  it('takes a response that failed without a word as a fault of the model', () => {
    expect(read([], { status: 'failed' })).toMatchObject({ kind: 'route', code: 'server_error' });
  });
});
