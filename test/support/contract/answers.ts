import { expect } from 'vitest';
import type { ModelStreamPart } from '../../../src/domain/response.ts';
import { adapterOf } from '../../../src/providers/index.ts';
import type { Answer } from '../../simulator/answer.ts';
import type { Prompt } from '../../simulator/prompt.ts';
import { type AnswerFacts, factsOfParts, factsOfResponse } from '../answer-facts.ts';
import { aCall, aConversation } from '../builders.ts';
import { partsOfPieces } from '../recorded-call.ts';
import type { ContractCase, ContractSubject } from './subject.ts';

const USAGE = { inputTokens: 100, cachedTokens: 40, outputTokens: 20, reasoningTokens: 0 };

const TEXT: Answer = {
  reasoning: '',
  text: 'Grüße aus Oslo: 22 °C, 🌤 and "fine".',
  calls: [],
  finish: 'stop',
  usage: USAGE,
};
const THOUGHT: Answer = {
  ...TEXT,
  reasoning: 'First I look at the map.',
  usage: { ...USAGE, reasoningTokens: 7 },
};
const CALL = { id: 'abc', name: 'get_weather', args: { city: 'Oslo', days: [1, 2] } };
const ONE_CALL: Answer = { ...TEXT, text: '', calls: [CALL], finish: 'tool-calls' };
const TWO_CALLS: Answer = { ...ONE_CALL, calls: [CALL, { ...CALL, id: 'def', name: 'get_time' }] };
const BARE_CALL: Answer = { ...ONE_CALL, calls: [{ ...CALL, args: {} }] };
const REFUSAL: Answer = { ...TEXT, text: 'I cannot help with that.', finish: 'refusal' };

/** Places at which a stream is split in two; split at every byte it is read once as a whole. */
const MOST_SPLITS = 500;

function promptOf({ model }: ContractSubject, isStream: boolean): Prompt {
  return {
    model: model.upstreamModel,
    isStream,
    userText: 'Hello',
    characters: 5,
    attachments: [],
    tools: [],
    toolChoice: 'auto',
    allowsParallelCalls: true,
    toolResults: [],
    schema: undefined,
    maxTokens: undefined,
    stops: ['END'],
    wantsReasoning: false,
    wantsStreamUsage: true,
  };
}

function callOf({ model }: ContractSubject, stream: boolean) {
  return aCall({ model, conversation: aConversation({ stream }) });
}

/** What the provider would write one after the other. */
export function streamPieces(subject: ContractSubject, answer: Answer): readonly Uint8Array[] {
  const prompt = promptOf(subject, true);
  const pieces = subject.speaker.stream({ prompt, answer, id: 'answer-1', label: subject.wire });
  const encoder = new TextEncoder();
  return pieces.map(({ bytes }) => (typeof bytes === 'string' ? encoder.encode(bytes) : bytes));
}

export function streamBytes(subject: ContractSubject, answer: Answer): Uint8Array {
  return Buffer.concat(streamPieces(subject, answer));
}

export function partsIn(subject: ContractSubject, pieces: Iterable<Uint8Array>): ModelStreamPart[] {
  return partsOfPieces(adapterOf(subject.wire).openStream(callOf(subject, true)), pieces);
}

export function wholeBody(subject: ContractSubject, answer: Answer): string {
  const prompt = promptOf(subject, false);
  return JSON.stringify(
    subject.speaker.whole({ prompt, answer, id: 'answer-1', label: subject.wire }),
  );
}

export function readWhole(subject: ContractSubject, body: string) {
  return adapterOf(subject.wire).fromResponse(body, callOf(subject, false));
}

/** The facts of an answer by both ways; they must not differ. */
function factsBothWays(subject: ContractSubject, answer: Answer): AnswerFacts {
  const response = readWhole(subject, wholeBody(subject, answer));
  if ('kind' in response) throw new Error(response.message);
  const whole = factsOfResponse(response);
  const streamed = factsOfParts(partsIn(subject, [streamBytes(subject, answer)]));
  expect(streamed).toEqual(whole);
  return whole;
}

export { TEXT as TEXT_ANSWER };

export const answerCases: readonly ContractCase[] = [
  [
    'gives the text, who said it and how it ended',
    (subject) => {
      expect(factsBothWays(subject, TEXT)).toMatchObject({
        upstreamId: 'answer-1',
        upstreamModel: subject.model.upstreamModel,
        text: TEXT.text,
        reasoning: '',
        refusal: '',
        toolCalls: [],
        finish: { unified: 'stop' },
      });
    },
  ],
  [
    'gives usage in disjoint parts',
    (subject) => {
      expect(factsBothWays(subject, TEXT).usage).toMatchObject({
        input: 100,
        output: 20,
        cacheRead: 40,
      });
    },
  ],
  [
    'counts reasoning inside the output',
    (subject) => {
      expect(factsBothWays(subject, THOUGHT).usage.output).toBe(27);
    },
  ],
  [
    'gives reasoning apart from the text',
    (subject) => {
      expect(factsBothWays(subject, THOUGHT)).toMatchObject({
        text: THOUGHT.text,
        reasoning: THOUGHT.reasoning,
      });
    },
  ],
  [
    'gives one tool call',
    (subject) => {
      const { toolCalls, finish } = factsBothWays(subject, ONE_CALL);

      expect(toolCalls).toMatchObject([{ name: 'get_weather', arguments: CALL.args }]);
      expect(finish.unified).toBe('tool-calls');
    },
  ],
  [
    'gives parallel tool calls with ids that differ',
    (subject) => {
      const { toolCalls } = factsBothWays(subject, TWO_CALLS);

      expect(toolCalls.map(({ name }) => name)).toEqual(['get_weather', 'get_time']);
      expect(new Set(toolCalls.map(({ id }) => id)).size).toBe(2);
    },
  ],
  [
    'gives a tool call without arguments an empty object',
    (subject) => {
      expect(factsBothWays(subject, BARE_CALL).toolCalls).toMatchObject([{ arguments: {} }]);
    },
  ],
  [
    'tells an answer that was cut at the limit',
    (subject) => {
      const { finish } = factsBothWays(subject, { ...TEXT, finish: 'length' });

      expect(finish.unified).toBe('length');
    },
  ],
  [
    'tells an answer that ended at a stop sequence',
    (subject) => {
      const { finish } = factsBothWays(subject, { ...TEXT, finish: 'stop-sequence' });

      expect(finish.unified).toBe('stop');
    },
  ],
  [
    'F59 tells a refusal',
    (subject) => {
      const { refusal, finish } = factsBothWays(subject, REFUSAL);

      expect(refusal !== '' || finish.unified === 'content-filter').toBe(true);
    },
  ],
  [
    'F56 reads the same parts for every split of the bytes',
    (subject) => {
      const bytes = streamBytes(subject, { ...TWO_CALLS, reasoning: THOUGHT.reasoning });
      const read = (pieces: Iterable<Uint8Array>) => JSON.stringify(partsIn(subject, pieces));
      const whole = read([bytes]);
      const single = [...bytes.keys()].map((at) => bytes.subarray(at, at + 1));
      const step = Math.ceil(bytes.length / MOST_SPLITS);
      const places = [...bytes.keys()].filter((at) => at % step === 0);
      const splits = new Set(places.map((at) => read([bytes.subarray(0, at), bytes.subarray(at)])));

      expect(read(single)).toBe(whole);
      expect([...splits]).toEqual([whole]);
    },
  ],
  [
    'F50 holds nothing for content that only names the answer',
    (subject) => {
      const parts = partsIn(subject, [streamBytes(subject, TEXT)]);
      const content = parts.findIndex(({ type }) => type === 'text-delta');

      expect(
        parts.slice(0, content).every(({ type }) => type === 'start' || type === 'usage'),
      ).toBe(true);
    },
  ],
  [
    'F53 has a terminal sign, which comes last',
    (subject) => {
      const parts = partsIn(subject, [streamBytes(subject, TEXT)]);
      const finish = parts.findIndex(({ type }) => type === 'finish');

      expect(finish).toBeGreaterThan(0);
      expect(parts.slice(finish + 1).every(({ type }) => type === 'usage' || type === 'done')).toBe(
        true,
      );
    },
  ],
];
