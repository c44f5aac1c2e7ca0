import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureInput } from '../../../src/classify/measure-input.ts';
import type { Conversation, Message } from '../../../src/domain/conversation.ts';
import { inputTokensFor } from '../../../src/domain/decision.ts';
import { TOKENIZER_FAMILIES } from '../../../src/domain/model.ts';
import { aConversation, aModel } from '../../support/builders.ts';

function says(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

function tokensOf(fields: Partial<Conversation>) {
  return inputTokensFor(measureInput(aConversation(fields)), aModel());
}

const texts = fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 200 }), fc.lorem());
const conversations = fc.array(texts.map(says), { minLength: 1, maxLength: 5 });

describe('measureInput', () => {
  it('gives every family of tokenizers a guess that its own bound is not below', () => {
    fc.assert(
      fc.property(conversations, (messages) => {
        const tokens = measureInput(aConversation({ messages })).inputTokens;

        for (const family of TOKENIZER_FAMILIES) {
          const { estimated, atMost } = tokens[family];
          expect(Number.isInteger(estimated) && Number.isInteger(atMost)).toBe(true);
          expect(estimated).toBeLessThanOrEqual(atMost);
        }
      }),
    );
  });

  it('counts nothing less for more text', () => {
    fc.assert(
      fc.property(conversations, texts, (messages, text) => {
        const before = tokensOf({ messages });
        const after = tokensOf({ messages: [...messages, says(text)] });

        expect(after.estimated).toBeGreaterThan(before.estimated);
        expect(after.atMost).toBeGreaterThan(before.atMost);
      }),
    );
  });

  it('counts media, tools, tool calls, results and a schema, not only text', () => {
    const plain = tokensOf({});
    const tool = {
      name: 'weather',
      description: 'Tells the weather',
      parameters: { type: 'object' },
    };
    const call = {
      type: 'tool-call',
      id: 'c',
      name: 'weather',
      arguments: '{"city":"Paris"}',
    } as const;
    const image = {
      type: 'image',
      source: { type: 'url', url: 'https://images.test/a.png' },
    } as const;
    const schema = {
      type: 'json-schema',
      name: 'a',
      schema: { type: 'object' },
      strict: true,
    } as const;
    const richer: readonly Partial<Conversation>[] = [
      { tools: [tool] },
      { messages: [says('Hello'), { role: 'assistant', content: [call] }] },
      { messages: [says('Hello'), { role: 'user', content: [image] }] },
      { responseFormat: schema },
    ];

    for (const fields of richer) {
      expect(tokensOf(fields).estimated).toBeGreaterThan(plain.estimated);
      expect(tokensOf(fields).atMost).toBeGreaterThan(plain.atMost);
    }
  });

  it('does not count the bytes of an image as text', () => {
    const imageOf = (data: string) => ({
      type: 'image' as const,
      source: { type: 'base64' as const, mediaType: 'image/png', data },
    });
    const small = tokensOf({ messages: [{ role: 'user', content: [imageOf('AAAA')] }] });
    const large = tokensOf({
      messages: [{ role: 'user', content: [imageOf('A'.repeat(400_000))] }],
    });

    expect(large.estimated).toBeLessThan(small.estimated + 5000);
  });
});
