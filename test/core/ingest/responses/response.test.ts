import { describe, expect, it } from 'vitest';
import type { FinishReason, ResponsePart } from '../../../../src/domain/response.ts';
import { responses } from '../../../../src/ingest/responses/index.ts';
import { aBody, BILL, CARRYING, HEAD, write } from '../../../support/responses.ts';

function output(content: readonly ResponsePart[], fields: object = {}): unknown {
  return JSON.parse(write({ content }, fields)).output;
}

describe('toBody', () => {
  it('writes a response with what it was asked for', () => {
    const tool = { type: 'function', name: 'f', parameters: { type: 'object' }, strict: false };
    const body = write(
      { content: [{ type: 'text', text: 'Hi' }] },
      { instructions: 'Be brief.', tools: [tool], temperature: 0.5, metadata: { a: 'b' } },
    );

    expect(JSON.parse(body)).toEqual({
      id: 'resp_r1',
      object: 'response',
      created_at: 1_700_000_000,
      completed_at: null,
      status: 'completed',
      background: false,
      error: null,
      incomplete_details: null,
      instructions: 'Be brief.',
      max_output_tokens: null,
      max_tool_calls: null,
      metadata: { a: 'b' },
      model: 'openai/gpt-test',
      output: [
        {
          id: 'msg_r1_0',
          type: 'message',
          status: 'completed',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Hi', annotations: [], logprobs: [] }],
        },
      ],
      parallel_tool_calls: true,
      previous_response_id: null,
      prompt_cache_key: null,
      reasoning: { effort: null, summary: null },
      safety_identifier: null,
      service_tier: null,
      store: false,
      temperature: 0.5,
      text: { format: { type: 'text' } },
      tool_choice: 'auto',
      tools: [tool],
      top_logprobs: 0,
      top_p: null,
      truncation: 'disabled',
      usage: {
        input_tokens: 10,
        input_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
        output_tokens: 5,
        output_tokens_details: { reasoning_tokens: 2 },
        total_tokens: 15,
        cost: 0.000_001_5,
        cost_details: { upstream_cost: null, is_estimated: false },
      },
      user: null,
    });
  });

  it('writes reasoning, text with its sources, and calls as items', () => {
    const content: ResponsePart[] = [
      { type: 'reasoning', text: 'Think.' },
      { type: 'text', text: 'Hi' },
      { type: 'citation', url: 'https://example.com', title: 'Example' },
      { type: 'tool-call', id: 'call_1', name: 'f', arguments: '{"a":1}' },
      { type: 'tool-call', id: 'call_2', name: 'g', arguments: '' },
    ];

    expect(output(content)).toEqual([
      { id: 'rs_r1_0', type: 'reasoning', summary: [{ type: 'summary_text', text: 'Think.' }] },
      {
        id: 'msg_r1_1',
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [
          {
            type: 'output_text',
            text: 'Hi',
            annotations: [
              {
                type: 'url_citation',
                start_index: 2,
                end_index: 2,
                url: 'https://example.com',
                title: 'Example',
              },
            ],
            logprobs: [],
          },
        ],
      },
      {
        id: 'fc_r1_2',
        type: 'function_call',
        status: 'completed',
        call_id: 'call_1',
        name: 'f',
        arguments: '{"a":1}',
      },
      {
        id: 'fc_r1_3',
        type: 'function_call',
        status: 'completed',
        call_id: 'call_2',
        name: 'g',
        arguments: '{}',
      },
    ]);
  });

  it('writes a refusal as a part of its own', () => {
    const content: ResponsePart[] = [
      { type: 'text', text: 'Well.' },
      { type: 'refusal', text: 'No.' },
    ];

    expect(output(content)).toMatchObject([
      {
        content: [
          { type: 'output_text', text: 'Well.' },
          { type: 'refusal', refusal: 'No.' },
        ],
      },
    ]);
  });

  it("keeps a provider's own annotation", () => {
    const raw = { type: 'url_citation', start_index: 0, end_index: 2, url: 'u', title: 't' };

    expect(
      output([
        { type: 'text', text: 'Hi' },
        { type: 'citation', url: 'u', title: 't', raw },
      ]),
    ).toMatchObject([{ content: [{ annotations: [raw] }] }]);
  });

  it.each<[FinishReason['unified'], object]>([
    ['stop', { status: 'completed', error: null, incomplete_details: null }],
    ['tool-calls', { status: 'completed', error: null, incomplete_details: null }],
    ['unknown', { status: 'completed', error: null, incomplete_details: null }],
    [
      'length',
      {
        status: 'incomplete',
        error: null,
        incomplete_details: { reason: 'max_output_tokens' },
        output: [expect.objectContaining({ status: 'incomplete' })],
      },
    ],
    [
      'content-filter',
      { status: 'incomplete', error: null, incomplete_details: { reason: 'content_filter' } },
    ],
    [
      'error',
      {
        status: 'failed',
        error: {
          code: 'server_error',
          message: 'the model could not end its answer (MALFORMED_FUNCTION_CALL)',
        },
        incomplete_details: null,
      },
    ],
  ])('says how an answer ended that finished with %s', (unified, expected) => {
    const finishReason = { unified, raw: 'MALFORMED_FUNCTION_CALL' };
    const body = write({ content: [{ type: 'text', text: 'Hi' }], finishReason });

    expect(JSON.parse(body)).toMatchObject(expected);
  });

  it('gives what the next turn needs only to who asks for it or calls tools', () => {
    const content: ResponsePart[] = [
      { type: 'reasoning', text: '', extras: { anthropic: { signature: 's' } } },
      { type: 'text', text: 'Hi', extras: { gemini: { thoughtSignature: 's' } } },
    ];
    const tools = [{ type: 'function', name: 'f', parameters: {} }];

    const kinds = [{}, CARRYING, { tools }].map((fields) => {
      const items = JSON.parse(write({ content }, fields)).output as { type: string }[];
      return items.map(({ type }) => type);
    });

    expect(kinds).toEqual([
      ['message'],
      ['reasoning', 'message', 'reasoning'],
      ['reasoning', 'message', 'reasoning'],
    ]);
  });

  it("keeps every field of a provider's own text but model and usage", () => {
    const nativeBody = '{"id":"resp_x", "model":"up","usage":{"input_tokens":1},"tool_usage":{}}';
    const request = responses.readRequest(aBody({}), new Headers());
    const response = {
      upstreamId: undefined,
      upstreamModel: undefined,
      content: [],
      finishReason: { unified: 'stop' as const, raw: undefined },
      usage: {},
    };

    const answer = { head: HEAD, response, bill: BILL, nativeBody, routing: { a: 1 } };

    expect(JSON.parse(responses.toBody(answer, request))).toEqual({
      id: 'resp_x',
      model: 'openai/gpt-test',
      usage: {
        input_tokens: 1,
        cost: 0.000_001_5,
        cost_details: { upstream_cost: null, is_estimated: false },
      },
      tool_usage: {},
      routing: { a: 1 },
    });
  });
});
