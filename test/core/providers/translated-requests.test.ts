import { expect, it } from 'vitest';
import type { Conversation } from '../../../src/domain/conversation.ts';
import { WIRES, type Wire } from '../../../src/domain/model.ts';
import { adapterOf } from '../../../src/providers/index.ts';
import { aCall, aModel } from '../../support/builders.ts';
import { contentOfConversation, lossesBetween } from '../../support/conversation-content.ts';
import { describeRecorded, tallyOf } from '../../support/describe-recorded.ts';
import { recordedConversation } from '../../support/recorded-conversation.ts';
import { type Recording, recordingsOf } from '../../support/recordings.ts';
import { contentOfWire } from '../../support/wire-content.ts';

/** One model of each wire; the newest kind, whose rules are the strictest. */
const MODELS: Readonly<Record<Wire, ReturnType<typeof aModel>>> = {
  openai: aModel('openai/gpt-5.2'),
  'openai-responses': aModel('openai/gpt-5.2', { wire: 'openai-responses' }),
  anthropic: aModel('anthropic/claude-opus-4-6'),
  gemini: aModel('google/gemini-3-pro'),
  bedrock: aModel('bedrock/eu.anthropic.claude-opus-4-6'),
};

const recordings = recordingsOf('openai-chat', 'anthropic-messages', 'gemini-generate');
const readable = recordings.filter((recording) => recordedConversation(recording) !== undefined);

/** What is lost on the way to a wire without a word about it. */
function silentLosses(conversation: Conversation, wire: Wire): readonly string[] {
  const call = aCall({
    model: MODELS[wire],
    conversation: { ...conversation, native: undefined },
  });
  const { body, warnings } = adapterOf(wire).toRequest(call);
  const before = contentOfConversation(conversation);
  const losses = lossesBetween(before, contentOfWire(wire, body));
  return losses.filter((loss) => {
    const words = WORDS[loss.split(':')[0] ?? ''];
    return !warnings.some(({ message }) => words?.test(message) === true);
  });
}

/** What a warning says of each kind of thing that may be lost. */
const WORDS: Readonly<Record<string, RegExp>> = {
  media: /audio|image|document/,
  reasoning: /reasoning/,
  tool: /tool/,
};

describeRecorded('a recorded request, translated', () => {
  for (const wire of WIRES) {
    const tally = tallyOf(`recorded requests that reach ${wire} whole`, readable);

    it.each(readable.map((recording) => [recording.id, recording] as const))(
      `reaches ${wire} with all that it holds, or says what was lost: %s`,
      (_, recording: Recording) => {
        const conversation = recordedConversation(recording);

        expect(conversation && silentLosses(conversation, wire)).toEqual([]);
        tally.pass(recording);
      },
    );
  }
});
