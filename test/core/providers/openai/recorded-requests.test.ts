import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../../../src/domain/conversation.ts';
import { RouterError } from '../../../../src/domain/errors.ts';
import { readJsonText } from '../../../../src/domain/json-text.ts';
import { readChatRequest } from '../../../../src/ingest/chat-completions/request.ts';
import { allows, FORWARDED, notAllowed, TRANSLATED } from '../../../support/allowed-differences.ts';
import { describeRecorded, tallyOf } from '../../../support/describe-recorded.ts';
import { type Difference, differencesOf } from '../../../support/json-differences.ts';
import { recordedAdapter, recordedCall } from '../../../support/recorded-call.ts';
import { type Recording, recordingsOf } from '../../../support/recordings.ts';

/** Requests in a vendor's own spelling, which no caller of OpenAI's dialect writes: our door refuses. */
const REFUSED: Readonly<Record<string, string>> = {
  'huggingface.openai-chat.b6f8ce9548': 'messages.0.name',
  'huggingface.openai-chat.d54fcc62f0': 'messages.0.name',
  'mistral.openai-chat.1143824a4f': 'messages.0.content.1.type',
  'mistral.openai-chat.1d8ff4c168': 'messages.1.content.0.type',
  'mistral.openai-chat.5ae8daa083': 'messages.1.content.0.type',
  'mistral.openai-chat.5b42cae61b': 'tools.0.type',
  'mistral.openai-chat.730a2216a9': 'tools.0.type',
  'mistral.openai-chat.86ef12a27f': 'tool_choice',
  'mistral.openai-chat.b02d6673d3': 'tool_choice',
  'mistral.openai-chat.bb7085112e': 'tool_choice',
  'mistral.openai-chat.c22267dbc2': 'tool_choice',
  'mistral.openai-chat.c80d16b480': 'messages.3.content.1.image_url',
  'mistral.openai-chat.ce126b3600': 'tools.0.type',
  'mistral.openai-chat.fc4585bff3': 'messages.4.content.1.type',
  'openai.openai-chat.3300b35a68': 'modalities.1',
  'openai.openai-chat.4f7ad0bd9a': 'functions',
  'openai.openai-chat.931cf02bf5': 'tools.0.type',
  'openai.openai-chat.93fc41b91d': 'max_tokens',
  'openai.openai-chat.c1ce1dab33': 'messages.0.content',
  'openai.openai-chat.ee93b0307f': 'messages.0.content.1.image_url',
  'perplexity.openai-chat.5ffbe0ee44': 'messages.0.content.1.type',
  'xai.openai-chat.4ccfb6bf8c': 'tool_choice.type',
  'xai.openai-chat.d039029732': 'tool_choice.type',
  'xai.openai-chat.e287e671bb': 'tool_choice.type',
  'zai.openai-chat.d7db90c616': 'messages.2.tool_call_id',
};

const requests = recordingsOf('openai-chat').filter(({ request }) => request.body !== null);
const taken = requests.filter(({ id }) => REFUSED[id] === undefined);
const refused = requests.filter(({ id }) => REFUSED[id] !== undefined);
const rows = (recordings: readonly Recording[]) =>
  recordings.map((recording) => [recording.id, recording] as const);

function conversationOf({ request }: Recording): Conversation {
  const body = readJsonText(JSON.stringify(request.body));
  if (!('members' in body)) throw new Error(body.message);
  return readChatRequest(body).conversation;
}

function differencesIn(recording: Recording, conversation: Conversation): readonly Difference[] {
  const call = { ...recordedCall(recording), conversation };
  const { maxOutputTokens } = conversation;
  const { body } = recordedAdapter(recording).toRequest({ ...call, maxOutputTokens });
  return differencesOf(recording.request.body, JSON.parse(body));
}

describeRecorded('a recorded request, read at our door and sent to its own vendor', () => {
  const tally = tallyOf('recorded openai-chat requests that arrive as they were', taken);

  it.each(rows(taken))('arrives as it was: %s', (_, recording) => {
    const conversation = conversationOf(recording);

    const forwarded = differencesIn(recording, conversation);
    const translated = differencesIn(recording, { ...conversation, native: undefined });

    expect(notAllowed(forwarded, FORWARDED)).toEqual([]);
    expect(notAllowed(translated, TRANSLATED)).toEqual([]);
    tally.pass(recording);
  });

  it('uses every difference of the list', () => {
    const seen = taken.flatMap((recording) =>
      differencesIn(recording, { ...conversationOf(recording), native: undefined }),
    );
    const unused = TRANSLATED.filter((rule) => !seen.some((found) => allows(rule, found)));

    expect(unused.map(({ name }) => name)).toEqual([]);
  });

  describe('is refused with its field named, where it is in a spelling of a vendor alone', () => {
    it.each(rows(refused))('%s', (id, recording) => {
      const read = (): Conversation => conversationOf(recording);

      expect(read).toThrow(RouterError);
      expect(read).toThrow(expect.objectContaining({ details: { field: REFUSED[id] } }));
    });
  });
});
