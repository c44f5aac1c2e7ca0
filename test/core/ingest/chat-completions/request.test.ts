import { describe, expect, it } from 'vitest';
import { readChatRequest } from '../../../../src/ingest/chat-completions/request.ts';
import { jsonBody } from '../../../support/json.ts';
import { refusalOf } from '../../../support/refusals.ts';

const HELLO = { role: 'user', content: 'Hello' };

function read(fields: object = {}) {
  return readChatRequest(jsonBody({ model: 'auto', messages: [HELLO], ...fields }));
}

const conversation = (fields: object = {}) => read(fields).conversation;
const tool = (name: string, more: object = {}) => ({
  type: 'function',
  function: { name, ...more },
});

describe('readChatRequest', () => {
  it('reads a plain request', () => {
    const { native, ...rest } = conversation();

    expect(rest).toEqual({
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      tools: [],
      toolChoice: undefined,
      parallelToolCalls: undefined,
      responseFormat: undefined,
      maxOutputTokens: undefined,
      stop: [],
      sampling: {},
      reasoning: undefined,
      stream: false,
      warnings: [],
    });
    expect(native).toMatchObject({ dialect: 'openai-chat', untranslatable: [] });
  });

  it('reads settings by their own names, and takes null for not given', () => {
    const fields = {
      temperature: 0,
      top_p: 0.5,
      top_k: 40,
      frequency_penalty: 1,
      presence_penalty: null,
      seed: 7,
      logit_bias: { 50: -100 },
      logprobs: true,
      top_logprobs: 3,
      n: 2,
      verbosity: 'low',
      stop: 'END',
      max_tokens: null,
      tools: null,
    };

    expect(conversation(fields)).toMatchObject({
      sampling: {
        temperature: 0,
        topP: 0.5,
        topK: 40,
        frequencyPenalty: 1,
        seed: 7,
        logitBias: { 50: -100 },
        logprobs: true,
        topLogprobs: 3,
        choices: 2,
        verbosity: 'low',
      },
      stop: ['END'],
      tools: [],
      maxOutputTokens: undefined,
    });
  });

  it.each([
    [{ max_tokens: 50 }, 50],
    [{ max_completion_tokens: 60 }, 60],
    [{ max_tokens: 50, max_completion_tokens: 50 }, 50],
  ])('reads the limit of %o', (fields, limit) => {
    expect(conversation(fields).maxOutputTokens).toBe(limit);
  });

  it('reads tools, and how they are to be called', () => {
    const parameters = { type: 'object', properties: { city: { type: 'string' } } };
    const fields = {
      tools: [tool('look', { description: 'Looks', parameters, strict: true }), tool('wait')],
      tool_choice: tool('look'),
      parallel_tool_calls: false,
    };

    expect(conversation(fields)).toMatchObject({
      tools: [
        { name: 'look', description: 'Looks', parameters, strict: true },
        { name: 'wait', description: undefined, parameters: { type: 'object', properties: {} } },
      ],
      toolChoice: { type: 'tool', name: 'look' },
      parallelToolCalls: false,
    });
    expect(conversation({ tool_choice: 'required' }).toolChoice).toEqual({ type: 'required' });
  });

  it.each<[object, object]>([
    [{ type: 'text' }, { type: 'text' }],
    [{ type: 'json_object' }, { type: 'json-object' }],
    [
      { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' }, strict: true } },
      { type: 'json-schema', name: 'a', schema: { type: 'object' }, strict: true },
    ],
    [
      { type: 'json_schema', json_schema: { name: 'a', description: 'An a' } },
      {
        type: 'json-schema',
        name: 'a',
        description: 'An a',
        schema: { type: 'object' },
        strict: false,
      },
    ],
  ])('reads the format %o', (format, expected) => {
    expect(conversation({ response_format: format }).responseFormat).toEqual(expected);
  });

  it.each<[object, object | undefined]>([
    [{}, undefined],
    [{ reasoning_effort: 'low' }, { effort: 'low', visible: false }],
    [{ reasoning: { effort: 'high' } }, { effort: 'high', visible: true }],
    [{ reasoning: { max_tokens: 2000 } }, { budgetTokens: 2000, visible: true }],
    [{ reasoning: { enabled: true, exclude: true } }, { effort: 'medium', visible: false }],
    [{ reasoning: { exclude: true } }, undefined],
    [
      { reasoning_effort: 'low', reasoning: { effort: 'high' } },
      { effort: 'low', visible: true },
    ],
  ])('reads the reasoning of %o', (fields, reasoning) => {
    expect(conversation(fields).reasoning).toEqual(reasoning);
  });

  it.each([
    [{}, false, false],
    [{ stream: true, stream_options: { include_usage: true } }, true, false],
    [{ usage: { include: true } }, true, true],
    [{ stream_options: null, usage: null }, false, false],
  ])('reads from %o whether usage and cost are wanted', (fields, wantsUsage, wantsCost) => {
    expect(read(fields)).toMatchObject({ wantsUsage, wantsCost });
  });

  it('knows which fields no other dialect can say, and warns of those that are nobody’s', () => {
    const { native, warnings } = conversation({
      logit_bias: {},
      top_q: 1,
      routing: {},
      metadata: {},
    });

    expect(native?.untranslatable).toEqual(['logit_bias']);
    expect(warnings).toEqual([
      {
        type: 'unknown-field',
        field: 'top_q',
        message: 'top_q goes only to providers that know it',
      },
    ]);
  });

  it('keeps the body as it came, for a provider of the same dialect', () => {
    const text =
      '{"model":"auto","seed": 9007199254740991,"messages":[{"role":"user","content":"Hi"}]}';

    expect(readChatRequest(jsonBody(text)).conversation.native?.body.text).toBe(text);
  });
});

describe('readChatRequest refuses', () => {
  it.each<[string, object, string, string]>([
    ['no messages', { messages: [] }, 'messages', 'at least one message is needed'],
    [
      'more messages than anybody sends (A11)',
      { messages: Array(4097).fill(HELLO) },
      'messages',
      '<=4096 items',
    ],
    [
      'an unknown role',
      { messages: [{ role: 'robot', content: 'Hi' }] },
      'messages.0.role',
      'Invalid',
    ],
    [
      'an unknown part',
      { messages: [{ role: 'user', content: [{ type: 'video' }] }] },
      'messages.0.content.0.type',
      'Invalid',
    ],
    [
      'a part without its content',
      { messages: [{ role: 'user', content: [{ type: 'text' }] }] },
      'messages.0.content.0.text',
      'expected string',
    ],
    [
      'an image of an inner network (A20)',
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'image_url', image_url: { url: 'https://10.0.0.1/' } }],
          },
        ],
      },
      'messages.0.content.0.image_url.url',
      'inner network',
    ],
    ['a limit below one (A10)', { max_tokens: 0 }, 'max_tokens', '>=1'],
    ['half a token (A10)', { max_tokens: 0.5 }, 'max_tokens', 'expected int'],
    ['a number as text (A10)', { max_tokens: '100' }, 'max_tokens', 'expected number'],
    ['too many answers (A10)', { n: 10_000 }, 'n', '<=8'],
    ['too many tools (A11)', { tools: Array(257).fill(tool('a')) }, 'tools', '<=256 items'],
    [
      'a tool that is named as none may be',
      { tools: [tool('a b')] },
      'tools.0.function.name',
      'a tool is named in',
    ],
    ['a temperature out of bounds', { temperature: 3 }, 'temperature', '<=2'],
    [
      'answers that are no text',
      { modalities: ['text', 'audio'] },
      'modalities.1',
      'only text answers',
    ],
    [
      'two limits that differ',
      { max_tokens: 5, max_completion_tokens: 6 },
      'max_tokens',
      'contradict each other',
    ],
    ['what was replaced by tools', { functions: [] }, 'functions', 'use tools'],
    [
      'what was replaced by tool_choice',
      { function_call: 'auto' },
      'function_call',
      'use tool_choice',
    ],
  ])('%s', async (_, fields, field, words) => {
    const { code, details, message } = await refusalOf(() => read(fields));

    expect([code, details.field]).toEqual(['invalid_request', field]);
    expect(message).toContain(words);
  });
});
