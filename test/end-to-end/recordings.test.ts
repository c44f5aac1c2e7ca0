import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedReply } from '../simulator/plan.ts';
import {
  bodyBytes,
  hasRecordings,
  isStream,
  NO_RECORDINGS,
  type Recording,
  recordingsOf,
} from '../support/recordings.ts';
import { anEntry } from './registries.ts';
import { chat, openStage, read, type Stage } from './stage.ts';
import { chatAnswer, recordedAnswer } from './wire-answer.ts';

/** Per wire: text, streams, one and several tools, pictures, reasoning, cut, filtered and cached. */
const PLAYED: Readonly<Record<string, readonly string[]>> = {
  'openai-chat': [
    'openai.openai-chat.f6e7802ebf',
    'openai.openai-chat.39db76b187',
    'openai.openai-chat.063c3534df',
    'openai.openai-chat.1efcce6f84',
    'openai.openai-chat.7153b3a3f3',
    'openai.openai-chat.b06c75b233',
    'openai.openai-chat.5d2685341d',
    'openai.openai-chat.9eb3245fec',
    'openai.openai-chat.10e9f63a53',
    'deepseek.openai-chat.fb72e809e3',
    'deepseek.openai-chat.1526693e1d',
    'mistral.openai-chat.81e44f3c97',
    'groq.openai-chat.5b083d1214',
    'cerebras.openai-chat.c57f321436',
  ],
  'anthropic-messages': [
    'anthropic.anthropic-messages.24c68cb82c',
    'anthropic.anthropic-messages.28509a7903',
    'anthropic.anthropic-messages.388ce30302',
    'anthropic.anthropic-messages.3c2a739cf2',
    'anthropic.anthropic-messages.53749d8275',
    'anthropic.anthropic-messages.821bf74333',
    'anthropic.anthropic-messages.8f1fdaf3e5',
    'anthropic.anthropic-messages.d87c6dd04b',
    'anthropic.anthropic-messages.50ce69a908',
    'anthropic.anthropic-messages.f0af833b8d',
  ],
  'gemini-generate': [
    'google-gemini.gemini-generate.1fe54a7dc2',
    'google-gemini.gemini-generate.3dba4af2ba',
    'google-gemini.gemini-generate.214ee57dc2',
    'google-gemini.gemini-generate.2d4323af09',
    'google-gemini.gemini-generate.19e3dfe565',
    'google-gemini.gemini-generate.d45991fb63',
    'google-gemini.gemini-generate.623fbcd7da',
    'google-gemini.gemini-generate.d16bc0657d',
    'google-gemini.gemini-generate.c5395dbfcf',
    'google-gemini.gemini-generate.c579f371f2',
  ],
};

const PROVIDERS: Readonly<Record<string, string>> = { 'google-gemini': 'google' };

function modelOf({ provider }: Recording): string {
  return `${PROVIDERS[provider] ?? provider}/recorded`;
}

function registryFor(recordings: readonly Recording[]) {
  const models = new Set(recordings.map(modelOf));
  return Object.fromEntries([...models].map((id) => [id, anEntry(id.split('/')[0] ?? '', 0.001)]));
}

/** The recorded bytes in the recorded pieces. */
function replyOf(recording: Recording): RecordedReply {
  const { status, headers, chunk_lengths: lengths } = recording.response;
  const bytes = bodyBytes(recording);
  let at = 0;
  const chunks = (lengths ?? [bytes.length]).map((length) => {
    at += length;
    return bytes.slice(at - length, at);
  });
  return { status, headers: { 'content-type': headers['content-type'] ?? '' }, chunks };
}

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** A Chat Completions request that could have had the recorded answer. */
function requestFor(recording: Recording): object {
  const { kind } = recording;
  const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } };
  const names = new Set(recordedAnswer(recording).calls.map(({ name }) => name));
  const tools = [...names].map((name) => ({ type: 'function', function: { name } }));
  return {
    model: modelOf(recording),
    messages: [
      {
        role: 'user',
        content: [{ type: 'text', text: 'Go on.' }, ...(kind.includes('vision') ? [image] : [])],
      },
    ],
    ...(tools.length > 0 && { tools }),
    ...(kind.includes('reasoning') && { reasoning: { effort: 'low' } }),
    ...(isStream(recording) && { stream: true, stream_options: { include_usage: true } }),
  };
}

type Generation = {
  readonly outcome: string;
  readonly lines: readonly {
    readonly usage: Readonly<Record<string, number>>;
    readonly usageIsEstimated: boolean;
  }[];
};

const recordings = recordingsOf(...Object.keys(PLAYED));
const played = new Set(Object.values(PLAYED).flat());

describe.skipIf(!hasRecordings)(
  `a recorded answer${hasRecordings ? '' : ` (skipped: ${NO_RECORDINGS})`}`,
  () => {
    let stage: Stage;
    beforeAll(async () => {
      const registry = registryFor(recordings.filter(({ id }) => played.has(id)));
      stage = await openStage({ registry, simulator: { gapMs: 2 } });
    });
    afterAll(() => stage.close());

    it.each(
      [...played].map((id) => {
        const recording = recordings.find((candidate) => candidate.id === id);
        return [id, recording?.kind.join(' '), recording] as const;
      }),
    )('comes through the Worker: %s %s', async (id, __, recording) => {
      if (recording === undefined) throw new Error(`there is no recording ${id}`);
      const expected = recordedAnswer(recording);
      stage.simulator.setPlan([{ recorded: replyOf(recording) }]);

      const response = await chat(stage, requestFor(recording));
      const answer = chatAnswer(await response.text());

      expect(response.status).toBe(200);
      expect(answer).toEqual(expected);
      const requestId = response.headers.get('x-router-request-id');
      const { outcome, lines } = await read<Generation>(stage, `/v1/generations/${requestId}`);
      expect(outcome).toBe('answered');
      expect(lines).toHaveLength(1);
      expect(lines[0]?.usageIsEstimated).toBe(expected.usage === undefined);
    });
  },
);
