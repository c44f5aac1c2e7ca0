import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssistantPart } from '../../../../src/domain/conversation.ts';
import type { JsonObject } from '../../../../src/domain/json.ts';
import type { ResponsePart } from '../../../../src/domain/response.ts';
import { readChatRequest } from '../../../../src/ingest/chat-completions/request.ts';
import { toChatBody } from '../../../../src/ingest/chat-completions/response.ts';
import { ChatStreamWriter } from '../../../../src/ingest/chat-completions/stream.ts';
import { adapterOf } from '../../../../src/providers/index.ts';
import { answerContents, streamOf } from '../../../support/answer-contents.ts';
import { aBill, aHead, anAnswer } from '../../../support/answers.ts';
import { aCall, aModel } from '../../../support/builders.ts';
import { jsonText } from '../../../support/messages-bodies.ts';

const SIGNED = { anthropic: { signature: 'c2ln' } };
const REDACTED = { anthropic: { redacted: 'cmVk' } };
const GEMINI = { gemini: { thoughtSignature: 'Z2Vt' } };

/** The message of an answer, as its caller gets it. */
function messageOf(content: readonly ResponsePart[]): JsonObject {
  const answer = { head: aHead(), response: anAnswer(content), bill: aBill() };
  const text = toChatBody({ ...answer, nativeBody: undefined, routing: undefined });
  return JSON.parse(text).choices[0].message;
}

/** The deltas of the same answer, put together as OpenRouter's clients do it. */
function streamedMessageOf(content: readonly ResponsePart[]): JsonObject {
  const writer = new ChatStreamWriter(aHead(), false);
  const chunks = streamOf(content).map((part) => writer.write(part));
  const message = { content: '', reasoning_content: '', reasoning_details: [] as JsonObject[] };
  const calls: { function: { arguments: string } }[] = [];
  for (const event of chunks.join('').split('\n\n').filter(Boolean)) {
    const { delta } = JSON.parse(event.slice('data: '.length)).choices[0];
    message.content += delta.content ?? '';
    message.reasoning_content += delta.reasoning_content ?? '';
    message.reasoning_details.push(...(delta.reasoning_details ?? []));
    for (const { index, ...call } of delta.tool_calls ?? []) {
      const known = calls[index];
      if (known === undefined) calls[index] = call;
      else known.function.arguments += call.function.arguments;
    }
  }
  return { role: 'assistant', ...message, ...(calls.length > 0 && { tool_calls: calls }) };
}

function bodyWith(message: JsonObject) {
  const messages = [{ role: 'user', content: 'Hi' }, message, { role: 'user', content: 'Go on' }];
  return { model: 'auto', messages };
}

function conversationWith(message: JsonObject) {
  return readChatRequest(jsonText(bodyWith(message))).conversation;
}

function assistantParts(message: JsonObject): readonly AssistantPart[] {
  const [, assistant] = conversationWith(message).messages;
  return assistant?.role === 'assistant' ? assistant.content : [];
}

/** What a provider wants back, in order, without the words and without what another wire may read. */
function extrasIn(parts: readonly ResponsePart[] | readonly AssistantPart[]) {
  return parts.flatMap((part) => {
    if (!('extras' in part) || part.extras === undefined) return [];
    const { openai: _, ...extras } = part.extras;
    return [[part.type, extras]];
  });
}

describe('toChatBody', () => {
  it("writes signatures in OpenRouter's details and Google's extra content", () => {
    const message = messageOf([
      { type: 'reasoning', text: 'Hm.', extras: SIGNED },
      { type: 'reasoning', text: '', extras: REDACTED },
      { type: 'tool-call', id: 'c1', name: 'look', arguments: '{}', extras: GEMINI },
    ]);

    expect(message).toMatchObject({
      reasoning_content: 'Hm.',
      reasoning_details: [
        {
          type: 'reasoning.text',
          text: 'Hm.',
          signature: 'c2ln',
          format: 'anthropic-claude-v1',
          index: 0,
        },
        { type: 'reasoning.encrypted', data: 'cmVk', format: 'anthropic-claude-v1', index: 1 },
      ],
      tool_calls: [{ id: 'c1', extra_content: { google: { thought_signature: 'Z2Vt' } } }],
    });
  });

  it('says nothing of signatures where there are none', () => {
    const message = messageOf([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'tool-call', id: 'c1', name: 'look', arguments: '{}' },
    ]);

    expect(message).not.toHaveProperty('reasoning_details');
    expect(JSON.stringify(message)).not.toContain('extra_content');
  });

  it('passes on what a vendor of the dialect gave as it is', () => {
    const details = [{ type: 'reasoning.encrypted', data: 'x', format: 'xai-responses-v1' }];
    const content = { google: { thought_signature: 'y' } };

    const message = messageOf([
      { type: 'reasoning', text: 'Hm.', extras: { openai: { reasoning_details: details } } },
      {
        type: 'tool-call',
        id: 'c1',
        name: 'look',
        arguments: '{}',
        extras: { openai: { extra_content: content } },
      },
    ]);

    expect(message).toMatchObject({
      reasoning_details: details,
      tool_calls: [{ extra_content: content }],
    });
  });
});

describe('an answer that comes back in the next turn', () => {
  it('has what its provider wants back', () => {
    fc.assert(
      fc.property(oneOfEach(), (content) => {
        expect(extrasIn(assistantParts(messageOf(content)))).toEqual(extrasIn(content));
      }),
    );
  });

  it('has it when it was streamed, with the words that were signed', () => {
    fc.assert(
      fc.property(oneOfEach(), (content) => {
        const parts = assistantParts(streamedMessageOf(content));

        expect(extrasIn(parts)).toEqual(extrasIn(content));
        const signed = content.filter((part) => part.type === 'reasoning' && part.extras);
        const given = parts.filter((part) => part.type === 'reasoning' && part.extras);
        expect(given.map(wordsOf)).toEqual(signed.map(wordsOf));
      }),
    );
  });

  it('goes to Anthropic with its signed thinking', () => {
    const message = messageOf([
      { type: 'reasoning', text: 'Hm.', extras: SIGNED },
      { type: 'text', text: 'Hi' },
    ]);
    const conversation = conversationWith(message);

    const { body } = adapterOf('anthropic').toRequest(
      aCall({ conversation, model: aModel('anthropic/claude-test') }),
    );

    expect(JSON.parse(body).messages[1].content).toEqual([
      { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
      { type: 'text', text: 'Hi' },
    ]);
  });

  it('is never shown to a provider that could not read it', () => {
    const bedrock = { bedrock: { signature: 'YmVk' } };
    const message = messageOf([
      { type: 'reasoning', text: 'Hm.', extras: bedrock },
      { type: 'text', text: 'Hi', extras: GEMINI },
      { type: 'tool-call', id: 'c1', name: 'look', arguments: '{}', extras: bedrock },
    ]);

    const { body } = adapterOf('openai').toRequest(
      aCall({ conversation: conversationWith(message) }),
    );

    expect(JSON.stringify(message)).toContain('pointsman:');
    expect(body).not.toContain('pointsman');
    expect(body).toContain('"name":"look"');
  });
});

describe('readChatRequest', () => {
  it('takes the details of other routers, and the name that they have for reasoning', () => {
    const details = [
      { type: 'reasoning.summary', summary: 'Plan', format: 'openai-responses-v1' },
      { type: 'reasoning.encrypted', data: 'Z2Vt', format: 'google-gemini-v1', id: 'c1' },
    ];
    const call = { id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } };
    const message = { role: 'assistant', reasoning: 'Plan', reasoning_details: details };

    expect(assistantParts({ ...message, tool_calls: [call] })).toEqual([
      {
        type: 'reasoning',
        text: 'Plan',
        extras: { openai: { reasoning_details: [details[0]] } },
      },
      { type: 'tool-call', id: 'c1', name: 'look', arguments: '{}', extras: GEMINI },
    ]);
  });

  it('puts reasoning that stands apart from its details to the first of them', () => {
    const details = [{ type: 'reasoning.encrypted', data: 'x', format: 'xai-responses-v1' }];
    const message = { role: 'assistant', reasoning_content: 'Hm.', reasoning_details: details };

    expect(assistantParts(message)).toEqual([
      { type: 'reasoning', text: 'Hm.', extras: { openai: { reasoning_details: details } } },
    ]);
  });
});

function wordsOf(part: ResponsePart | AssistantPart): string {
  return 'text' in part ? part.text : '';
}

/**
 * The dialect has one text, and reasoning before it: of an answer's parts the first text and the
 * calls, behind the reasoning that is signed.
 */
function oneOfEach(): fc.Arbitrary<readonly ResponsePart[]> {
  return answerContents().map((content) => [
    ...content.filter((part) => part.type === 'reasoning' && part.extras),
    ...content.filter(({ type }) => type === 'text').slice(0, 1),
    ...content.filter(({ type }) => type === 'tool-call'),
  ]);
}
