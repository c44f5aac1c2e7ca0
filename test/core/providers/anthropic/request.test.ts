import { describe, expect, it } from 'vitest';
import type { Conversation, Message } from '../../../../src/domain/conversation.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../../../src/domain/json.ts';
import type { ModelCall } from '../../../../src/domain/ports.ts';
import { adapterOf } from '../../../../src/providers/index.ts';
import { aCall, aConversation, aModel } from '../../../support/builders.ts';

const OLDER = aModel('anthropic/claude-sonnet-4-5');
const NEWER = aModel('anthropic/claude-opus-4-6');
const TOOL = { name: 'get_weather', description: 'Weather', parameters: { type: 'object' } };

type Sent = { readonly body: JsonObject; readonly warnings: readonly string[] };

function sent(fields: Partial<Conversation>, more: Partial<ModelCall> = {}): Sent {
  const call = aCall({ model: OLDER, conversation: aConversation(fields), ...more });
  const { body, warnings } = adapterOf('anthropic').toRequest(call);
  const json = parseJson(body);
  if (!isJsonObject(json)) throw new Error('not an object');
  return { body: json, warnings: warnings.map(({ field }) => field) };
}

const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const system = (text: string): Message => ({ role: 'system', content: [{ type: 'text', text }] });
const result = (toolCallId: string, text: string) =>
  ({
    type: 'tool-result',
    toolCallId,
    toolName: 'get_weather',
    content: [{ type: 'text', text }],
    isError: false,
  }) as const;

describe('toRequest of the anthropic wire: messages', () => {
  it('puts instructions above the turns, and says so when they stood among them', () => {
    const messages = [system('Be brief.'), user('Hi'), system('Be kind.')];

    expect(sent({ messages })).toMatchObject({
      body: { system: 'Be brief.\n\nBe kind.', messages: [{ role: 'user' }] },
      warnings: ['messages'],
    });
    expect(sent({ messages: messages.slice(0, 2) }).warnings).toEqual([]);
  });

  it('keeps instructions apart where one of them carries a cache mark', () => {
    const mark = { anthropic: { cache_control: { type: 'ephemeral' } } };
    const content = [
      { type: 'text', text: 'Long.', extras: mark },
      { type: 'text', text: 'Short.' },
    ] as const;

    expect(sent({ messages: [{ role: 'system', content }, user('Hi')] }).body['system']).toEqual([
      { type: 'text', text: 'Long.', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'Short.' },
    ]);
  });

  it('puts all results of one turn into one message, before any text', () => {
    const calls = ['a', 'b'].map(
      (id) => ({ type: 'tool-call', id, name: 'get_weather', arguments: '{}' }) as const,
    );
    const messages: readonly Message[] = [
      user('Weather?'),
      { role: 'assistant', content: calls },
      { role: 'tool', content: [result('a', 'rain')] },
      { role: 'tool', content: [{ ...result('b', 'no'), isError: true }] },
      user('And?'),
    ];

    expect(sent({ messages, tools: [TOOL] }).body['messages']).toMatchObject([
      { role: 'user' },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'a' },
          { type: 'tool_use', id: 'b' },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: 'rain' },
          { type: 'tool_result', tool_use_id: 'b', content: 'no', is_error: true },
          { type: 'text', text: 'And?' },
        ],
      },
    ]);
  });

  it('leaves out what it refuses: empty texts, empty turns', () => {
    const messages: readonly Message[] = [
      user('Hi'),
      { role: 'assistant', content: [{ type: 'text', text: '' }] },
      user('Hello?'),
    ];

    expect(sent({ messages }).body['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'text', text: 'Hello?' },
        ],
      },
    ]);
  });

  it('gives documents as PDF, as text or by their address', () => {
    const base64 = { type: 'base64', mediaType: 'application/pdf', data: 'JVBERg==' } as const;
    const text = { type: 'base64', mediaType: 'text/csv', data: 'YSxi' } as const;
    const url = { type: 'url', url: 'https://example.com/a.pdf' } as const;
    const content = [base64, text, url].map((source) => ({ type: 'file', source }) as const);

    expect(sent({ messages: [{ role: 'user', content }] }).body['messages']).toMatchObject([
      {
        content: [
          { source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERg==' } },
          { source: { type: 'text', media_type: 'text/plain', data: 'a,b' } },
          { source: { type: 'url', url: 'https://example.com/a.pdf' } },
        ],
      },
    ]);
  });

  it('says that it leaves sound and unsigned reasoning out', () => {
    const sound = { type: 'audio', data: 'UklG', format: 'wav' } as const;
    const messages: readonly Message[] = [
      { role: 'user', content: [sound, { type: 'text', text: 'Listen.' }] },
      { role: 'assistant', content: [{ type: 'reasoning', text: 'Hm.' }] },
      user('And?'),
    ];

    expect(sent({ messages }).warnings).toEqual(['messages', 'messages']);
  });
});

describe('toRequest of the anthropic wire: settings', () => {
  it('always names a limit: what the caller wants, or the room that the model has', () => {
    expect(sent({}, { maxOutputTokens: 7 }).body['max_tokens']).toBe(7);
    expect(sent({}, { outputRoomTokens: 900 }).body['max_tokens']).toBe(900);
  });

  it.each([
    [{ type: 'auto' }, { type: 'auto' }],
    [{ type: 'required' }, { type: 'any' }],
    [{ type: 'none' }, { type: 'none' }],
    [
      { type: 'tool', name: 'get_weather' },
      { type: 'tool', name: 'get_weather' },
    ],
  ] as const)('writes the tool choice %o as %o', (toolChoice, said) => {
    expect(sent({ tools: [TOOL], toolChoice }).body['tool_choice']).toEqual(said);
  });

  it('allows one call at a time beside the choice', () => {
    const { body } = sent({ tools: [TOOL], parallelToolCalls: false });

    expect(body['tool_choice']).toEqual({ type: 'auto', disable_parallel_tool_use: true });
  });

  it('asks for a schema without what the API refuses, and says what it left out', () => {
    const schema = {
      type: 'object',
      properties: { age: { type: 'integer', minimum: 0 } },
      required: ['age'],
    };
    const responseFormat = { type: 'json-schema', name: 'x', schema, strict: true } as const;

    expect(sent({ responseFormat })).toEqual({
      body: expect.objectContaining({
        output_config: {
          format: {
            type: 'json_schema',
            schema: {
              type: 'object',
              properties: { age: { type: 'integer' } },
              required: ['age'],
              additionalProperties: false,
            },
          },
        },
      }),
      warnings: ['response_format'],
    });
  });

  it('takes one of temperature and top_p, up to 1', () => {
    expect(sent({ sampling: { temperature: 1.7, topP: 0.5 } })).toMatchObject({
      body: { temperature: 1 },
      warnings: ['temperature', 'top_p'],
    });
    expect(sent({ sampling: { topP: 0.5 } }).body).toMatchObject({ top_p: 0.5 });
  });

  it('leaves out stop sequences of blanks, which are refused', () => {
    expect(sent({ stop: ['END', '\n'] })).toMatchObject({
      body: { stop_sequences: ['END'] },
      warnings: ['stop'],
    });
  });
});

describe('toRequest of the anthropic wire: thinking', () => {
  const asked = { reasoning: { effort: 'medium', visible: true } } as const;

  it('gives older models a budget, and leaves half of the room for the answer', () => {
    expect(sent(asked, { maxOutputTokens: 40_000 }).body['thinking']).toEqual({
      type: 'enabled',
      budget_tokens: 8192,
    });
    expect(sent(asked, { maxOutputTokens: 6000 }).body['thinking']).toMatchObject({
      budget_tokens: 3000,
    });
    expect(sent(asked, { maxOutputTokens: 800 })).toMatchObject({ warnings: ['reasoning'] });
  });

  it('gives newer models an effort', () => {
    expect(sent(asked, { model: NEWER, maxOutputTokens: 4000 }).body).toMatchObject({
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'medium' },
    });
  });

  it('does not think before a forced call, nor with settings that thinking forbids', () => {
    const forced = { ...asked, tools: [TOOL], toolChoice: { type: 'required' } } as const;
    const warm = { ...asked, sampling: { temperature: 0.2 } };

    expect(sent(forced, { maxOutputTokens: 4000 })).toMatchObject({ warnings: ['reasoning'] });
    expect(sent(forced, { maxOutputTokens: 4000 }).body).not.toHaveProperty('thinking');
    expect(sent(warm, { maxOutputTokens: 4000 }).body).not.toHaveProperty('temperature');
  });
});
