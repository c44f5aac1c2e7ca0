import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssistantPart } from '../../../../src/domain/conversation.ts';
import type { ResponsePart } from '../../../../src/domain/response.ts';
import { toMessagesBody } from '../../../../src/ingest/messages/response.ts';
import { MessagesStreamWriter } from '../../../../src/ingest/messages/stream.ts';
import { adapterOf } from '../../../../src/providers/index.ts';
import { answerContents, streamOf } from '../../../support/answer-contents.ts';
import { aBill, aHead, anAnswer } from '../../../support/answers.ts';
import { messageFrom } from '../../../support/anthropic-client.ts';
import { aCall, aModel } from '../../../support/builders.ts';
import { readMessages } from '../../../support/messages-bodies.ts';

const ASKING = readMessages({ thinking: { type: 'adaptive' } });

/** The blocks of an answer, as its caller gets them. */
function blocksOf(content: readonly ResponsePart[]): unknown {
  const answer = { head: aHead(), response: anAnswer(content), bill: aBill() };
  const outgoing = { ...answer, nativeBody: undefined, routing: undefined };
  return JSON.parse(toMessagesBody(outgoing, ASKING)).content;
}

async function streamedBlocksOf(content: readonly ResponsePart[]): Promise<unknown> {
  const writer = new MessagesStreamWriter(aHead(), ASKING.conversation);
  const written = streamOf(content).map((part) => writer.write(part));
  return (await messageFrom(written.join('') + writer.finish(aBill()))).content;
}

/** A conversation in which an answer's blocks come back. */
function nextTurn(blocks: unknown) {
  const messages = [
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: blocks },
    { role: 'user', content: 'Go on' },
  ];
  return readMessages({ messages }).conversation;
}

function assistantParts(blocks: unknown): readonly AssistantPart[] {
  const message = nextTurn(blocks).messages.find(({ role }) => role === 'assistant');
  return message?.role === 'assistant' ? message.content : [];
}

/** A refusal is text to the callers of this dialect. */
function asSaid(part: ResponsePart): ResponsePart {
  return part.type === 'refusal' ? { type: 'text', text: part.text } : part;
}

describe('an answer that comes back in the next turn', () => {
  it('is what the model gave, with what its provider wants back', () => {
    fc.assert(
      fc.property(answerContents(), (content) => {
        expect(assistantParts(blocksOf(content))).toEqual(content.map(asSaid));
      }),
    );
  });

  it('is the same when it was streamed', async () => {
    await fc.assert(
      fc.asyncProperty(answerContents(), async (content) => {
        expect(assistantParts(await streamedBlocksOf(content))).toEqual(content.map(asSaid));
      }),
    );
  });
});

describe('a thought signature of Gemini', () => {
  const extras = { gemini: { thoughtSignature: 'Z2VtaW5p' } };
  const content: readonly ResponsePart[] = [
    { type: 'text', text: 'Looking.', extras },
    { type: 'tool-call', id: 'c1', name: 'look', arguments: '{}', extras },
    { type: 'tool-call', id: 'c2', name: 'look', arguments: '{}' },
  ];

  it('is on the same parts when the next turn goes to Gemini', () => {
    const model = aModel('google/gemini-3-test');
    const conversation = nextTurn(blocksOf(content));

    const { body } = adapterOf('gemini').toRequest(aCall({ conversation, model }));

    expect(JSON.parse(body).contents[1].parts).toEqual([
      { text: 'Looking.', thoughtSignature: 'Z2VtaW5p' },
      { functionCall: expect.objectContaining({ name: 'look' }), thoughtSignature: 'Z2VtaW5p' },
      { functionCall: expect.objectContaining({ name: 'look' }) },
    ]);
  });

  it.each(['anthropic', 'openai'])('is nowhere when the next turn goes to %s', (provider) => {
    const model = aModel(`${provider}/test`);
    const conversation = nextTurn(blocksOf(content));

    const { body } = adapterOf(model.wire).toRequest(aCall({ conversation, model }));

    expect(body).not.toContain('Z2VtaW5p');
    expect(body).not.toContain('pointsman');
    expect(body).toContain('Looking.');
  });
});

describe("a signature of Anthropic's", () => {
  it('is given back to Anthropic as it came', () => {
    const content: readonly ResponsePart[] = [
      { type: 'reasoning', text: 'Hm.', extras: { anthropic: { signature: 'c2ln' } } },
      { type: 'text', text: 'Hi' },
    ];
    const conversation = nextTurn(blocksOf(content));
    const model = aModel('anthropic/claude-test');

    const native = adapterOf('anthropic').toRequest(aCall({ conversation, model }));
    const built = adapterOf('anthropic').toRequest(
      aCall({ conversation: { ...conversation, native: undefined }, model }),
    );

    const thinking = { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' };
    for (const { body } of [native, built]) {
      expect(JSON.parse(body).messages[1].content[0]).toEqual(thinking);
    }
  });
});
