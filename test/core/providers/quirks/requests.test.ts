import { describe, expect, it } from 'vitest';
import type { Conversation, Message } from '../../../../src/domain/conversation.ts';
import { type JsonObject, parseJson } from '../../../../src/domain/json.ts';
import { readJsonText } from '../../../../src/domain/json-text.ts';
import { readChatRequest } from '../../../../src/ingest/chat-completions/request.ts';
import { adapterOf } from '../../../../src/providers/index.ts';
import { shortToolId } from '../../../../src/providers/tool-ids.ts';
import { aCall, aConversation, aModel } from '../../../support/builders.ts';

/** The body that a provider gets. */
function sentTo(model: string, fields: Partial<Conversation>): JsonObject {
  const conversation = aConversation(fields);
  const call = aCall({ model: aModel(model), conversation });
  const { body } = adapterOf(call.model.wire).toRequest(call);
  return parseJson(body) as JsonObject; // the adapter writes objects
}

/** The same for a body that a caller of the dialect sent. */
function forwardedTo(model: string, body: object) {
  const text = readJsonText(JSON.stringify(body));
  if (!('members' in text)) throw new Error(text.message);
  const { conversation } = readChatRequest(text);
  const call = aCall({ model: aModel(model), conversation });
  const request = adapterOf('openai').toRequest(call);
  return { ...request, body: parseJson(request.body) as JsonObject }; // likewise
}

const SAID: readonly Message[] = [
  { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
  {
    role: 'assistant',
    content: [
      { type: 'tool-call', id: 'toolu_01ABC', name: 'get_weather', arguments: '{"city":"Oslo"}' },
    ],
  },
  {
    role: 'tool',
    content: [
      {
        type: 'tool-result',
        toolCallId: 'toolu_01ABC',
        toolName: 'get_weather',
        content: [{ type: 'text', text: 'rain' }],
        isError: false,
      },
    ],
  },
];
const TOOLS = [{ name: 'get_weather', description: undefined, parameters: { type: 'object' } }];

describe('5 Gemini: results are linked by name, and by id where calls have one', () => {
  it('sends the name of the tool that the id belongs to', () => {
    expect(sentTo('google/gemini-2.5-flash', { messages: SAID })['contents']).toMatchObject([
      { role: 'user' },
      { role: 'model', parts: [{ functionCall: { name: 'get_weather', args: { city: 'Oslo' } } }] },
      {
        role: 'user',
        parts: [{ functionResponse: { name: 'get_weather', response: { result: 'rain' } } }],
      },
    ]);
  });

  it('sends the id to the third generation', () => {
    expect(sentTo('google/gemini-3-pro', { messages: SAID })['contents']).toMatchObject([
      {},
      { parts: [{ functionCall: { id: 'toolu_01ABC', name: 'get_weather' } }] },
      { parts: [{ functionResponse: { id: 'toolu_01ABC', name: 'get_weather' } }] },
    ]);
  });

  it.each([
    ['{"sky":"grey"}', { sky: 'grey' }],
    ['rain', { result: 'rain' }],
    ['[1,2]', { result: '[1,2]' }],
  ])('sends a result of %s as an object', (text, response) => {
    const messages = SAID.map((message): Message => {
      if (message.role !== 'tool') return message;
      const content = [{ type: 'text', text } as const];
      return { role: 'tool', content: message.content.map((result) => ({ ...result, content })) };
    });

    expect(sentTo('google/gemini-2.5-flash', { messages })['contents']).toMatchObject([
      {},
      {},
      { parts: [{ functionResponse: { response } }] },
    ]);
  });
});

describe('19 tool call ids have no common shape', () => {
  it('Mistral gets nine letters and digits, the same for a call and its result', () => {
    const id = shortToolId('toolu_01ABC');

    expect(id).toMatch(NINE);
    expect(sentTo('mistral/mistral-large', { messages: SAID })['messages']).toMatchObject([
      {},
      { tool_calls: [{ id }] },
      { tool_call_id: id },
    ]);
  });

  it('an id of nine letters and digits stays as it is, and others differ', () => {
    const ids = Array.from({ length: 2000 }, (_, at) => shortToolId(`call_${at}`));

    expect(shortToolId('abcDEF123')).toBe('abcDEF123');
    expect(new Set(ids).size).toBe(2000);
  });

  it('Anthropic gets no character that it refuses', () => {
    const messages = JSON.parse(JSON.stringify(SAID).replaceAll('toolu_01ABC', 'fn:get.weather/0'));

    expect(sentTo('anthropic/claude-sonnet-4-5', { messages })['messages']).toMatchObject([
      {},
      { content: [{ type: 'tool_use', id: 'fn_get_weather_0' }] },
      { content: [{ type: 'tool_result', tool_use_id: 'fn_get_weather_0' }] },
    ]);
  });
});

const NINE = /^[a-zA-Z0-9]{9}$/;

describe('vendors of the openai wire, by their documentation', () => {
  it.each([
    ['openai', 'max_completion_tokens'],
    ['groq', 'max_completion_tokens'],
    ['mistral', 'max_tokens'],
    ['deepseek', 'max_tokens'],
    ['openrouter', 'max_tokens'],
  ])('%s takes the output limit as %s, from a caller who wrote the other', (vendor, field) => {
    const messages = [{ role: 'user', content: 'x' }];

    expect(sentTo(`${vendor}/m`, { maxOutputTokens: 9 })[field]).toBe(9);
    for (const written of ['max_tokens', 'max_completion_tokens']) {
      const { body } = forwardedTo(`${vendor}/m`, { messages, [written]: 9 });
      expect(Object.keys(body).filter((name) => name.startsWith('max_'))).toEqual([field]);
    }
  });

  it('Mistral: its own words for seed and a required tool, and nothing that it refuses', () => {
    const body = sentTo('mistral/m', {
      tools: TOOLS,
      toolChoice: { type: 'required' },
      sampling: { seed: 7 },
      stream: true,
    });

    expect(body).toMatchObject({ random_seed: 7, tool_choice: 'any', stream: true });
    expect(body).not.toHaveProperty('seed');
    expect(body).not.toHaveProperty('stream_options');
  });

  it('Mistral: messages have only fields of its closed schema', () => {
    const assistant = {
      role: 'assistant',
      content: 'Hi',
      refusal: null,
      annotations: [],
      audio: null,
    };
    const messages = [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'Hello', name: 'me' },
      { ...assistant, reasoning_content: 'Hm.' },
    ];

    expect(forwardedTo('mistral/m', { messages }).body['messages']).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
          { type: 'text', text: 'Hi' },
        ],
      },
    ]);
  });

  it('Mistral: documents have a part of their own', () => {
    const file = { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' };
    const messages = [{ role: 'user', content: [{ type: 'file', file }] }];

    expect(forwardedTo('mistral/m', { messages }).body['messages']).toEqual([
      { role: 'user', content: [{ type: 'document_url', document_url: file.file_data }] },
    ]);
  });

  it('Groq: reasoning of earlier turns is refused, and its loss is said', () => {
    const messages = [{ role: 'assistant', content: 'Hi', reasoning_content: 'Hm.' }];
    const { body, warnings } = forwardedTo('groq/m', { messages });

    expect(body['messages']).toEqual([{ role: 'assistant', content: 'Hi' }]);
    expect(warnings).toMatchObject([{ type: 'unsupported', field: 'messages' }]);
  });

  it('DeepSeek: reasoning is given back, and an empty one where a tool call has none', () => {
    const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } };
    const messages = [
      { role: 'assistant', content: 'Hi', reasoning_content: 'Hm.' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'a', content: 'x' },
    ];

    const { body } = forwardedTo('deepseek/deepseek-v4', { messages });
    expect(body['messages']).toMatchObject([
      { reasoning_content: 'Hm.' },
      { reasoning_content: '', tool_calls: [call] },
      {},
    ]);
  });

  it.each([
    ['openai', 'high', { reasoning_effort: 'high' }],
    ['openrouter', 'high', { reasoning: { effort: 'high' } }],
    ['deepseek', 'high', { thinking: { type: 'enabled' }, reasoning_effort: 'high' }],
    ['deepseek', 'none', { thinking: { type: 'disabled' } }],
    ['zai', 'high', { thinking: { type: 'enabled' } }],
  ] as const)('%s is told to reason with effort %s in its own words', (vendor, effort, said) => {
    expect(sentTo(`${vendor}/m`, { reasoning: { effort } })).toMatchObject(said);
  });

  it("OpenAI gets an effort from a caller who wrote OpenRouter's object", () => {
    const messages = [{ role: 'user', content: 'x' }];
    const { body } = forwardedTo('openai/gpt-5', { messages, reasoning: { effort: 'low' } });

    expect(body).toMatchObject({ reasoning_effort: 'low' });
    expect(body).not.toHaveProperty('reasoning');
  });

  it('Cohere: a named tool is the only one offered, and a call is required', () => {
    const other = { ...TOOLS[0], name: 'get_time', description: undefined, parameters: {} };
    const toolChoice = { type: 'tool', name: 'get_weather' } as const;

    expect(sentTo('cohere/command-a', { tools: [...TOOLS, other], toolChoice })).toMatchObject({
      tools: [{ function: { name: 'get_weather' } }],
      tool_choice: 'required',
    });
  });

  it('Azure: the key stands in a header of its own', () => {
    const call = aCall({ model: aModel('azure/gpt-4o') });

    expect(adapterOf('openai').toRequest(call).headers).toMatchObject({ 'api-key': 'test-key' });
  });
});
