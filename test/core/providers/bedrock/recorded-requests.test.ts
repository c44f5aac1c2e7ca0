import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { type AllowedDifference, notAllowed } from '../../../support/allowed-differences.ts';
import { parsed } from '../../../support/answer-facts.ts';
import { conversationOfConverse } from '../../../support/conversation-of-converse.ts';
import { describeRecorded, tallyOf } from '../../../support/describe-recorded.ts';
import { differencesOf } from '../../../support/json-differences.ts';
import { recordedAdapter, recordedCall } from '../../../support/recorded-call.ts';
import { type Recording, recordingsOf } from '../../../support/recordings.ts';

/** What Converse has beyond our words: no caller can ask for it, so that no request of ours holds it. */
const BEYOND_OUR_WORDS =
  /"(?:guardContent|guardrailConfig|s3Location|systemTool|serviceTier|citations)"/;

/** No caller speaks Converse: a request is read into our words and said again, and only this differs. */
const TRANSLATED: readonly AllowedDifference[] = [
  {
    name: 'parts without anything in them are left out',
    path: /^(?:system|inferenceConfig|inferenceConfig\.stopSequences)$/,
    holds: ({ before, after }) => isEmpty(before) && after === undefined,
  },
  {
    name: 'status: success is the default of a result',
    path: /\.toolResult\.status$/,
    holds: ({ before, after }) => before === 'success' && after === undefined,
  },
  {
    name: 'a schema is JSON text, whose spaces say nothing',
    path: /\.jsonSchema\.schema$/,
    holds: ({ before, after }) => isDeepStrictEqual(parsed(String(before)), parsed(String(after))),
  },
  {
    name: 'thinking has two names',
    path: /^additionalModelRequestFields\.(?:thinking|reasoning_config)$/,
    holds: ({ before, after }) => before === undefined || after === undefined,
  },
  {
    name: 'Claude takes no temperature beside thinking',
    path: /^inferenceConfig$/,
    holds: ({ before, after }) =>
      isDeepStrictEqual(before, { temperature: 1 }) && after === undefined,
  },
  {
    name: 'Claude takes one of temperature and topP',
    path: /^inferenceConfig\.topP$/,
    holds: ({ after }) => after === undefined,
  },
];

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

const requests = recordingsOf('bedrock-converse', 'bedrock-converse-stream');
const speakable = requests.filter(
  ({ request }) => !BEYOND_OUR_WORDS.test(JSON.stringify(request.body)),
);

/** There is room for the thinking that was recorded. */
function callOf(recording: Recording) {
  const stream = recording.endpoint === 'bedrock-converse-stream';
  const conversation = conversationOfConverse(recording.request.body, stream);
  const { maxOutputTokens } = conversation;
  return { ...recordedCall(recording), conversation, maxOutputTokens, outputRoomTokens: 64_000 };
}

describeRecorded('a recorded request of Converse, read into our words', () => {
  const tally = tallyOf('recorded requests of Converse that are said again', speakable);

  it.each(speakable.map((recording) => [recording.id, recording] as const))(
    'is said again: %s',
    (_, recording) => {
      const { url, body } = recordedAdapter(recording).toRequest(callOf(recording));

      const differences = differencesOf(recording.request.body, JSON.parse(body));
      expect(notAllowed(differences, TRANSLATED)).toEqual([]);
      const { path } = recording.request;
      expect(decodeURIComponent(new URL(url).pathname)).toBe(decodeURIComponent(path));
      tally.pass(recording);
    },
  );

  it('leaves out only recordings that use what no caller can ask for', () => {
    const left = requests.filter((recording) => !speakable.includes(recording));

    expect(left.map(({ id }) => id)).toMatchInlineSnapshot(`
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
