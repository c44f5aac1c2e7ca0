import { describe, expect, it } from 'vitest';
import { seal } from '../../../../src/ingest/carrier.ts';
import { withoutForeignThinking } from '../../../../src/ingest/messages/native-thinking.ts';
import { jsonText } from '../../../support/messages-bodies.ts';

const SIGNED = { type: 'thinking', thinking: '', signature: 'c2ln' };
const TEXT = { type: 'text', text: 'Hi' };

describe('withoutForeignThinking', () => {
  it('leaves a body as it came when all of its thinking is signed by its provider', () => {
    const redacted = { type: 'redacted_thinking', data: 'cmVk' };
    const body = jsonText({ messages: [{ role: 'assistant', content: [SIGNED, redacted, TEXT] }] });

    expect(withoutForeignThinking(body)).toBe(body);
  });

  it.each([
    ['carried for another provider', seal({ on: 'this', extras: {} })],
    ['unsigned', ''],
    ['without the field', undefined],
  ])('takes out thinking that is %s, and nothing else', (_, signature) => {
    const foreign = { type: 'thinking', thinking: 'Hm.', signature };
    const user = { role: 'user', content: 'Hello' };
    const body = jsonText({
      max_tokens: 5,
      messages: [user, { role: 'assistant', content: [SIGNED, foreign, TEXT] }],
    });

    expect(withoutForeignThinking(body).value).toEqual({
      max_tokens: 5,
      messages: [user, { role: 'assistant', content: [SIGNED, TEXT] }],
    });
  });

  it('takes out a message that held nothing else', () => {
    const foreign = { type: 'thinking', thinking: 'Hm.', signature: '' };
    const body = jsonText({ messages: [{ role: 'assistant', content: [foreign] }] });

    expect(withoutForeignThinking(body).value).toEqual({ messages: [] });
  });
});
