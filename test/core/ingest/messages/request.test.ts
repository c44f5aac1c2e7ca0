import { describe, expect, it } from 'vitest';
import { readCountedRequest } from '../../../../src/ingest/messages/request.ts';
import { aMessagesBody, jsonText, readMessages } from '../../../support/messages-bodies.ts';

const WEATHER = { name: 'get_weather', input_schema: { type: 'object', properties: {} } };

function conversationOf(fields: Readonly<Record<string, unknown>>) {
  return readMessages(fields).conversation;
}

describe('readMessagesRequest', () => {
  it('reads the smallest body', () => {
    const { conversation, wantsUsage, wantsCost, user } = readMessages();

    const { native, ...rest } = conversation;
    expect(rest).toEqual({
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      tools: [],
      toolChoice: undefined,
      parallelToolCalls: undefined,
      responseFormat: undefined,
      maxOutputTokens: 100,
      stop: [],
      sampling: {},
      reasoning: undefined,
      stream: false,
      isPrefilled: false,
      warnings: [],
    });
    expect(native).toMatchObject({ dialect: 'anthropic-messages', isOnlyForm: false, betas: [] });
    expect({ wantsUsage, wantsCost, user }).toEqual({
      wantsUsage: true,
      wantsCost: false,
      user: undefined,
    });
  });

  it.each([
    ['no max_tokens', { max_tokens: undefined }, 'max_tokens', 'required: how many tokens'],
    ['max_tokens below one', { max_tokens: 0 }, 'max_tokens', 'max_tokens'],
    ['no messages', { messages: [] }, 'messages', 'at least one message'],
    [
      'a text block without text',
      { messages: [{ role: 'user', content: [{ type: 'text' }] }] },
      'messages.0.content.0.text',
      'expected string',
    ],
    [
      'a tool call whose input is no object',
      {
        messages: [
          { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'b', input: 'c' }] },
        ],
      },
      'messages.0.content.0.input',
      'expected an object',
    ],
    [
      'an image of an inner network',
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'image', source: { type: 'url', url: 'https://10.0.0.1/a.png' } }],
          },
        ],
      },
      'messages.0.content.0.source.url',
      'inner network',
    ],
    [
      'an effort that does not exist',
      { output_config: { effort: 'extreme' } },
      'output_config.effort',
      '"low"|"medium"',
    ],
    ['a temperature above one', { temperature: 1.5 }, 'temperature', '<=1'],
    ['servers for the provider to call', { mcp_servers: [] }, 'mcp_servers', 'not taken'],
  ])('refuses %s with a 400 that names the field', (_, fields, field, message) => {
    const read = () => readMessages(fields);

    expect(read).toThrow(message);
    expect(read).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        details: expect.objectContaining({ field }),
      }),
    );
  });

  it.each([
    [{ type: 'auto' }, { toolChoice: { type: 'auto' }, parallelToolCalls: undefined }],
    [{ type: 'any' }, { toolChoice: { type: 'required' }, parallelToolCalls: undefined }],
    [{ type: 'none' }, { toolChoice: { type: 'none' }, parallelToolCalls: undefined }],
    [
      { type: 'tool', name: 'get_weather', disable_parallel_tool_use: true },
      { toolChoice: { type: 'tool', name: 'get_weather' }, parallelToolCalls: false },
    ],
    [
      { type: 'auto', disable_parallel_tool_use: false },
      { toolChoice: { type: 'auto' }, parallelToolCalls: undefined },
    ],
  ])('reads the tool choice %j', (choice, expected) => {
    expect(conversationOf({ tools: [WEATHER], tool_choice: choice })).toMatchObject(expected);
  });

  it('keeps of a tool what only Anthropic reads for Anthropic', () => {
    const schema = { type: 'object', properties: {}, additionalProperties: false };
    const cached = { cache_control: { type: 'x' } };
    const tool = { ...WEATHER, input_schema: schema, description: 'now', strict: true, ...cached };

    expect(conversationOf({ tools: [tool] }).tools).toEqual([
      {
        name: 'get_weather',
        description: 'now',
        parameters: schema,
        strict: true,
        extras: { anthropic: cached },
      },
    ]);
  });

  it.each([
    [{ thinking: { type: 'enabled', budget_tokens: 2048 } }, { budgetTokens: 2048, visible: true }],
    [
      { thinking: { type: 'enabled', budget_tokens: 2048, display: 'omitted' } },
      { budgetTokens: 2048, visible: false },
    ],
    [{ thinking: { type: 'adaptive' } }, { effort: 'high', visible: true }],
    [
      { thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'low' } },
      { effort: 'low', visible: false },
    ],
    [{ thinking: { type: 'disabled' } }, { effort: 'none' }],
    [{ output_config: { effort: 'max' } }, { effort: 'max' }],
    [{}, undefined],
  ])('reads the reasoning of %j', (fields, expected) => {
    expect(conversationOf(fields).reasoning).toEqual(expected);
  });

  it.each(['output_config', 'output_format'])('reads the schema of the answer in %s', (field) => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    };
    const format = { type: 'json_schema', schema };

    const fields = field === 'output_format' ? { [field]: format } : { [field]: { format } };

    const expected = { type: 'json-schema', name: 'answer', schema, strict: true };
    expect(conversationOf(fields).responseFormat).toEqual(expected);
  });

  it('asks other dialects for no strictness that they refuse, and says that it is lost', () => {
    const open = { type: 'object', properties: { city: { type: 'string' } } };
    const { responseFormat, tools, native } = conversationOf({
      output_config: { format: { type: 'json_schema', schema: open } },
      tools: [{ ...WEATHER, strict: true }],
    });

    expect(responseFormat).toMatchObject({ strict: false });
    expect(tools).toMatchObject([{ strict: false }]);
    expect(native?.untranslatable).toEqual([
      'the strictness of tools',
      'the strictness of output_config.format',
    ]);
  });

  it('reads sampling, stop sequences, the stream and who is asking', () => {
    const read = readMessages({
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      stop_sequences: ['END'],
      stream: true,
      metadata: { user_id: 'u-1' },
      usage: { include: true },
    });

    expect(read.conversation).toMatchObject({
      sampling: { temperature: 0.5, topP: 0.9, topK: 40 },
      stop: ['END'],
      stream: true,
    });
    expect(read).toMatchObject({ user: 'u-1', wantsCost: true });
  });

  it.each([
    ['text at the end of the assistant', [{ role: 'assistant', content: 'It is' }], true],
    [
      'a text block there',
      [{ role: 'assistant', content: [{ type: 'text', text: 'It is' }] }],
      true,
    ],
    [
      "a server tool's call to be taken up again",
      [
        {
          role: 'assistant',
          content: [{ type: 'server_tool_use', id: 's', name: 'w', input: {} }],
        },
      ],
      false,
    ],
    ['a user at the end', [], false],
  ])('takes %s for an answer begun: %o', (_, messages, expected) => {
    const all = [{ role: 'user', content: 'Hello' }, ...messages];
    expect(conversationOf({ messages: all }).isPrefilled).toBe(expected);
  });

  it.each([
    ["Anthropic's own tool", { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    ['a toolset of a server', { tools: [{ type: 'mcp_toolset', mcp_server_name: 'x' }] }],
    [
      'an uploaded file',
      {
        messages: [{ role: 'user', content: [{ type: 'container_upload', file_id: 'file_1' }] }],
      },
    ],
    [
      'an image by its file id',
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'image', source: { type: 'file', file_id: 'file_1' } }],
          },
        ],
      },
    ],
    ['a place where inference must run', { inference_geo: 'us' }],
  ])('asks for a provider of the dialect alone because of %s', (_, fields) => {
    expect(conversationOf(fields).native?.isOnlyForm).toBe(true);
  });

  it('names what a translation loses', () => {
    const { native } = conversationOf({
      service_tier: 'auto',
      context_management: { edits: [] },
      messages: [
        { role: 'user', content: 'Who?' },
        { role: 'assistant', content: [{ type: 'web_search_tool_result', content: [] }] },
        {
          role: 'user',
          content: [
            {
              type: 'document',
              source: { type: 'text', media_type: 'text/plain', data: 'facts' },
              citations: { enabled: true },
            },
          ],
        },
      ],
    });

    expect(native?.untranslatable).toEqual([
      'context_management',
      'service_tier',
      'web_search_tool_result',
      'citations',
    ]);
  });

  it('warns of a field that nobody knows, and of none that is ours', () => {
    const ours = { routing: {}, models: ['a/b'], provider: {}, session_id: 's' };
    const { warnings } = conversationOf({ ...ours, fallbacks: [] });

    expect(warnings).toEqual([
      {
        type: 'unknown-field',
        field: 'fallbacks',
        message: 'fallbacks is not known and was left out',
      },
    ]);
  });

  it('passes on the previews that change shapes alone, and says which it does not', () => {
    const asked = 'interleaved-thinking-2025-05-14, files-api-2025-04-14,tools-2024-05-16';
    const { native, warnings } = readMessages({}, { 'anthropic-beta': asked }).conversation;

    expect(native?.betas).toEqual(['interleaved-thinking-2025-05-14', 'tools-2024-05-16']);
    expect(warnings.map(({ message }) => message)).toEqual([
      'the preview files-api-2025-04-14 was not passed on',
    ]);
  });
});

describe('readCountedRequest', () => {
  it('needs no limit for an answer that is not asked for', () => {
    const body = jsonText(aMessagesBody({ max_tokens: undefined }));

    const { conversation } = readCountedRequest(body, new Headers());

    expect(conversation.maxOutputTokens).toBeUndefined();
  });
});
