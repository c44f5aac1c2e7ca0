import { expect, it } from 'vitest';
import { type AllowedDifference, notAllowed } from '../../../support/allowed-differences.ts';
import { describeRecorded, tallyOf } from '../../../support/describe-recorded.ts';
import { differencesOf } from '../../../support/json-differences.ts';
import { recordedAdapter, recordedCall } from '../../../support/recorded-call.ts';
import { recordedConversation } from '../../../support/recorded-conversation.ts';
import { isStream, type Recording, recordingsOf } from '../../../support/recordings.ts';

/** A request of the dialect is forwarded as it came; only this may differ. */
const FORWARDED: readonly AllowedDifference[] = [
  {
    name: 'stream: false is the default and is left out',
    path: /^stream$/,
    holds: ({ before, after }) => before === false && after === undefined,
  },
];

/** Older models behind Bedrock's invoke had other bodies than that of the dialect. */
function isOfDialect({ endpoint, request }: Recording): boolean {
  return endpoint === 'anthropic-messages'
    ? request.body !== null
    : JSON.stringify(request.body).includes('"anthropic_version"');
}

const requests = recordingsOf(
  'anthropic-messages',
  'bedrock-invoke',
  'bedrock-invoke-stream',
).filter(isOfDialect);

describeRecorded('a recorded Messages request, sent to the host that it was recorded at', () => {
  const tally = tallyOf('recorded anthropic-messages requests that arrive as they were', requests);

  it.each(requests.map((recording) => [recording.id, recording] as const))(
    'arrives as it was: %s',
    (_, recording) => {
      const read = recordedConversation(recording);
      if (read === undefined) throw new Error('the request cannot be read');
      // Bedrock says in the path whether to stream.
      const conversation = { ...read, stream: isStream(recording) || read.stream };

      const { url, body } = recordedAdapter(recording).toRequest({
        ...recordedCall(recording),
        conversation,
        maxOutputTokens: conversation.maxOutputTokens,
      });

      const differences = differencesOf(recording.request.body, JSON.parse(body));
      expect(notAllowed(differences, FORWARDED)).toEqual([]);
      // The project of Vertex is taken out of the recordings; every variable is `test` here.
      const [recorded = ''] = recording.request.path.replace('PROJECT', 'test').split('?');
      expect(decodeURIComponent(new URL(url).pathname)).toBe(decodeURIComponent(recorded));
      tally.pass(recording);
    },
  );
});
