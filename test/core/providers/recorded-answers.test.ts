import { expect, it } from 'vitest';
import type { AnswerFacts } from '../../support/answer-facts.ts';
import { describeRecorded, tallyOf } from '../../support/describe-recorded.ts';
import { expectedAnswer } from '../../support/expected-answer.ts';
import { recordedFacts } from '../../support/recorded-call.ts';
import { type Recording, recordingsOf } from '../../support/recordings.ts';

/** Of Bedrock's native calls only those whose body is Anthropic's are of a wire that we speak. */
function isOfOurWires({ endpoint, request }: Recording): boolean {
  const isNative = endpoint === 'bedrock-invoke' || endpoint === 'bedrock-invoke-stream';
  return !isNative || JSON.stringify(request.body).includes('"anthropic_version"');
}

const recordings = recordingsOf(
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini-generate',
  'bedrock-converse',
  'bedrock-converse-stream',
  'bedrock-invoke',
  'bedrock-invoke-stream',
).filter(({ response }) => response.status === 200);

const answers = recordings.filter(
  (recording) => isOfOurWires(recording) && !recording.kind.includes('error_in_stream'),
);

const MADE_ID = /^call_[\w-]{1,64}$/;

/** Ids that the router made up are told apart and then compared as `made`. */
function withMadeIds(facts: AnswerFacts, expected: AnswerFacts): AnswerFacts {
  const ids = facts.toolCalls.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const toolCalls = facts.toolCalls.map((call, at) => {
    const isMade = expected.toolCalls[at]?.id === 'made';
    if (isMade) expect(call.id).toMatch(MADE_ID);
    return isMade ? { ...call, id: 'made' } : call;
  });
  return { ...facts, toolCalls };
}

describeRecorded('the answer of a recording', () => {
  const tally = tallyOf('recorded answers', answers);

  it.each(answers.map((recording) => [recording.id, recording] as const))(
    'is read from %s as it was given',
    (_, recording) => {
      const expected = expectedAnswer(recording);

      const facts = recordedFacts(recording);

      expect(withMadeIds(facts, expected)).toEqual(expected);
      tally.pass(recording);
    },
  );
});
