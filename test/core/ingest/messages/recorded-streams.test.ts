import type Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../../src/domain/json.ts';
import type { ModelStreamPart } from '../../../../src/domain/response.ts';
import { MessagesStreamWriter } from '../../../../src/ingest/messages/stream.ts';
import { adapterOf } from '../../../../src/providers/index.ts';
import { aBill, aHead } from '../../../support/answers.ts';
import { messageFrom } from '../../../support/anthropic-client.ts';
import { aCall, aModel } from '../../../support/builders.ts';
import { readMessages } from '../../../support/messages-bodies.ts';
import {
  bodyBytes,
  hasRecordings,
  isStream,
  NO_RECORDINGS,
  type Recording,
  recordingsOf,
} from '../../../support/recordings.ts';

const ASKING = readMessages({ thinking: { type: 'adaptive' }, stream: true });
/** A model on each wire; the recordings of a wire may be of any of its vendors. */
const MODELS = {
  'openai-chat': aModel('openai/test'),
  'anthropic-messages': aModel('anthropic/test'),
  'gemini-generate': aModel('google/test'),
};

function partsOf(recording: Recording): readonly ModelStreamPart[] {
  const model = MODELS[recording.endpoint as keyof typeof MODELS];
  const conversation = ASKING.conversation;
  const decoder = adapterOf(model.wire).openStream(aCall({ model, conversation }));
  const events = [...decoder.push(bodyBytes(recording)), ...decoder.end()];
  return events.flatMap(({ parts }) => parts);
}

function write(parts: readonly ModelStreamPart[]): string {
  const writer = new MessagesStreamWriter(aHead(), ASKING.conversation);
  return parts.map((part) => writer.write(part)).join('') + writer.finish(aBill());
}

/** What the parts say, put together without regard to blocks. */
function saidBy(parts: readonly ModelStreamPart[]) {
  const wordsOf = (...types: readonly string[]) =>
    parts.map((part) => (types.includes(part.type) && 'text' in part ? part.text : '')).join('');
  const starts = parts.filter((part) => part.type === 'tool-call-start');
  return {
    text: wordsOf('text-delta', 'refusal-delta'),
    thinking: wordsOf('reasoning-delta'),
    calls: starts.map(({ index, name }) => [name, argumentsOf(parts, index)]),
    citations: parts.filter(({ type }) => type === 'citation').length,
  };
}

/** The client makes of arguments that were cut what it can: `expect.anything()` stands for that. */
function argumentsOf(parts: readonly ModelStreamPart[], index: number): unknown {
  const json = parts
    .map((part) => (part.type === 'tool-call-delta' && part.index === index ? part.arguments : ''))
    .join('');
  // Groq's `null` says that there are no arguments.
  const input = json === '' || json === 'null' ? {} : parseJson(json);
  return input ?? expect.anything();
}

/** The same of the message that the official client made of them. */
function saidIn({ content }: Anthropic.Message) {
  const texts = content.filter((block) => block.type === 'text');
  const calls = content.filter((block) => block.type === 'tool_use');
  return {
    text: texts.map(({ text }) => text).join(''),
    thinking: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    calls: calls.map(({ name, input }) => [name, input]),
    citations: texts.reduce((sum, { citations }) => sum + (citations?.length ?? 0), 0),
  };
}

/** Why the stream ended, by what it holds rather than by its own word, unless it was cut short. */
function stopReasonOf(parts: readonly ModelStreamPart[]): string {
  const finish = parts.findLast((part) => part.type === 'finish');
  if (finish?.reason.raw === 'stop_sequence') return 'stop_sequence';
  if (finish?.reason.unified === 'length') return 'max_tokens';
  if (finish?.reason.unified === 'content-filter') return 'refusal';
  if (parts.some(({ type }) => type === 'refusal-delta')) return 'refusal';
  return parts.some(({ type }) => type === 'tool-call-start') ? 'tool_use' : 'end_turn';
}

/** Streams that end as an answer; those that end in a fault are the relay's to handle. */
function streamsOf(endpoint: string): readonly Recording[] {
  return recordingsOf(endpoint)
    .filter(isStream)
    .filter((recording) => {
      const parts = partsOf(recording);
      return (
        parts.some(({ type }) => type === 'finish') && !parts.some(({ type }) => type === 'error')
      );
    });
}

describe.skipIf(!hasRecordings)(
  `recorded streams as Messages${hasRecordings ? '' : `: ${NO_RECORDINGS}`}`,
  () => {
    it.each(
      Object.keys(MODELS).map((endpoint) => {
        const streams = streamsOf(endpoint);
        return { endpoint, count: streams.length, streams };
      }),
    )('give the official client what $count streams of $endpoint say', async ({ streams }) => {
      for (const recording of streams) {
        const parts = partsOf(recording);

        const message = await messageFrom(write(parts));

        expect(saidIn(message), recording.id).toEqual(saidBy(parts));
        expect(message.stop_reason, recording.id).toBe(stopReasonOf(parts));
      }
      expect(streams.length).toBeGreaterThan(10);
    });
  },
);
