import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ResponsePart } from '../../../../src/domain/response.ts';
import type { DialectRequest } from '../../../../src/ingest/dialect.ts';
import { toMessagesBody } from '../../../../src/ingest/messages/response.ts';
import { MessagesStreamWriter } from '../../../../src/ingest/messages/stream.ts';
import { answerContents, streamOf } from '../../../support/answer-contents.ts';
import { aBill, aHead, anAnswer } from '../../../support/answers.ts';
import { messageFrom } from '../../../support/anthropic-client.ts';
import { readMessages } from '../../../support/messages-bodies.ts';

type Block = { readonly type: string; readonly text?: string };

const REQUESTS = [
  readMessages({ thinking: { type: 'adaptive' } }),
  readMessages({ thinking: { type: 'adaptive', display: 'omitted' } }),
  readMessages({ tools: [{ name: 'a', input_schema: {} }] }),
  readMessages(),
];

/** Where one text ends and the next begins is nobody's to say once unseen thinking between them is gone. */
function withTextsJoined(blocks: readonly Block[]): readonly Block[] {
  const joined: Block[] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    if (last?.type !== 'text' || block.type !== 'text') joined.push(block);
    else joined[joined.length - 1] = { type: 'text', text: `${last.text}${block.text}` };
  }
  return joined;
}

it('gives the official client the same message whole and streamed', async () => {
  await fc.assert(
    fc.asyncProperty(answerContents(), fc.constantFrom(...REQUESTS), async (content, request) => {
      const response = anAnswer(content);
      const answer = { head: aHead(), response, bill: aBill() };
      const whole = toMessagesBody(
        { ...answer, nativeBody: undefined, routing: undefined },
        request,
      );

      const streamed = await messageFrom(write(content, request));

      const { content: blocks, stop_reason: reason, stop_details: details } = JSON.parse(whole);
      expect(withTextsJoined(streamed.content)).toEqual(withTextsJoined(blocks));
      expect(streamed.stop_reason).toBe(reason);
      expect(streamed.stop_details).toEqual(details);
    }),
    { numRuns: 200 },
  );
});

function write(content: readonly ResponsePart[], { conversation }: DialectRequest): string {
  const writer = new MessagesStreamWriter(aHead(), conversation);
  const written = streamOf(content).map((part) => writer.write(part));
  return written.join('') + writer.finish(aBill());
}
