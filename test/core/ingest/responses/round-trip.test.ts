import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssistantPart, Extras } from '../../../../src/domain/conversation.ts';
import type { ResponsePart } from '../../../../src/domain/response.ts';
import { toWireRequest as toAnthropic } from '../../../../src/providers/anthropic/request.ts';
import { toWireRequest as toGemini } from '../../../../src/providers/gemini/request.ts';
import { aCall, aModel } from '../../../support/builders.ts';
import { someParts } from '../../../support/response-parts.ts';
import { CARRYING, read, write } from '../../../support/responses.ts';

const TOOLS = [{ type: 'function', name: 'f', parameters: { type: 'object', properties: {} } }];

/** The output of an answer, given back as the input of the next request. */
function givenBack(content: readonly ResponsePart[]): readonly object[] {
  return JSON.parse(write({ content }, CARRYING)).output;
}

function partsOf(input: readonly object[]): readonly AssistantPart[] {
  return read({ input }).messages.flatMap(({ role, content }) =>
    role === 'assistant' ? content : [],
  );
}

describe('an answer that is given back', () => {
  it('is the same parts with the same signatures', () => {
    fc.assert(
      fc.property(someParts, (parts) => {
        // Sources are the caller's to show: the dialect does not take them back.
        const content = parts.filter((part) => part.type !== 'citation');
        const input = [...givenBack(content), USER];

        expect(partsOf(input).map(withoutItemId)).toEqual(joined(content));
      }),
    );
  }, 30_000);

  it('brings Anthropic its signature', () => {
    const content: ResponsePart[] = [
      { type: 'reasoning', text: 'Think.', extras: { anthropic: { signature: 'sig' } } },
      { type: 'tool-call', id: 'toolu_1', name: 'f', arguments: '{}' },
    ];
    const conversation = read({ tools: TOOLS, input: [USER, ...givenBack(content), RESULT] });
    const model = aModel('anthropic/claude-test');

    const { body } = toAnthropic(aCall({ conversation, model }));

    expect(JSON.parse(body).messages[1]).toEqual({
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Think.', signature: 'sig' },
        { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
      ],
    });
  });

  it('brings Gemini the signature of a call', () => {
    const extras = { gemini: { thoughtSignature: 'sig' } };
    const content: ResponsePart[] = [
      { type: 'tool-call', id: 'toolu_1', name: 'f', arguments: '{}', extras },
      { type: 'tool-call', id: 'toolu_2', name: 'f', arguments: '{}' },
    ];
    const conversation = read({ tools: TOOLS, input: [USER, ...givenBack(content), RESULT] });
    const model = aModel('google/gemini-3-test');

    const { body } = toGemini(aCall({ conversation, model }));

    expect(JSON.parse(body).contents[1]).toEqual({
      role: 'model',
      parts: [
        { functionCall: { id: 'toolu_1', name: 'f', args: {} }, thoughtSignature: 'sig' },
        { functionCall: { id: 'toolu_2', name: 'f', args: {} } },
      ],
    });
  });

  it("leaves the dialect's own encrypted content as it is", () => {
    const extras = { 'openai-responses': { encrypted_content: 'gAAAA' } };

    const [item] = givenBack([{ type: 'reasoning', text: '', extras }]);

    expect(item).toEqual({
      id: 'rs_r1_0',
      type: 'reasoning',
      summary: [],
      encrypted_content: 'gAAAA',
    });
  });

  it('marks reasoning that nobody has signed, so that it is known when it comes back', () => {
    const [item] = givenBack([{ type: 'reasoning', text: 'Think.' }]);

    const { native, messages, warnings } = read({ input: [item, USER] });

    expect(native?.body.value['input']).toEqual([USER]);
    expect(messages[0]).toEqual({
      role: 'assistant',
      content: [{ type: 'reasoning', text: 'Think.' }],
    });
    expect(warnings).toEqual([]);
  });

  it('goes to a provider of the dialect without what that could not take', () => {
    const own = { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: 'gAAAA' };
    const stored = { id: 'rs_2', type: 'reasoning', summary: [] };
    const open = { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'a' }] };
    const extras = { anthropic: { signature: 'sig' } };
    const [sealed = {}] = givenBack([{ type: 'reasoning', text: 'Think.', extras }]);

    const { native } = read({ input: [USER, own, stored, open, sealed] });

    expect(native?.body.value['input']).toEqual([USER, own, open]);
  });

  it.each([
    ['is not as we wrote it', 'pointsman:{"on":"this","extras":{"anthropic":{"thinking":{}}}}'],
    ['is cut', 'pointsman:{"on":"th'],
  ])('is without a signature that %s', (_, encrypted) => {
    const summary = [{ type: 'summary_text', text: 'Think.' }];
    const item = { type: 'reasoning', summary, encrypted_content: encrypted };

    expect(partsOf([item])).toEqual([{ type: 'reasoning', text: 'Think.' }]);
  });
});

const USER = { role: 'user', content: 'Hello' };
const RESULT = { type: 'function_call_output', call_id: 'toolu_1', output: 'done' };

/** What the dialect cannot tell apart: neighbours become one part. */
function joined(content: readonly AssistantPart[]): AssistantPart[] {
  const parts: AssistantPart[] = [];
  for (const part of content) {
    if (isNothing(part)) continue;
    const one = asOne(parts.at(-1), part);
    if (one === undefined) parts.push(part);
    else parts[parts.length - 1] = one;
  }
  return parts;
}

function isNothing(part: AssistantPart): boolean {
  return part.type !== 'tool-call' && part.text === '' && !('extras' in part);
}

/** A signature ends its part; a signed text of no words stands by itself. */
function asOne(last: AssistantPart | undefined, next: AssistantPart): AssistantPart | undefined {
  if (last === undefined || last.type === 'tool-call' || next.type === 'tool-call')
    return undefined;
  if (last.type !== next.type || 'extras' in last) return undefined;
  if (next.type === 'text' && next.text === '') return undefined;
  return { ...next, text: last.text + next.text };
}

function withoutItemId(part: AssistantPart): AssistantPart {
  const own = 'extras' in part ? part.extras?.['openai-responses'] : undefined;
  if (typeof own !== 'object' || own === null) return part;
  const extras: Extras = { 'openai-responses': { ...own, id: undefined as never } };
  return JSON.parse(JSON.stringify({ ...part, extras }));
}
