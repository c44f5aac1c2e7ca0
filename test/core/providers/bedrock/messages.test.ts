import { describe, expect, it } from 'vitest';
import type { Conversation, Message } from '../../../../src/domain/conversation.ts';
import {
  type Body,
  CALLED,
  CLAUDE,
  NOVA,
  OTHER,
  send,
  TOOL,
} from '../../../support/bedrock-request.ts';

// What no recording shows is by AWS's API reference and by Anthropic's and Amazon's documentation.
describe('toWireMessages', () => {
  it('joins turns of one role and puts results before text', () => {
    const messages: Message[] = [
      { role: 'system', content: [{ type: 'text', text: 'Be brief' }] },
      ...CALLED,
      { role: 'user', content: [{ type: 'text', text: 'And now?' }] },
    ];

    const { body } = send(NOVA, { messages, tools: [TOOL] });

    expect(body.system).toEqual([{ text: 'Be brief' }]);
    expect(body.messages).toEqual([
      { role: 'user', content: [{ text: 'Look it up' }] },
      {
        role: 'assistant',
        content: [{ toolUse: { toolUseId: 'call_1', name: 'look_up', input: { a: 1 } } }],
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: 'call_1', content: [{ text: 'found' }] } },
          { text: 'And now?' },
        ],
      },
    ]);
  });

  it('says that instructions inside the conversation were moved', () => {
    const late: Message = { role: 'system', content: [{ type: 'text', text: 'Be brief' }] };

    const { body, warnings } = send(NOVA, { messages: [...CALLED, late], tools: [TOOL] });

    expect(body.system).toEqual([{ text: 'Be brief' }]);
    expect(warnings).toEqual([
      'messages: instructions inside the conversation were moved above it',
    ]);
  });

  it('leaves out empty text, and messages that have nothing else', () => {
    const messages: Message[] = [
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      { role: 'assistant', content: [{ type: 'text', text: '' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: '' },
          { type: 'text', text: 'there' },
        ],
      },
    ];

    expect(send(NOVA, { messages }).body.messages).toEqual([
      { role: 'user', content: [{ text: 'Hi' }, { text: 'there' }] },
    ]);
  });

  it('marks failed results, and takes images and documents inside them', () => {
    const content = [
      { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'aW1n' } },
      { type: 'file', source: { type: 'base64', mediaType: 'text/csv', data: 'Y3N2' } },
    ] as const;
    const result = { toolCallId: 'call_1', toolName: 'look_up', content, isError: true };
    const messages: Message[] = [
      ...CALLED.slice(0, 2),
      { role: 'tool', content: [{ type: 'tool-result', ...result }] },
    ];

    expect(send(CLAUDE, { messages, tools: [TOOL] }).body.messages[2].content).toEqual([
      {
        toolResult: {
          toolUseId: 'call_1',
          content: [
            { image: { format: 'png', source: { bytes: 'aW1n' } } },
            { document: { format: 'csv', name: 'document', source: { bytes: 'Y3N2' } } },
          ],
          status: 'error',
        },
      },
    ]);
  });

  it('gives foreign tool call ids a form that the API takes, the same for call and result', () => {
    const id = `resp:${'x'.repeat(80)}`;
    const messages = CALLED.map((message): Message => {
      if (message.role === 'tool') {
        return {
          ...message,
          content: message.content.map((part) => ({ ...part, toolCallId: id })),
        };
      }
      if (message.role !== 'assistant') return message;
      return { ...message, content: message.content.map((part) => ({ ...part, id })) };
    });

    const { body } = send(NOVA, { messages, tools: [TOOL] });

    const { toolUseId } = body.messages[1].content[0].toolUse;
    expect(toolUseId).toBe('x'.repeat(64));
    expect(body.messages[2].content[0].toolResult.toolUseId).toBe(toolUseId);
  });
});

describe('toWireMessages, on media', () => {
  const base64 = (mediaType: string) => ({ type: 'base64', mediaType, data: 'ZGF0YQ==' }) as const;

  it('sends images and audio by their format', () => {
    const content = [
      { type: 'text', text: 'See' },
      { type: 'image', source: base64('image/webp') },
      { type: 'audio', data: 'c291bmQ=', format: 'mp3' },
    ] as const;

    expect(send(NOVA, { messages: [{ role: 'user', content }] }).body.messages[0].content).toEqual([
      { text: 'See' },
      { image: { format: 'webp', source: { bytes: 'ZGF0YQ==' } } },
      { audio: { format: 'mp3', source: { bytes: 'c291bmQ=' } } },
    ]);
  });

  it('gives documents names that the API takes, each its own, and text beside them', () => {
    const file = (filename: string | undefined) => ({
      type: 'file' as const,
      source: base64('application/pdf; charset=binary'),
      ...(filename !== undefined && { filename }),
    });
    const content = [file('Q3_report.final.pdf'), file('Q3_report.final.pdf'), file(undefined)];

    const { body, warnings } = send(NOVA, { messages: [{ role: 'user', content }] });

    expect(
      body.messages[0].content.map((block: Body) => block.document?.name ?? block.text),
    ).toEqual(['Read the document.', 'Q3-report-final', 'Q3-report-final (2)', 'document']);
    expect(warnings).toHaveLength(1);
  });

  it('keeps the results of tools before the text that a document needs', () => {
    const file = { type: 'file', source: base64('text/markdown') } as const;

    const { body } = send(CLAUDE, {
      messages: [...CALLED, { role: 'user', content: [file] }],
      tools: [TOOL],
    });

    expect(body.messages[2].content.map((block: Body) => Object.keys(block)[0])).toEqual([
      'toolResult',
      'text',
      'document',
    ]);
  });

  it.each([
    [
      'an image given by its address',
      { type: 'image', source: { type: 'url', url: 'https://a.test/b.png' } },
    ],
    [
      'a document given by its address',
      { type: 'file', source: { type: 'url', url: 'https://a.test/b.pdf' } },
    ],
    ['an image of type image/tiff', { type: 'image', source: base64('image/tiff') }],
    ['a document of type application/zip', { type: 'file', source: base64('application/zip') }],
  ] as const)('leaves out %s and says so', (what, part) => {
    const { body, warnings } = send(NOVA, {
      messages: [{ role: 'user', content: [{ type: 'text', text: 'See' }, part] }],
    });

    expect(body.messages[0].content).toEqual([{ text: 'See' }]);
    expect(warnings).toEqual([`messages: ${what} was left out`]);
  });
});

describe('toWireMessages, on cache marks', () => {
  const extras = { anthropic: { cache_control: { type: 'ephemeral', ttl: '1h' } } };
  const POINT = { cachePoint: { type: 'default', ttl: '1h' } };
  const conversation: Partial<Conversation> = {
    messages: [
      { role: 'system', content: [{ type: 'text', text: 'Long', extras }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi', extras },
          { type: 'text', text: 'you' },
        ],
      },
    ],
    tools: [{ ...TOOL, extras }],
  };

  it('puts a mark of the Messages dialect behind what it closes', () => {
    const { body } = send(CLAUDE, conversation);

    expect(body.system).toEqual([{ text: 'Long' }, POINT]);
    expect(body.messages[0].content).toEqual([{ text: 'Hi' }, POINT, { text: 'you' }]);
    expect(body.toolConfig.tools[1]).toEqual(POINT);
  });

  it('puts none where the model would refuse it', () => {
    expect(send(NOVA, conversation).body.toolConfig.tools).toHaveLength(1);
    expect(send(NOVA, conversation).body.system).toEqual([{ text: 'Long' }, POINT]);
    expect(JSON.stringify(send(OTHER, conversation).body)).not.toContain('cachePoint');
  });
});
