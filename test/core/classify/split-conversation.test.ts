import { describe, expect, it } from 'vitest';
import { measureInput } from '../../../src/classify/measure-input.ts';
import { splitConversation } from '../../../src/classify/split-conversation.ts';
import type { Conversation } from '../../../src/domain/conversation.ts';
import { inputTokensFor } from '../../../src/domain/decision.ts';
import { readJsonText } from '../../../src/domain/json-text.ts';
import { aConversation, aModel } from '../../support/builders.ts';

const model = aModel('openai/small', { maxContextTokens: 8000, maxOutputTokens: 2000 });
const window = { model, tokenRatio: 1, outputRoomTokens: 1024 };
const LONG = 'The quick brown fox jumps over the lazy dog. '.repeat(2000);

function aLong(fields: Partial<Conversation> = {}): Conversation {
  return aConversation({
    messages: [
      { role: 'system', content: [{ type: 'text', text: 'Summarize what you are given.' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'This is it:' },
          { type: 'text', text: LONG },
        ],
      },
    ],
    ...fields,
  });
}

function split(conversation: Conversation) {
  const parted = splitConversation(conversation, window);
  if (parted === undefined) throw new Error('it was not split');
  return parted;
}

describe('splitConversation', () => {
  it('splits the longest text and leaves all else as it was', () => {
    const { parts } = split(aLong({ stream: true, sampling: { seed: 7, choices: 3 } }));

    const texts = parts.map(({ messages }) => messages[1]?.content[1]);
    const read = texts.map((part) => (part?.type === 'text' ? part.text.split(']\n\n')[1] : ''));
    expect(read.join('')).toBe(LONG);
    for (const part of parts) {
      expect(part.messages[0]).toEqual(aLong().messages[0]);
      expect(part.messages[1]?.content[0]).toEqual({ type: 'text', text: 'This is it:' });
      expect(part).toMatchObject({ stream: false, sampling: { seed: 7, choices: 1 } });
    }
  });

  it('makes parts that fit into the window with their answers, for every tokenizer', () => {
    const dense = aModel('openai/dense', {
      maxContextTokens: 8000,
      tokenizer: { family: 'llama3', multiplier: 1.4 },
    });
    const parted = splitConversation(aLong(), { ...window, model: dense, tokenRatio: 1.2 });

    expect(parted?.parts.length).toBeGreaterThan(2);
    for (const part of parted?.parts ?? []) {
      const { atMost } = inputTokensFor(measureInput(part), dense, 1.2);
      expect(atMost + (part.maxOutputTokens ?? Infinity)).toBeLessThanOrEqual(8000);
    }
  });

  it('lets the answers be so long that they fit in together', () => {
    const { parts, combine } = split(aLong({ maxOutputTokens: 1500 }));
    const longest = 'word '.repeat(parts[0]?.maxOutputTokens ?? 0);

    const combined = combine(parts.map(() => longest));

    const { atMost } = inputTokensFor(measureInput(combined), model);
    expect(atMost + 1500).toBeLessThanOrEqual(8000);
  });

  it('puts the answers in place of the text, for an answer as it was asked for', () => {
    const conversation = aLong({ stream: true, maxOutputTokens: 900 });

    const combined = split(conversation).combine(['one', 'two']);

    expect(combined).toMatchObject({ stream: true, maxOutputTokens: 900 });
    expect(combined.messages[0]).toEqual(conversation.messages[0]);
    expect(combined.messages[1]?.content[1]).toEqual({
      type: 'text',
      text: expect.stringContaining('\n\n[Part 1]\none\n\n[Part 2]\ntwo'),
    });
  });

  it('warns of what was done, and of what is lost where the body cannot pass as it came', () => {
    const body = readJsonText('{"model":"auto"}');
    if (!('members' in body)) throw new Error('it is JSON');
    const native = {
      dialect: 'openai-chat',
      body,
      fields: new Set<string>(),
      untranslatable: ['store'],
    } as const;

    const { parts, combine } = split(aLong({ native }));

    expect(combine(['a']).native).toBeUndefined();
    expect(parts[0]?.native).toBeUndefined();
    expect(combine(['a']).warnings).toEqual([
      {
        type: 'changed',
        field: 'messages',
        message: expect.stringContaining(`in ${parts.length} parts`),
      },
      { type: 'unsupported', field: 'store', message: expect.stringContaining('store is lost') },
    ]);
  });

  it.each<[string, Partial<Conversation>]>([
    ['offers tools', { tools: [{ name: 'look', description: undefined, parameters: {} }] }],
    [
      'asks for a schema',
      { responseFormat: { type: 'json-schema', name: 'x', schema: {}, strict: true } },
    ],
    ['begins the answer itself', { isPrefilled: true }],
    [
      'has more parts than anybody would pay for',
      { messages: [{ role: 'user', content: [{ type: 'text', text: LONG.repeat(6) }] }] },
    ],
    [
      'is long in many texts, not in one',
      {
        messages: Array.from({ length: 60 }, () => ({
          role: 'user' as const,
          content: [{ type: 'text' as const, text: LONG.slice(0, 3000) }],
        })),
      },
    ],
  ])('splits nothing that %s', (_, fields) => {
    expect(splitConversation(aLong(fields), window)).toBeUndefined();
  });

  it('makes more parts where some places of the text have more tokens than others', () => {
    const uneven = LONG.slice(0, 30_000) + '\u4e00\u9fa5\u3400'.repeat(4000);
    const content = [{ type: 'text' as const, text: uneven }];

    const { parts } = split(aLong({ messages: [{ role: 'user', content }] }));

    for (const part of parts) {
      const { atMost } = inputTokensFor(measureInput(part), model);
      expect(atMost + (part.maxOutputTokens ?? Infinity)).toBeLessThanOrEqual(8000);
    }
  });
});
