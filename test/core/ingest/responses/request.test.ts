import { describe, expect, it } from 'vitest';
import { responses } from '../../../../src/ingest/responses/index.ts';
import { aConversation } from '../../../support/builders.ts';
import { aBody, read } from '../../../support/responses.ts';

const PNG = 'iVBORw0KGgo=';

describe('readRequest', () => {
  it('reads a text as the message of a user', () => {
    expect(read({ input: 'Hello' })).toEqual({
      ...aConversation(),
      native: {
        dialect: 'openai-responses',
        body: aBody({}),
        fields: expect.any(Set),
        untranslatable: [],
        isOnlyForm: false,
      },
    });
  });

  it('puts the instructions before the input', () => {
    expect(read({ instructions: 'Be brief.', input: 'Hello' }).messages).toEqual([
      { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
    ]);
  });

  it.each(['system', 'developer'])('reads a message of the %s as instructions', (role) => {
    const content = [{ type: 'input_text', text: 'Be brief.' }];

    expect(read({ input: [{ role, content }] }).messages).toEqual([
      { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
    ]);
  });

  it('reads text, images and documents of a user', () => {
    const content = [
      { type: 'input_text', text: 'Compare.' },
      { type: 'input_image', image_url: `data:image/png;base64,${PNG}`, detail: 'low' },
      { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'original' },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' },
      { type: 'input_file', file_url: 'https://example.com/b.pdf' },
    ];

    expect(read({ input: [{ type: 'message', role: 'user', content }] }).messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Compare.' },
          {
            type: 'image',
            source: { type: 'base64', mediaType: 'image/png', data: PNG },
            detail: 'low',
          },
          {
            type: 'image',
            source: { type: 'url', url: 'https://example.com/a.png' },
            detail: 'high',
          },
          {
            type: 'file',
            source: { type: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' },
            filename: 'a.pdf',
          },
          { type: 'file', source: { type: 'url', url: 'https://example.com/b.pdf' } },
        ],
      },
    ]);
  });

  it('puts what a model said, thought and called in a row into one message', () => {
    const input = [
      { role: 'user', content: 'What is the weather?' },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Look it up.' }] },
      { role: 'assistant', content: [{ type: 'output_text', text: 'I look.', annotations: [] }] },
      {
        type: 'function_call',
        id: 'fc_1',
        call_id: 'call_1',
        name: 'weather',
        arguments: '{"a":1}',
      },
      { type: 'function_call', call_id: 'call_2', name: 'time', arguments: '' },
      { type: 'function_call_output', call_id: 'call_1', output: 'sunny' },
      {
        type: 'function_call_output',
        call_id: 'call_2',
        output: [
          { type: 'input_text', text: 'noon' },
          { type: 'input_image', image_url: `data:image/png;base64,${PNG}` },
        ],
      },
    ];

    expect(read({ input }).messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'What is the weather?' }] },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Look it up.' },
          { type: 'text', text: 'I look.' },
          { type: 'tool-call', id: 'call_1', name: 'weather', arguments: '{"a":1}' },
          { type: 'tool-call', id: 'call_2', name: 'time', arguments: '{}' },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'call_1',
            toolName: 'weather',
            content: [{ type: 'text', text: 'sunny' }],
            isError: false,
          },
          {
            type: 'tool-result',
            toolCallId: 'call_2',
            toolName: 'time',
            content: [
              { type: 'text', text: 'noon' },
              { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: PNG } },
            ],
            isError: false,
          },
        ],
      },
    ]);
  });

  it('keeps two messages of a model in a row apart', () => {
    const input = [
      { role: 'assistant', content: 'One.' },
      { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
    ];

    expect(read({ input }).messages).toEqual([
      { role: 'assistant', content: [{ type: 'text', text: 'One.' }] },
      { role: 'assistant', content: [{ type: 'refusal', text: 'No.' }] },
    ]);
  });

  it('keeps calls and results of two rounds apart', () => {
    const call = { type: 'function_call', name: 'f', arguments: '{}' };
    const output = { type: 'function_call_output', output: '' };
    const input = [
      { ...call, call_id: 'a' },
      { ...output, call_id: 'a' },
      { ...call, call_id: 'b' },
      { ...output, call_id: 'b' },
    ];

    expect(read({ input }).messages.map(({ role }) => role)).toEqual([
      'assistant',
      'tool',
      'assistant',
      'tool',
    ]);
  });

  it("takes a model's own words of reasoning before their summary", () => {
    const reasoning = {
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'short' }],
      content: [{ type: 'reasoning_text', text: 'long' }],
    };

    expect(read({ input: [reasoning] }).messages).toEqual([
      { role: 'assistant', content: [{ type: 'reasoning', text: 'long' }] },
    ]);
  });

  it('reads the settings', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const conversation = read({
      tools: [
        { type: 'function', name: 'f', description: 'does', parameters: schema, strict: true },
        { type: 'function', name: 'g', description: null, parameters: null, strict: null },
      ],
      tool_choice: { type: 'function', name: 'f' },
      parallel_tool_calls: false,
      text: {
        format: { type: 'json_schema', name: 'answer', schema, strict: true },
        verbosity: 'low',
      },
      reasoning: { effort: 'low', summary: 'auto' },
      max_output_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      stream: true,
      metadata: { a: 'b' },
    });

    expect(conversation).toMatchObject({
      tools: [
        { name: 'f', description: 'does', parameters: schema, strict: true },
        { name: 'g', description: undefined, parameters: { type: 'object', properties: {} } },
      ],
      toolChoice: { type: 'tool', name: 'f' },
      parallelToolCalls: false,
      responseFormat: { type: 'json-schema', name: 'answer', schema, strict: true },
      reasoning: { effort: 'low', visible: true },
      maxOutputTokens: 100,
      sampling: { temperature: 0.5, topP: 0.9, verbosity: 'low' },
      stream: true,
      warnings: [],
    });
    expect(conversation.native).toMatchObject({ untranslatable: [], isOnlyForm: false });
  });

  it.each([
    [{ type: 'text' }, { type: 'text' }],
    [{ type: 'json_object' }, { type: 'json-object' }],
    [
      { type: 'json_schema', name: 'a', description: 'b', schema: { type: 'object' } },
      {
        type: 'json-schema',
        name: 'a',
        description: 'b',
        schema: { type: 'object' },
        strict: false,
      },
    ],
  ])('reads the format %j', (format, expected) => {
    expect(read({ text: { format } }).responseFormat).toEqual(expected);
  });

  it('offers only the tools that a choice allows', () => {
    const tool = { type: 'function', parameters: { type: 'object' } };
    const { tools, toolChoice } = read({
      tools: [
        { ...tool, name: 'a' },
        { ...tool, name: 'b' },
      ],
      tool_choice: {
        type: 'allowed_tools',
        mode: 'required',
        tools: [{ type: 'function', name: 'b' }],
      },
    });

    expect(tools.map(({ name }) => name)).toEqual(['b']);
    expect(toolChoice).toEqual({ type: 'required' });
  });

  it.each([
    [{ user: 'u', safety_identifier: 's' }, 'u'],
    [{ safety_identifier: 's' }, 's'],
    [{}, undefined],
  ])('takes the end user of %j', (fields, user) => {
    expect(responses.readRequest(aBody(fields), new Headers()).user).toBe(user);
  });

  it('takes null for what is not set', () => {
    const nothing = {
      instructions: null,
      tools: null,
      tool_choice: null,
      text: null,
      reasoning: null,
      previous_response_id: null,
      conversation: null,
      prompt: null,
      store: null,
      background: null,
      metadata: null,
      max_output_tokens: null,
    };

    const { native, ...conversation } = read(nothing);

    expect({ ...conversation, native: undefined }).toEqual(aConversation());
  });
});
