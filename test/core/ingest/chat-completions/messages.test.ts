import { describe, expect, it } from 'vitest';
import { readChatRequest } from '../../../../src/ingest/chat-completions/request.ts';
import { jsonBody } from '../../../support/json.ts';

function read(...messages: readonly object[]) {
  return readChatRequest(jsonBody({ model: 'auto', messages })).conversation.messages;
}

const text = (words: string) => ({ type: 'text', text: words });
const call = (id: string, name: string, args = '{}') => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});

describe('the messages of a Chat Completions request', () => {
  it.each(['system', 'developer'])('takes %s for instructions', (role) => {
    expect(read({ role, content: 'Be brief' })).toEqual([
      { role: 'system', content: [text('Be brief')] },
    ]);
  });

  it('reads every kind of part of a user', () => {
    const content = [
      text('Look'),
      { type: 'image_url', image_url: { url: 'https://images.test/a.png', detail: 'low' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' } },
      { type: 'input_audio', input_audio: { data: 'CCCC', format: 'wav' } },
    ];

    expect(read({ role: 'user', content })).toEqual([
      {
        role: 'user',
        content: [
          text('Look'),
          {
            type: 'image',
            source: { type: 'url', url: 'https://images.test/a.png' },
            detail: 'low',
          },
          { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } },
          {
            type: 'file',
            source: { type: 'base64', mediaType: 'application/pdf', data: 'BBBB' },
            filename: 'a.pdf',
          },
          { type: 'audio', data: 'CCCC', format: 'wav' },
        ],
      },
    ]);
  });

  it('reads what an assistant said, refused, thought and called', () => {
    const message = {
      role: 'assistant',
      reasoning_content: 'Hm',
      content: [text('One'), { type: 'refusal', refusal: 'Not that' }],
      refusal: 'Nor this',
      tool_calls: [call('c1', 'look', '{"at":1}'), call('c2', 'wait', '')],
    };

    expect(read(message)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm' },
          text('One'),
          { type: 'refusal', text: 'Not that' },
          { type: 'refusal', text: 'Nor this' },
          { type: 'tool-call', id: 'c1', name: 'look', arguments: '{"at":1}' },
          { type: 'tool-call', id: 'c2', name: 'wait', arguments: '{}' },
        ],
      },
    ]);
  });

  it('reads an assistant that only called, whatever stands for its content', () => {
    const calls = { role: 'assistant', tool_calls: [call('c1', 'look')] };
    const expected = [{ type: 'tool-call', id: 'c1', name: 'look', arguments: '{}' }];

    for (const content of [{}, { content: null }, { content: '' }]) {
      expect(read({ ...calls, ...content })).toEqual([{ role: 'assistant', content: expected }]);
    }
  });

  it('puts the results of one turn together, each with the name of its tool', () => {
    const messages = [
      { role: 'assistant', tool_calls: [call('c1', 'look'), call('c2', 'wait')] },
      { role: 'tool', tool_call_id: 'c2', content: 'waited' },
      { role: 'tool', tool_call_id: 'c1', content: [text('saw')] },
      { role: 'user', content: 'And?' },
      { role: 'tool', tool_call_id: 'gone', content: 'late' },
    ];
    const result = (toolCallId: string, toolName: string | undefined, words: string) => ({
      type: 'tool-result',
      toolCallId,
      toolName,
      content: [text(words)],
      isError: false,
    });

    expect(read(...messages).slice(1)).toEqual([
      { role: 'tool', content: [result('c2', 'wait', 'waited'), result('c1', 'look', 'saw')] },
      { role: 'user', content: [text('And?')] },
      { role: 'tool', content: [result('gone', undefined, 'late')] },
    ]);
  });
});
