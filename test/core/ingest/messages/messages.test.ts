import { describe, expect, it } from 'vitest';
import { seal } from '../../../../src/ingest/carrier.ts';
import { readMessages } from '../../../support/messages-bodies.ts';

const PNG = { type: 'base64', media_type: 'image/png', data: 'iVBORw0K' };
const CACHE = { cache_control: { type: 'ephemeral' } };
const MARKED = { anthropic: CACHE };

function messagesOf(messages: readonly unknown[], fields: Readonly<Record<string, unknown>> = {}) {
  return readMessages({ messages, ...fields }).conversation.messages;
}

function userParts(...content: readonly unknown[]) {
  return messagesOf([{ role: 'user', content }])[0]?.content;
}

function assistantParts(...content: readonly unknown[]) {
  return messagesOf([{ role: 'assistant', content }])[0]?.content;
}

describe('toMessages', () => {
  it.each([
    ['a string', 'Be brief.', [{ type: 'text', text: 'Be brief.' }]],
    [
      'blocks, with their marks',
      [
        { type: 'text', text: 'Be' },
        { type: 'text', text: 'brief.', ...CACHE },
      ],
      [
        { type: 'text', text: 'Be' },
        { type: 'text', text: 'brief.', extras: MARKED },
      ],
    ],
  ])('puts instructions first, given as %s', (_, system, content) => {
    const messages = messagesOf([{ role: 'user', content: 'Hi' }], { system });

    expect(messages).toEqual([
      { role: 'system', content },
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    ]);
  });

  it('keeps instructions inside the conversation where they are', () => {
    const messages = messagesOf([
      { role: 'user', content: 'Hi' },
      { role: 'system', content: 'Now in French.' },
    ]);

    expect(messages.map(({ role }) => role)).toEqual(['user', 'system']);
  });

  it.each([
    [
      'an image inside the request',
      { type: 'image', source: PNG, ...CACHE },
      {
        type: 'image',
        source: { type: 'base64', mediaType: 'image/png', data: 'iVBORw0K' },
        extras: MARKED,
      },
    ],
    [
      'the address of an image',
      { type: 'image', source: { type: 'url', url: 'https://a.test/b.png' } },
      { type: 'image', source: { type: 'url', url: 'https://a.test/b.png' } },
    ],
    [
      'a PDF with its title',
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0x' },
        title: 'Report',
      },
      {
        type: 'file',
        source: { type: 'base64', mediaType: 'application/pdf', data: 'JVBERi0x' },
        filename: 'Report',
      },
    ],
    [
      'the address of a PDF',
      { type: 'document', source: { type: 'url', url: 'https://a.test/b.pdf' } },
      {
        type: 'file',
        source: { type: 'url', url: 'https://a.test/b.pdf', mediaType: 'application/pdf' },
      },
    ],
    [
      'a document of plain text, as text',
      {
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data: 'Line' },
        title: 'Notes',
        context: 'from May',
      },
      { type: 'text', text: 'Notes\n\nfrom May\n\nLine' },
    ],
    [
      'a search result, as text',
      {
        type: 'search_result',
        source: 'https://a.test',
        title: 'A',
        content: [{ type: 'text', text: 'B' }],
      },
      { type: 'text', text: 'A\n\nhttps://a.test\n\nB' },
    ],
  ])('reads %s', (_, block, part) => {
    expect(userParts(block)).toEqual([part]);
  });

  it('reads what stands inside a document', () => {
    const content = [
      { type: 'text', text: 'one' },
      { type: 'image', source: PNG },
    ];
    const parts = userParts({ type: 'document', title: 'T', source: { type: 'content', content } });

    expect(parts?.map(({ type }) => type)).toEqual(['text', 'text', 'image']);
  });

  it('gives results a message of their own before what the user says beside them', () => {
    const messages = messagesOf([
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: { at: 'it' } }],
      },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'And then?' },
          {
            type: 'tool_result',
            tool_use_id: 'toolu_1',
            content: [
              { type: 'text', text: 'seen' },
              { type: 'image', source: PNG },
            ],
            is_error: true,
            ...CACHE,
          },
          { type: 'tool_result', tool_use_id: 'toolu_2' },
        ],
      },
    ]);

    const result = { type: 'tool-result', content: [], isError: false };
    expect(messages).toEqual([
      {
        role: 'assistant',
        content: [{ type: 'tool-call', id: 'toolu_1', name: 'look', arguments: '{"at":"it"}' }],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'toolu_1',
            toolName: 'look',
            content: [
              { type: 'text', text: 'seen' },
              {
                type: 'image',
                source: { type: 'base64', mediaType: 'image/png', data: 'iVBORw0K' },
              },
            ],
            isError: true,
            extras: MARKED,
          },
          { ...result, toolCallId: 'toolu_2', toolName: undefined },
        ],
      },
      { role: 'user', content: [{ type: 'text', text: 'And then?' }] },
    ]);
  });

  it('keeps thinking with the signature for the provider that gave it', () => {
    const parts = assistantParts(
      { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
      { type: 'redacted_thinking', data: 'cmVk' },
      { type: 'thinking', thinking: 'Unsigned.' },
    );

    expect(parts).toEqual([
      { type: 'reasoning', text: 'Hm.', extras: { anthropic: { signature: 'c2ln' } } },
      { type: 'reasoning', text: '', extras: { anthropic: { redacted: 'cmVk' } } },
      { type: 'reasoning', text: 'Unsigned.' },
    ]);
  });

  it('gives back what a thinking block carries to the part that it came from', () => {
    const extras = { gemini: { thoughtSignature: 'Z2Vt' } };
    const carrier = (on: 'this' | 'previous' | 'next' | 'empty-text') => ({
      type: 'thinking',
      thinking: '',
      signature: seal({ on, extras }),
    });
    const call = { type: 'tool_use', id: 'a', name: 'b', input: {} };

    const parts = assistantParts(
      carrier('this'),
      { type: 'text', text: 'Hi', ...CACHE },
      carrier('previous'),
      carrier('empty-text'),
      carrier('next'),
      call,
      call,
    );

    const bare = { type: 'tool-call', id: 'a', name: 'b', arguments: '{}' };
    expect(parts).toEqual([
      { type: 'reasoning', text: '', extras },
      { type: 'text', text: 'Hi', extras: { ...MARKED, ...extras } },
      { type: 'text', text: '', extras },
      { ...bare, extras },
      bare,
    ]);
  });

  it('takes a carrier that somebody has changed for reasoning without a signature', () => {
    const thinking = { type: 'thinking', thinking: 'Hm.', signature: 'pointsman:{"on":"nowhere"}' };

    expect(assistantParts(thinking)).toEqual([{ type: 'reasoning', text: 'Hm.' }]);
  });

  it('leaves out messages of which nothing is left', () => {
    const messages = messagesOf([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: [{ type: 'web_search_tool_result', content: [] }] },
      { role: 'user', content: 'Go on' },
    ]);

    expect(messages.map(({ role }) => role)).toEqual(['user', 'user']);
  });
});
