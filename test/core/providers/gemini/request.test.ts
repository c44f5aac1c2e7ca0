import { describe, expect, it } from 'vitest';
import type { Conversation, Message, UserPart } from '../../../../src/domain/conversation.ts';
import { parseJson } from '../../../../src/domain/json.ts';
import type { ModelCall } from '../../../../src/domain/ports.ts';
import { adapterOf } from '../../../../src/providers/index.ts';
import { aCall, aConversation, aModel } from '../../../support/builders.ts';

const SECOND = aModel('google/gemini-2.5-flash');
const THIRD = aModel('google/gemini-3-pro');

function sent(fields: Partial<Conversation>, more: Partial<ModelCall> = {}) {
  const call = aCall({ model: SECOND, conversation: aConversation(fields), ...more });
  const { url, body, warnings } = adapterOf('gemini').toRequest(call);
  return { url, body: parseJson(body), warnings: warnings.map(({ field }) => field) };
}

const user = (...content: UserPart[]): Message => ({ role: 'user', content });
const text = (said: string) => ({ type: 'text', text: said }) as const;

describe('toRequest of the gemini wire', () => {
  it('asks for a stream as events: without alt=sse it would be one JSON list', () => {
    expect(sent({ stream: true }).url).toBe(
      'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    );
    expect(sent({}).url).toContain('/models/gemini-2.5-flash:generateContent');
  });

  it('knows the roles user and model only, and joins turns of one role', () => {
    const messages: readonly Message[] = [
      { role: 'system', content: [text('Be brief.')] },
      user(text('Hi')),
      user(text('Hello?')),
      { role: 'assistant', content: [text('Yes.')] },
      user(text('Good.')),
    ];

    expect(sent({ messages }).body).toEqual({
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Hi' }, { text: 'Hello?' }] },
        { role: 'model', parts: [{ text: 'Yes.' }] },
        { role: 'user', parts: [{ text: 'Good.' }] },
      ],
    });
  });

  it('says that it moved instructions from among the turns', () => {
    const messages: readonly Message[] = [
      user(text('Hi')),
      { role: 'system', content: [text('Be kind.')] },
    ];

    expect(sent({ messages })).toMatchObject({
      body: { systemInstruction: { parts: [{ text: 'Be kind.' }] } },
      warnings: ['messages'],
    });
  });

  it.each([
    ['https://example.com/a.png?size=2', 'image/png'],
    ['https://example.com/photo', 'image/jpeg'],
    ['https://example.com/a.webp#top', 'image/webp'],
  ])('names the media type of an image at %s: %s', (url, mimeType) => {
    const messages = [user({ type: 'image', source: { type: 'url', url } })];

    expect(sent({ messages }).body).toMatchObject({
      contents: [{ parts: [{ fileData: { mimeType, fileUri: url } }] }],
    });
  });

  it('gives sound and documents inside the request', () => {
    const source = { type: 'base64', mediaType: 'application/pdf', data: 'JVBERg==' } as const;
    const messages = [
      user({ type: 'audio', data: 'UklG', format: 'wav' }, { type: 'file', source }),
    ];

    expect(sent({ messages }).body).toMatchObject({
      contents: [
        {
          parts: [
            { inlineData: { mimeType: 'audio/wav', data: 'UklG' } },
            { inlineData: { mimeType: 'application/pdf', data: 'JVBERg==' } },
          ],
        },
      ],
    });
  });

  it('keeps media of a result inside it from the third generation on, before that beside it', () => {
    const source = { type: 'base64', mediaType: 'image/png', data: 'iVBO' } as const;
    const messages: readonly Message[] = [
      {
        role: 'assistant',
        content: [{ type: 'tool-call', id: 'a', name: 'shoot', arguments: '{}' }],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'a',
            toolName: 'shoot',
            content: [{ type: 'image', source }],
            isError: false,
          },
        ],
      },
    ];
    const media = { inlineData: { mimeType: 'image/png', data: 'iVBO' } };

    expect(sent({ messages })).toMatchObject({
      body: { contents: [{}, { parts: [{ functionResponse: { name: 'shoot' } }, media] }] },
      warnings: ['messages'],
    });
    expect(sent({ messages }, { model: THIRD })).toMatchObject({
      body: {
        contents: [{}, { parts: [{ functionResponse: { name: 'shoot', parts: [media] } }] }],
      },
      warnings: [],
    });
  });

  it('says an error of a tool in the field for errors', () => {
    const messages: readonly Message[] = [
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'a',
            toolName: 'shoot',
            content: [text('no film')],
            isError: true,
          },
        ],
      },
    ];

    expect(sent({ messages }).body).toMatchObject({
      contents: [{ parts: [{ functionResponse: { response: { error: 'no film' } } }] }],
    });
  });

  it('takes five stop sequences, and says what it left out', () => {
    expect(sent({ stop: ['a', 'b', 'c', 'd', 'e', 'f'] })).toMatchObject({
      body: { generationConfig: { stopSequences: ['a', 'b', 'c', 'd', 'e'] } },
      warnings: ['stop'],
    });
  });

  it('gives a budget before the third generation, and a level from there on', () => {
    const reasoning = { effort: 'medium', visible: true } as const;

    expect(sent({ reasoning }).body).toMatchObject({
      generationConfig: { thinkingConfig: { thinkingBudget: 8192, includeThoughts: true } },
    });
    expect(sent({ reasoning }, { model: THIRD }).body).toMatchObject({
      generationConfig: { thinkingConfig: { thinkingLevel: 'medium', includeThoughts: true } },
    });
  });
});
