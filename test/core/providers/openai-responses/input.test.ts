import { describe, expect, it } from 'vitest';
import type { Message } from '../../../../src/domain/conversation.ts';
import type { Warning } from '../../../../src/domain/dialect.ts';
import { toWireInput } from '../../../../src/providers/openai-responses/input.ts';
import { aConversation } from '../../../support/builders.ts';

function write(...messages: readonly Message[]) {
  const warnings: Warning[] = [];
  const items = toWireInput(aConversation({ messages }), warnings);
  return { items, warnings: warnings.map(({ message }) => message) };
}

describe('toWireInput', () => {
  it('keeps instructions where they were', () => {
    const text = (words: string) => [{ type: 'text', text: words }] as const;

    const { items } = write(
      { role: 'system', content: [...text('Be brief'), ...text('Be kind')] },
      { role: 'user', content: text('Hi') },
      { role: 'system', content: text('Now be long') },
    );

    expect(items).toEqual([
      { role: 'system', content: 'Be brief\nBe kind' },
      { role: 'user', content: 'Hi' },
      { role: 'system', content: 'Now be long' },
    ]);
  });

  it('gives images and documents as plain addresses', () => {
    const data = { type: 'base64', mediaType: 'image/png', data: 'aW1n' } as const;
    const url = { type: 'url', url: 'https://a.test/x' } as const;

    const { items } = write({
      role: 'user',
      content: [
        { type: 'text', text: 'See' },
        { type: 'image', source: data, detail: 'low' },
        { type: 'image', source: url },
        { type: 'file', source: { ...data, mediaType: 'application/pdf' }, filename: 'a.pdf' },
        { type: 'file', source: url },
        { type: 'file', source: { ...data, mediaType: 'text/plain' }, filename: 'a.txt' },
        { type: 'audio', data: 'c291bmQ=', format: 'wav' },
      ],
    });

    expect(items).toEqual([
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'See' },
          { type: 'input_image', image_url: 'data:image/png;base64,aW1n', detail: 'low' },
          { type: 'input_image', image_url: 'https://a.test/x' },
          {
            type: 'input_file',
            filename: 'a.pdf',
            file_data: 'data:application/pdf;base64,aW1n',
          },
          { type: 'input_file', file_url: 'https://a.test/x' },
          { type: 'input_text', text: 'img' },
          { type: 'input_audio', input_audio: { data: 'c291bmQ=', format: 'wav' } },
        ],
      },
    ]);
  });

  it('keeps the order of reasoning, text and parallel calls of a turn', () => {
    const extras = { 'openai-responses': { id: 'rs_1', encrypted_content: 'gAAA' } };

    const { items, warnings } = write(
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm', extras },
          { type: 'text', text: 'Both' },
          { type: 'text', text: ' now' },
          { type: 'tool-call', id: 'call_1', name: 'one', arguments: '{}' },
          { type: 'tool-call', id: 'call_2', name: 'two', arguments: '{"x":1}' },
        ],
      },
      {
        role: 'tool',
        content: ['call_1', 'call_2'].map((toolCallId) => ({
          type: 'tool-result',
          toolCallId,
          toolName: undefined,
          content: [{ type: 'text', text: 'done' }],
          isError: false,
        })),
      },
    );

    expect(items).toEqual([
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'hm' }],
        encrypted_content: 'gAAA',
      },
      {
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'Both' },
          { type: 'output_text', text: ' now' },
        ],
      },
      { type: 'function_call', call_id: 'call_1', name: 'one', arguments: '{}' },
      { type: 'function_call', call_id: 'call_2', name: 'two', arguments: '{"x":1}' },
      { type: 'function_call_output', call_id: 'call_1', output: 'done' },
      { type: 'function_call_output', call_id: 'call_2', output: 'done' },
    ]);
    expect(warnings).toEqual([]);
  });

  it('says that reasoning of another provider was left out', () => {
    const extras = { anthropic: { signature: 's1g' } };

    const { items, warnings } = write({
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'hm', extras },
        { type: 'refusal', text: 'No.' },
      ],
    });

    expect(items).toEqual([{ role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] }]);
    expect(warnings).toEqual([
      'reasoning of earlier turns was left out: it is not encrypted by this provider',
    ]);
  });

  it('gives the images of a result inside it', () => {
    const source = { type: 'url', url: 'https://a.test/x.png' } as const;

    const { items } = write({
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: 'call_1',
          toolName: undefined,
          content: [
            { type: 'text', text: 'see' },
            { type: 'image', source },
          ],
          isError: false,
        },
      ],
    });

    expect(items).toEqual([
      {
        type: 'function_call_output',
        call_id: 'call_1',
        output: [
          { type: 'input_text', text: 'see' },
          { type: 'input_image', image_url: 'https://a.test/x.png' },
        ],
      },
    ]);
  });

  it('shortens ids that the API refuses, the same for call and result', () => {
    const id = `resp_${'x'.repeat(80)}`;

    const { items } = write(
      { role: 'assistant', content: [{ type: 'tool-call', id, name: 'one', arguments: '{}' }] },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', toolCallId: id, toolName: 'one', content: [], isError: false },
        ],
      },
    );

    const [call, result] = items.map((item) => item['call_id']);
    expect(String(call).length).toBeLessThanOrEqual(64);
    expect(result).toBe(call);
  });
});
