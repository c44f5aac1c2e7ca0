import { describe, expect, it } from 'vitest';
import { openaiResponses } from '../../../../src/providers/openai-responses/index.ts';
import { aModel } from '../../../support/builders.ts';
import { expectedResponse } from '../../../support/expected-responses.ts';
import { errorClasses, itReadsRecordedAnswers } from '../../../support/recorded-answers.ts';
import {
  hasRecordings,
  NO_RECORDINGS,
  type Recording,
  recordingsOf,
} from '../../../support/recordings.ts';

const SKIP = hasRecordings ? '' : ` (skipped: ${NO_RECORDINGS})`;

/** Recorded providers whose name in the catalog is another one. */
const NAMES: Readonly<Record<string, string>> = { 'aws-bedrock-mantle': 'bedrock-mantle' };

function modelOf({ provider }: Recording) {
  return aModel(`${NAMES[provider] ?? provider}/test`, { wire: 'openai-responses' });
}

describe.skipIf(!hasRecordings)(`openaiResponses, on recorded answers${SKIP}`, () => {
  const responses = {
    adapter: openaiResponses,
    recordings: recordingsOf('openai-responses'),
    expected: expectedResponse,
    modelOf,
  };

  itReadsRecordedAnswers(responses);

  it('gives each recorded error its class', () => {
    expect(errorClasses(responses)).toMatchInlineSnapshot(`
      [
        "openai.openai-responses.1f9021407b 400: route model_gone",
        "openai.openai-responses.5aa920602a 400: route model_gone",
        "openai.openai-responses.8efe9f2ad6 400: client rejected_request",
        "openai.openai-responses.9df1b9fa6b 401: key key_rejected",
        "openai.openai-responses.c047d19dc1 400: route model_gone",
        "xai.openai-responses.b397082183 400: route model_gone",
      ]
    `);
  });
});
