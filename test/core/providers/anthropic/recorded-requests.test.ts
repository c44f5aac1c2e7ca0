import { expect, it } from 'vitest';
import { type AllowedDifference, notAllowed } from '../../../support/allowed-differences.ts';
import { aCall, aModel } from '../../../support/builders.ts';
import { describeRecorded, tallyOf } from '../../../support/describe-recorded.ts';
import { differencesOf } from '../../../support/json-differences.ts';
import { recordedAdapter } from '../../../support/recorded-call.ts';
import { recordedConversation } from '../../../support/recorded-conversation.ts';
import { recordingsOf } from '../../../support/recordings.ts';

/** A request of the dialect is forwarded as it came; only this may differ. */
const FORWARDED: readonly AllowedDifference[] = [
  {
    name: 'stream: false is the default and is left out',
    path: /^stream$/,
    holds: ({ before, after }) => before === false && after === undefined,
  },
  {
    name: 'Vertex names the model in the path and the version in the body; others the other way round',
    path: /^(?:model|anthropic_version)$/,
    holds: ({ before, after }) => before === undefined || after === undefined,
  },
];

const requests = recordingsOf('anthropic-messages').filter(({ request }) => request.body !== null);

describeRecorded('a recorded Messages request, sent to its own wire', () => {
  const tally = tallyOf('recorded anthropic-messages requests that arrive as they were', requests);

  it.each(requests.map((recording) => [recording.id, recording] as const))(
    'arrives as it was: %s',
    (_, recording) => {
      const conversation = recordedConversation(recording);
      if (conversation === undefined) throw new Error('the request cannot be read');
      const model = aModel('anthropic/recorded', { upstreamModel: recording.model ?? 'recorded' });

      const { body } = recordedAdapter(recording).toRequest(aCall({ model, conversation }));

      const differences = differencesOf(recording.request.body, JSON.parse(body));
      expect(notAllowed(differences, FORWARDED)).toEqual([]);
      tally.pass(recording);
    },
  );
});
