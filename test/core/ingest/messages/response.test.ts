import { describe, expect, it } from 'vitest';
import type { FinishReason, ModelResponse, ResponsePart } from '../../../../src/domain/response.ts';
import { seal } from '../../../../src/ingest/carrier.ts';
import type { DialectRequest } from '../../../../src/ingest/dialect.ts';
import { toMessagesBody } from '../../../../src/ingest/messages/response.ts';
import { aBill, aHead, anAnswer } from '../../../support/answers.ts';
import { readMessages } from '../../../support/messages-bodies.ts';

const SHOWN = readMessages({ thinking: { type: 'adaptive' } });
const OMITTED = readMessages({ thinking: { type: 'adaptive', display: 'omitted' } });
const WITH_TOOLS = readMessages({ tools: [{ name: 'a', input_schema: {} }] });
const GEMINI = { gemini: { thoughtSignature: 'Z2Vt' } };

function bodyOf(response: ModelResponse, request: DialectRequest = readMessages()) {
  const answer = { head: aHead(), response, bill: aBill() };
  const text = toMessagesBody({ ...answer, nativeBody: undefined, routing: undefined }, request);
  return JSON.parse(text);
}

function blocksOf(content: readonly ResponsePart[], request?: DialectRequest) {
  return bodyOf(anAnswer(content), request).content;
}

describe('toMessagesBody', () => {
  it('writes a message of the dialect with its cost', () => {
    expect(bodyOf(anAnswer([{ type: 'text', text: 'Hi' }]))).toEqual({
      id: 'msg_id-1',
      type: 'message',
      role: 'assistant',
      model: 'google/gemini-test',
      content: [{ type: 'text', text: 'Hi' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 10,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
        output_tokens: 5,
        output_tokens_details: { thinking_tokens: 0 },
        cost: 0.000_01,
        cost_details: { upstream_cost: null, is_estimated: false },
      },
    });
  });

  it('counts the cache beside the input', () => {
    const usage = {
      uncachedInputTokens: 1,
      cacheReadTokens: 2,
      cacheWriteTokens: 3,
      cacheWrite1hTokens: 4,
      outputTokens: 5,
      reasoningTokens: 6,
    };
    const answer = { head: aHead(), response: anAnswer([]), bill: aBill({ usage }) };

    const text = toMessagesBody(
      { ...answer, nativeBody: undefined, routing: undefined },
      readMessages(),
    );

    expect(JSON.parse(text).usage).toMatchObject({
      input_tokens: 1,
      cache_read_input_tokens: 2,
      cache_creation_input_tokens: 7,
      cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 },
      output_tokens: 5,
      output_tokens_details: { thinking_tokens: 6 },
    });
  });

  it('keeps the text of a provider of the dialect but for model, usage and decision', () => {
    const nativeBody =
      '{"id":"msg_01","model":"claude-x","content":[{"type":"text", "text":"Hi"}],"container":null,"usage":{"input_tokens":3,"service_tier":"standard"}}';
    const answer = { head: aHead(), response: anAnswer([]), bill: aBill() };

    const text = toMessagesBody(
      { ...answer, nativeBody, routing: { policy: 'auto' } },
      readMessages(),
    );

    expect(text).toContain(
      '"id":"msg_01","content":[{"type":"text", "text":"Hi"}],"container":null',
    );
    expect(JSON.parse(text)).toMatchObject({
      model: 'google/gemini-test',
      usage: { input_tokens: 3, service_tier: 'standard', cost: 0.000_01 },
      routing: { policy: 'auto' },
    });
  });

  it.each<[FinishReason['unified'], string | undefined, string | null]>([
    ['stop', 'STOP', 'end_turn'],
    ['length', 'length', 'max_tokens'],
    ['tool-calls', 'tool_calls', 'tool_use'],
    ['content-filter', 'SAFETY', 'refusal'],
    ['stop', 'pause_turn', 'pause_turn'],
    ['stop', 'stop_sequence', 'stop_sequence'],
    ['length', 'model_context_window_exceeded', 'model_context_window_exceeded'],
    ['error', 'MALFORMED_FUNCTION_CALL', null],
    ['unknown', undefined, null],
  ])('says of an end by %s (%s) that its stop_reason is %s', (unified, raw, expected) => {
    const response = anAnswer([], { finishReason: { unified, raw } });
    expect(bodyOf(response).stop_reason).toBe(expected);
  });

  it('names the stop sequence where there was but one', () => {
    const response = anAnswer([], { finishReason: { unified: 'stop', raw: 'stop_sequence' } });

    const one = bodyOf(response, readMessages({ stop_sequences: ['END'] }));
    const two = bodyOf(response, readMessages({ stop_sequences: ['END', 'STOP'] }));

    expect([one.stop_sequence, two.stop_sequence]).toEqual(['END', null]);
  });

  it('says tool_use where there is a call, whatever the provider says', () => {
    const call = { type: 'tool-call' as const, id: 'c1', name: 'a', arguments: '{"b":1}' };

    expect(bodyOf(anAnswer([{ type: 'text', text: 'Look:' }, call]))).toMatchObject({
      content: [
        { type: 'text', text: 'Look:' },
        { type: 'tool_use', id: 'c1', name: 'a', input: { b: 1 } },
      ],
      stop_reason: 'tool_use',
    });
  });

  it('says refusal where the model refused, and in which words', () => {
    expect(bodyOf(anAnswer([{ type: 'refusal', text: 'No.' }]))).toMatchObject({
      content: [{ type: 'text', text: 'No.' }],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: null, explanation: 'No.' },
    });
  });

  it('makes ids that the dialect would refuse into ones that it takes', () => {
    const call = { type: 'tool-call' as const, id: 'functions.a:0', name: 'a', arguments: '{}' };
    expect(blocksOf([call])[0].id).toBe('functions_a_0');
  });

  it.each(['{"cut":', '[1]', ''])('wraps arguments that are no object: %s', (text) => {
    const call = { type: 'tool-call' as const, id: 'c1', name: 'a', arguments: text };
    expect(blocksOf([call])[0].input).toEqual({ INVALID_JSON: text });
  });

  it('takes null for no arguments', () => {
    const call = { type: 'tool-call' as const, id: 'c1', name: 'a', arguments: 'null' };
    expect(blocksOf([call])[0].input).toEqual({});
  });

  it('puts sources to the text that they are of', () => {
    const own = { type: 'char_location', cited_text: 'x', document_index: 0 };
    const blocks = blocksOf([
      { type: 'text', text: 'A' },
      { type: 'citation', url: 'https://a.test', title: undefined },
      { type: 'text', text: 'B' },
      { type: 'citation', url: undefined, title: undefined, raw: own },
    ]);

    const source = {
      type: 'web_search_result_location',
      url: 'https://a.test',
      title: null,
      cited_text: '',
      encrypted_index: '',
    };
    expect(blocks).toEqual([
      { type: 'text', text: 'A', citations: [source] },
      { type: 'text', text: 'B', citations: [own] },
    ]);
  });

  describe('with reasoning', () => {
    const unsigned = { type: 'reasoning' as const, text: 'Hm.' };
    const signed = { ...unsigned, extras: { anthropic: { signature: 'c2ln' } } };
    const foreign = { ...unsigned, extras: GEMINI };
    const redacted = { ...unsigned, text: '', extras: { anthropic: { redacted: 'cmVk' } } };
    const all = [unsigned, signed, foreign, redacted];
    const ours = (text: string) => ({
      type: 'thinking',
      thinking: text,
      signature: seal({ on: 'this', extras: GEMINI }),
    });
    const hidden = { type: 'redacted_thinking', data: 'cmVk' };

    it('shows it to a caller who asked for thinking', () => {
      const sealed = seal({ on: 'this', extras: {} });
      expect(blocksOf(all, SHOWN)).toEqual([
        { type: 'thinking', thinking: 'Hm.', signature: sealed },
        { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
        ours('Hm.'),
        hidden,
      ]);
    });

    it.each([
      ['asked to have it omitted', OMITTED],
      ['offers tools, whose next turn needs them', WITH_TOOLS],
    ])('gives the signatures alone to a caller who %s', (_, request) => {
      expect(blocksOf(all, request)).toEqual([
        { type: 'thinking', thinking: '', signature: 'c2ln' },
        ours(''),
        hidden,
      ]);
    });

    it('gives a caller who asked for neither nothing but the text', () => {
      expect(blocksOf([...all, { type: 'text', text: 'Hi' }])).toEqual([
        { type: 'text', text: 'Hi' },
      ]);
    });
  });

  it('carries what other parts have for their provider in thinking blocks beside them', () => {
    const carrier = (on: 'previous' | 'next' | 'empty-text') => ({
      type: 'thinking',
      thinking: '',
      signature: seal({ on, extras: GEMINI }),
    });
    const call = { type: 'tool-call' as const, id: 'c1', name: 'a', arguments: '{}' };

    const blocks = blocksOf([
      { type: 'text', text: 'Hi', extras: GEMINI },
      { type: 'text', text: '', extras: GEMINI },
      { ...call, extras: GEMINI },
      call,
    ]);

    const use = { type: 'tool_use', id: 'c1', name: 'a', input: {} };
    expect(blocks).toEqual([
      { type: 'text', text: 'Hi' },
      carrier('previous'),
      carrier('empty-text'),
      carrier('next'),
      use,
      use,
    ]);
  });
});
