import { describe, expect, it } from 'vitest';
import { bedrock } from '../../../../src/providers/bedrock/index.ts';
import { aCall, aModel } from '../../../support/builders.ts';
import { conversationOfConverse } from '../../../support/conversation-of-converse.ts';
import { hasRecordings, type Recording, recordingsOf } from '../../../support/recordings.ts';

// biome-ignore lint/suspicious/noExplicitAny: raw JSON of a recording, read without any schema
type Raw = any;

/** What Converse has beyond our words: no caller can ask for it, so no request of ours holds it. */
const BEYOND_OUR_WORDS = [
  'guardContent',
  'guardrailConfig',
  's3Location',
  'systemTool',
  'serviceTier',
];

/**
 * The differences that are allowed, each because both forms mean the same to the service:
 * empty `system` and `inferenceConfig` are left out; `status: success` and `toolChoice: auto` are the
 * defaults; the schema is text whose spaces do not count; thinking has two names; a document's text may
 * come as bytes; Claude takes no temperature beside thinking, and newer ones none beside `topP`.
 */
function normalized(recorded: Raw): Raw {
  const body = structuredClone(recorded);
  const { system, inferenceConfig, outputConfig, additionalModelRequestFields: fields } = body;
  if (system?.length === 0) delete body.system;
  if (fields?.reasoning_config) {
    fields.thinking = fields.reasoning_config;
    delete fields.reasoning_config;
  }
  if (fields?.thinking) delete inferenceConfig?.temperature;
  if (inferenceConfig?.temperature !== undefined) delete inferenceConfig.topP;
  if (inferenceConfig?.stopSequences?.length === 0) delete inferenceConfig.stopSequences;
  if (inferenceConfig && Object.keys(inferenceConfig).length === 0) delete body.inferenceConfig;
  const schema = outputConfig?.textFormat.structure.jsonSchema;
  if (schema) schema.schema = JSON.parse(schema.schema);
  if (body.toolConfig?.toolChoice?.auto) delete body.toolConfig.toolChoice;
  for (const { content } of body.messages) {
    for (const { toolResult } of content) {
      if (toolResult?.status === 'success') delete toolResult.status;
    }
  }
  return body;
}

function isWithinOurWords({ request }: Recording): boolean {
  const text = JSON.stringify(request.body);
  return (
    !BEYOND_OUR_WORDS.some((word) => text.includes(`"${word}"`)) && !text.includes('"citations"')
  );
}

const RECORDINGS = recordingsOf('bedrock-converse', 'bedrock-converse-stream');
const SPEAKABLE = RECORDINGS.filter(isWithinOurWords);

describe.skipIf(!hasRecordings)('bedrock.toRequest, on recorded requests of Converse', () => {
  it.each(SPEAKABLE.map((recording) => [recording.id, recording] as const))(
    'says the request of %s again',
    (_, { request, model, endpoint }) => {
      const stream = endpoint === 'bedrock-converse-stream';
      const call = aCall({
        model: aModel('bedrock/test', { upstreamModel: model ?? 'unknown' }),
        conversation: conversationOfConverse(request.body, stream),
        outputRoomTokens: 64_000,
      });

      const sent = bedrock.toRequest(call);

      expect(normalized(JSON.parse(sent.body))).toEqual(normalized(request.body));
      expect(decodeURIComponent(new URL(sent.url).pathname)).toBe(decodeURIComponent(request.path));
    },
  );

  it('leaves out only recordings that use what no caller can ask for', () => {
    process.stdout.write(`aws-bedrock: ${SPEAKABLE.length} of ${RECORDINGS.length} requests\n`);

    expect(
      RECORDINGS.filter((recording) => !SPEAKABLE.includes(recording)).map(({ id }) => id),
    ).toMatchInlineSnapshot(`
      [
        "aws-bedrock.bedrock-converse-stream.11d0510309",
        "aws-bedrock.bedrock-converse-stream.3e02e3ae65",
        "aws-bedrock.bedrock-converse-stream.6260caf2cb",
        "aws-bedrock.bedrock-converse.11e26d0b57",
        "aws-bedrock.bedrock-converse.3657964833",
        "aws-bedrock.bedrock-converse.50828f594b",
        "aws-bedrock.bedrock-converse.8a0c2392de",
        "aws-bedrock.bedrock-converse.8dd961462f",
        "aws-bedrock.bedrock-converse.f4114bbf20",
        "aws-bedrock.bedrock-converse.f8cf4c82e0",
      ]
    `);
  });
});
