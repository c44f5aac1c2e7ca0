import { expect, it } from 'vitest';
import { readJsonText } from '../../../../src/domain/json-text.ts';
import { type AllowedDifference, notAllowed } from '../../../support/allowed-differences.ts';
import { aConversation } from '../../../support/builders.ts';
import { describeRecorded, tallyOf } from '../../../support/describe-recorded.ts';
import { differencesOf } from '../../../support/json-differences.ts';
import { recordedAdapter, recordedCall } from '../../../support/recorded-call.ts';
import { type Recording, recordingsOf } from '../../../support/recordings.ts';

/** A request of the dialect is forwarded as it came; only this may differ. */
const FORWARDED: readonly AllowedDifference[] = [
  {
    name: 'nothing is stored, whatever was wished',
    path: /^store$/,
    holds: ({ after }) => after === false,
  },
  {
    name: 'stream: false is the default and is left out',
    path: /^stream$/,
    holds: ({ before, after }) => before === false && after === undefined,
  },
  {
    name: 'an answer that the provider keeps cannot be referred to',
    path: /^previous_response_id$/,
    holds: ({ after }) => after === undefined,
  },
  {
    name: "a stored prompt has a model of its own, which the router's choice goes before",
    path: /^model$/,
    holds: ({ before }) => before === undefined,
  },
];

const requests = recordingsOf('openai-responses').filter(({ request }) => request.body !== null);

/** The call that a caller's request of the same dialect leads to. */
function forwardedCall(recording: Recording) {
  const body = readJsonText(JSON.stringify(recording.request.body));
  if (!('members' in body)) throw new Error(body.message);
  const limit = body.value['max_output_tokens'];
  const native = {
    dialect: 'openai-responses',
    body,
    fields: new Set(body.members.keys()),
    untranslatable: [],
  } as const;
  return {
    ...recordedCall(recording),
    conversation: aConversation({ native, stream: body.value['stream'] === true }),
    maxOutputTokens: typeof limit === 'number' ? limit : undefined,
  };
}

describeRecorded('a recorded Responses request, sent to its own vendor', () => {
  const tally = tallyOf('recorded openai-responses requests that arrive as they were', requests);

  it.each(requests.map((recording) => [recording.id, recording] as const))(
    'arrives as it was: %s',
    (_, recording) => {
      const { body, warnings } = recordedAdapter(recording).toRequest(forwardedCall(recording));

      const differences = differencesOf(recording.request.body, JSON.parse(body));
      expect(notAllowed(differences, FORWARDED)).toEqual([]);
      expect(warnings).toEqual([]);
      tally.pass(recording);
    },
  );
});
