import { expect } from 'vitest';
import type { Conversation, Message, Tool } from '../../../src/domain/conversation.ts';
import { readJsonText } from '../../../src/domain/json-text.ts';
import type { ModelCall, WireRequest } from '../../../src/domain/ports.ts';
import { adapterOf } from '../../../src/providers/index.ts';
import { isRefusal, type Prompt } from '../../simulator/prompt.ts';
import { aCall, aConversation } from '../builders.ts';
import { contentOfConversation, lossesBetween } from '../conversation-content.ts';
import { contentOfWire } from '../wire-content.ts';
import type { ContractCase, ContractSubject } from './subject.ts';

const KEY = 'key-of-the-contract';
const PNG = 'iVBORw0KGgo=';
const PHOTO = 'https://pictures.example.com/photo.jpg';

const WEATHER: Tool = {
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const CLOCK: Tool = { name: 'get_time', description: undefined, parameters: { type: 'object' } };

const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });

const WITH_RESULTS: readonly Message[] = [
  user('How is the weather, and what time is it?'),
  {
    role: 'assistant',
    content: [
      { type: 'tool-call', id: 'call_1', name: 'get_weather', arguments: '{"city":"Oslo"}' },
      { type: 'tool-call', id: 'call_2', name: 'get_time', arguments: '{}' },
    ],
  },
  {
    role: 'tool',
    content: [
      {
        type: 'tool-result',
        toolCallId: 'call_1',
        toolName: 'get_weather',
        content: [{ type: 'text', text: '22 degrees' }],
        isError: false,
      },
      {
        type: 'tool-result',
        toolCallId: 'call_2',
        toolName: 'get_time',
        content: [{ type: 'text', text: 'noon' }],
        isError: false,
      },
    ],
  },
];

function requestOf(
  { wire, model }: ContractSubject,
  fields: Partial<Conversation>,
  more: Partial<ModelCall> = {},
): WireRequest {
  const conversation = aConversation(fields);
  return adapterOf(wire).toRequest(aCall({ model, conversation, apiKey: KEY, ...more }));
}

/** What the provider reads. @throws Error when it refuses the request. */
function readBy(subject: ContractSubject, fields: Partial<Conversation>): Prompt {
  const { url, body } = requestOf(subject, fields);
  const prompt = subject.speaker.read(JSON.parse(body), new URL(url));
  if (isRefusal(prompt)) throw new Error(`refused: ${prompt.message}`);
  return prompt;
}

function choiceBy(subject: ContractSubject, toolChoice: Conversation['toolChoice']) {
  return readBy(subject, { tools: [WEATHER, CLOCK], toolChoice }).toolChoice;
}

/** In the order of the list of issue and design: text, media, tools, schema, limits, key. */
export const requestCases: readonly ContractCase[] = [
  [
    'asks the model that was chosen',
    (subject) => {
      expect(readBy(subject, {}).model).toBe(subject.model.upstreamModel);
    },
  ],
  [
    'says every text of system, user and assistant',
    (subject) => {
      const messages: readonly Message[] = [
        { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
        user('Hello'),
        { role: 'assistant', content: [{ type: 'text', text: 'Hi.' }] },
        user('And now?'),
      ];
      const conversation = aConversation({ messages });

      const { body } = requestOf(subject, { messages });

      const losses = lossesBetween(
        contentOfConversation(conversation),
        contentOfWire(subject.wire, body),
      );
      expect(losses).toEqual([]);
    },
  ],
  [
    'gives an image that came inside the request',
    (subject) => {
      const source = { type: 'base64', mediaType: 'image/png', data: PNG } as const;
      const messages: readonly Message[] = [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'See' },
            { type: 'image', source },
          ],
        },
      ];

      expect(readBy(subject, { messages }).attachments).toEqual(['image/png (8 bytes)']);
    },
  ],
  [
    'gives an image by its address',
    (subject) => {
      const source = { type: 'url', url: PHOTO } as const;
      const messages: readonly Message[] = [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'See' },
            { type: 'image', source },
          ],
        },
      ];

      expect(readBy(subject, { messages }).attachments).toEqual([PHOTO]);
    },
  ],
  [
    'offers tools with their schemas',
    (subject) => {
      const { tools } = readBy(subject, { tools: [WEATHER, CLOCK] });

      expect(tools.map(({ name }) => name)).toEqual(['get_weather', 'get_time']);
      expect(tools[0]?.schema).toEqual(WEATHER.parameters);
    },
  ],
  [
    'says which tool may, must or must not be called',
    (subject) => {
      expect(choiceBy(subject, { type: 'auto' })).toBe('auto');
      expect(choiceBy(subject, { type: 'none' })).toBe('none');
      expect(choiceBy(subject, { type: 'required' })).toBe('required');
      expect(choiceBy(subject, { type: 'tool', name: 'get_time' })).toEqual({ name: 'get_time' });
    },
  ],
  [
    'says that only one tool may be called at a time',
    (subject) => {
      const tools = [WEATHER, CLOCK];

      expect(readBy(subject, { tools, parallelToolCalls: false }).allowsParallelCalls).toBe(false);
      expect(readBy(subject, { tools, parallelToolCalls: true }).allowsParallelCalls).toBe(true);
    },
  ],
  [
    'gives the results of parallel calls back, in their order',
    (subject) => {
      const { toolResults } = readBy(subject, { messages: WITH_RESULTS, tools: [WEATHER, CLOCK] });

      expect(toolResults).toHaveLength(2);
      expect(toolResults[0]).toContain('22 degrees');
      expect(toolResults[1]).toContain('noon');
    },
  ],
  [
    'keeps calls and results together when no tool is offered any more',
    (subject) => {
      expect(readBy(subject, { messages: WITH_RESULTS }).toolResults).toHaveLength(2);
    },
  ],
  [
    'asks for an answer by a JSON schema',
    (subject) => {
      const schema = {
        type: 'object',
        properties: { name: { type: 'string' } },
        required: ['name'],
        additionalProperties: false,
      };
      const responseFormat = { type: 'json-schema', name: 'person', schema, strict: true } as const;

      expect(readBy(subject, { responseFormat }).schema).toEqual(schema);
    },
  ],
  [
    'names stop sequences and the limit of the answer',
    (subject) => {
      const { url, body } = requestOf(subject, { stop: ['END'] }, { maxOutputTokens: 77 });
      const prompt = subject.speaker.read(JSON.parse(body), new URL(url));

      expect(prompt).toMatchObject({ stops: ['END'], maxTokens: 77 });
    },
  ],
  [
    'asks for reasoning',
    (subject) => {
      const reasoning = { effort: 'high', visible: true } as const;

      expect(readBy(subject, { reasoning, maxOutputTokens: 4096 }).wantsReasoning).toBe(true);
      expect(readBy(subject, {}).wantsReasoning).toBe(false);
    },
  ],
  [
    'asks for a stream and for usage in it',
    (subject) => {
      expect(readBy(subject, { stream: true })).toMatchObject({
        isStream: true,
        wantsStreamUsage: true,
      });
      expect(readBy(subject, { stream: false }).isStream).toBe(false);
    },
  ],
  [
    'leaves out a setting that the model does not honor',
    (subject) => {
      const fields = { sampling: { temperature: 0.1234 } };
      const { body } = requestOf(subject, fields, { unhonored: new Set(['temperature']) });

      expect(requestOf(subject, fields).body).toContain('0.1234');
      expect(body).not.toContain('0.1234');
    },
  ],
  [
    'takes nothing over from the body of another dialect',
    (subject) => {
      const body = readJsonText('{"model":"theirs","own_words":"of another dialect"}');
      if (!('members' in body)) throw new Error(body.message);
      const dialect =
        adapterOf(subject.wire).dialect === 'openai-chat' ? 'anthropic-messages' : 'openai-chat';
      const native = { dialect, body, fields: new Set(['own_words']), untranslatable: [] } as const;

      expect(requestOf(subject, { native }).body).not.toContain('of another dialect');
    },
  ],
  [
    'A48 shows the key in a header of the provider, never in the address or the body',
    (subject) => {
      for (const stream of [false, true]) {
        const { url, headers, body } = requestOf(subject, { stream });

        const credential = subject.speaker.credentialOf(new Headers(headers), new URL(url));
        expect(credential).toBe(KEY);
        expect(url).not.toContain(KEY);
        expect(body).not.toContain(KEY);
      }
    },
  ],
  [
    'A16 sends no header but those of its list',
    (subject) => {
      const { headers } = requestOf(subject, { stream: true, tools: [WEATHER] });
      const names = Object.keys(headers).map((name) => name.toLowerCase());

      expect(names.filter((name) => !subject.headers.includes(name))).toEqual([]);
    },
  ],
];
