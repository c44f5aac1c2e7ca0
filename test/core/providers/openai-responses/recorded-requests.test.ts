import { describe, expect, it } from 'vitest';
import type { JsonText } from '../../../../src/domain/json-text.ts';
import { readJsonText } from '../../../../src/domain/json-text.ts';
import { openaiResponses } from '../../../../src/providers/openai-responses/index.ts';
import { aCall, aConversation, aModel } from '../../../support/builders.ts';
import { hasRecordings, recordingsOf } from '../../../support/recordings.ts';

// biome-ignore lint/suspicious/noExplicitAny: raw JSON of a recording, read without any schema
type Raw = any;

function jsonTextOf(body: unknown): JsonText {
  const json = readJsonText(JSON.stringify(body));
  if ('message' in json) throw new Error(json.message);
  return json;
}

/**
 * The differences that are allowed: nothing is stored, whatever was wished; `stream: false` is the
 * default; an answer that the provider keeps cannot be referred to; a limit is 16 at the least.
 */
function normalized(recorded: Raw): Raw {
  const { stream, previous_response_id: _, ...body } = recorded;
  return { ...body, store: false, ...(stream === true && { stream }) };
}

const RECORDINGS = recordingsOf('openai-responses').filter(({ request }) => request.body !== null);

describe.skipIf(!hasRecordings)('openaiResponses.toRequest, on recorded requests', () => {
  it.each(RECORDINGS.map((recording) => [recording.id, recording] as const))(
    'forwards the request of %s as it came',
    (_, { request, model }) => {
      const body: Raw = request.body;
      const native = {
        dialect: 'openai-responses' as const,
        body: jsonTextOf(body),
        fields: new Set(Object.keys(body)),
        untranslatable: [],
      };
      const call = aCall({
        model: aModel('openai/test', { wire: 'openai-responses', upstreamModel: model ?? 'none' }),
        conversation: aConversation({ native, stream: body.stream === true }),
        maxOutputTokens: body.max_output_tokens,
      });

      const sent = openaiResponses.toRequest(call);

      expect(JSON.parse(sent.body)).toEqual(normalized({ ...body, model }));
      expect(sent.warnings).toEqual([]);
    },
  );

  it('was tried with every recording that has a request', () => {
    process.stdout.write(`openai-responses: ${RECORDINGS.length} requests\n`);

    expect(RECORDINGS.length).toBeGreaterThan(50);
  });
});
