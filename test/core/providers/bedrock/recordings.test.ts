import { describe, expect, it } from 'vitest';
import { anthropic } from '../../../../src/providers/anthropic/index.ts';
import { bedrock } from '../../../../src/providers/bedrock/index.ts';
import { aModel } from '../../../support/builders.ts';
import {
  expectedConverse,
  expectedInvoke,
  isMessagesBody,
} from '../../../support/expected-bedrock.ts';
import { errorClasses, itReadsRecordedAnswers } from '../../../support/recorded-answers.ts';
import { hasRecordings, NO_RECORDINGS, recordingsOf } from '../../../support/recordings.ts';

const SKIP = hasRecordings ? '' : ` (skipped: ${NO_RECORDINGS})`;

describe.skipIf(!hasRecordings)(`bedrock, on recorded answers of Converse${SKIP}`, () => {
  const converse = {
    adapter: bedrock,
    recordings: recordingsOf('bedrock-converse', 'bedrock-converse-stream'),
    expected: expectedConverse,
    modelOf: () => aModel('bedrock/test'),
  };

  itReadsRecordedAnswers(converse);

  it('gives each recorded error its class', () => {
    expect(errorClasses(converse)).toMatchInlineSnapshot(`
      [
        "aws-bedrock.bedrock-converse-stream.e90160d42d 400: route model_gone",
        "aws-bedrock.bedrock-converse.4dcfea26ba 403: key key_rejected",
        "aws-bedrock.bedrock-converse.8a0c2392de 400: client rejected_request",
        "aws-bedrock.bedrock-converse.f8cf4c82e0 400: client rejected_request",
      ]
    `);
  });
});

describe.skipIf(!hasRecordings)(`anthropic, on recorded answers of Bedrock's invoke${SKIP}`, () => {
  itReadsRecordedAnswers({
    adapter: anthropic,
    recordings: recordingsOf('bedrock-invoke', 'bedrock-invoke-stream').filter(isMessagesBody),
    expected: expectedInvoke,
    modelOf: () => aModel('bedrock/test', { wire: 'anthropic' }),
  });
});
