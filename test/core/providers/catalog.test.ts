import { describe, expect, it } from 'vitest';
import { VENDORS } from '../../../src/providers/catalog.ts';
import { adapterOf } from '../../../src/providers/index.ts';
import { aCall, aConversation, aModel } from '../../support/builders.ts';
import { describeRecorded } from '../../support/describe-recorded.ts';
import { jsonObjects } from '../../support/expected-answer.ts';
import { recordedCall, recordedFacts, vendorOf } from '../../support/recorded-call.ts';
import { recordingsWhere } from '../../support/recording-by-id.ts';
import { isStream, type Recording } from '../../support/recordings.ts';

const isPlainStream = (recording: Recording): boolean =>
  recording.endpoint === 'openai-chat' &&
  isStream(recording) &&
  !recording.kind.includes('error_in_stream');

/** How a stream of the recorded vendor may reach a caller of the dialect. */
const wayOf = (recording: Recording) =>
  adapterOf('openai').nativeStream(recordedCall(recording).model);

type Chunk = {
  readonly choices?: readonly { readonly delta?: object; readonly finish_reason?: unknown }[];
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number };
};

const chunksOf = ({ response }: Recording) => jsonObjects(response.body) as Chunk[]; // recorded chunks

describeRecorded('a vendor whose streams may pass as they come', () => {
  const native = recordingsWhere(
    (recording) => isPlainStream(recording) && wayOf(recording) !== 'departs',
  );

  it.each(native.map((recording) => [recording.id, recording] as const))(
    'ends with [DONE], has choices in every chunk, and counts as the dialect does: %s',
    (_, recording) => {
      const chunks = chunksOf(recording);
      const counted = chunks.findLast(({ usage }) => usage)?.usage;

      expect(recording.response.body.trimEnd().endsWith('data: [DONE]')).toBe(true);
      expect(chunks.every(({ choices }) => Array.isArray(choices))).toBe(true);
      expect(recordedFacts(recording).usage).toMatchObject({
        input: counted?.prompt_tokens,
        output: counted?.completion_tokens,
      });
    },
  );

  it.each(
    native
      .filter((recording) => wayOf(recording) === 'untouched')
      .map((recording) => [recording.id, recording] as const),
  )('sends no chunk that only one who asked for usage expects: %s', (_, recording) => {
    expect(chunksOf(recording).every(({ choices }) => choices?.length !== 0)).toBe(true);
  });
});

describe('a new vendor of the openai wire', () => {
  /** Nothing but its entry in the catalog and its recordings was added for it. */
  const vendor = VENDORS['zai'];

  it('is one entry: wire, address, secret, settings, quirks', () => {
    expect(vendor).toMatchObject({
      wire: 'openai',
      baseUrl: 'https://api.z.ai/api/paas/v4',
      secret: 'ZAI_API_KEY',
    });
  });

  it('is called at its address, with its key, in its words', () => {
    const conversation = aConversation({ reasoning: { effort: 'high' }, stream: true });
    const call = aCall({ model: aModel('zai/glm-4.7'), conversation, maxOutputTokens: 100 });

    const { url, headers, body } = adapterOf('openai').toRequest(call);

    expect(url).toBe('https://api.z.ai/api/paas/v4/chat/completions');
    expect(headers).toMatchObject({ authorization: 'Bearer test-key' });
    expect(JSON.parse(body)).toEqual({
      model: 'glm-4.7',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Hello' }],
      thinking: { type: 'enabled' },
    });
  });
});

describeRecorded('the recordings of a new vendor', () => {
  it('are read as they were given', () => {
    const recorded = recordingsWhere((recording) => vendorOf(recording) === 'zai');

    expect(recorded.length).toBeGreaterThan(0);
    for (const recording of recorded) {
      expect(recordedFacts(recording).finish.unified).not.toBe('unknown');
    }
  });
});
