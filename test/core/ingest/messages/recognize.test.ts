import { describe, expect, it } from 'vitest';
import { isMessagesBody } from '../../../../src/ingest/messages/recognize.ts';
import { jsonText } from '../../../support/messages-bodies.ts';
import { hasRecordings, NO_RECORDINGS, recordingsOf } from '../../../support/recordings.ts';

const NO_HEADERS = new Headers();
const ASKED = [{ role: 'user', content: 'Hello' }];

describe('isMessagesBody', () => {
  it.each([
    ['the header of every Anthropic client', {}, { 'anthropic-version': '2023-06-01' }],
    ['instructions at the top', { system: 'Be brief.' }, {}],
    ['stop_sequences', { stop_sequences: ['END'] }, {}],
    ['output_config', { output_config: { effort: 'low' } }, {}],
    ['a tool with its input_schema', { tools: [{ name: 'a', input_schema: {} }] }, {}],
    ['an image block', { messages: [{ role: 'user', content: [{ type: 'image' }] }] }, {}],
    ['a tool result', { messages: [{ role: 'user', content: [{ type: 'tool_result' }] }] }, {}],
  ])('knows a body by %s', (_, fields, headers) => {
    const body = jsonText({ max_tokens: 5, messages: ASKED, ...fields });
    expect(isMessagesBody(body, new Headers(headers))).toBe(true);
  });

  it('leaves to Chat Completions what could be either', () => {
    const body = jsonText({ max_tokens: 5, messages: ASKED });
    expect(isMessagesBody(body, NO_HEADERS)).toBe(false);
  });

  it.skipIf(!hasRecordings)(
    `takes no recorded Chat Completions request for its own${hasRecordings ? '' : ` (${NO_RECORDINGS})`}`,
    () => {
      const bodies = recordingsOf('openai-chat').filter(({ request }) => request.body !== null);

      const taken = bodies.filter(({ request }) =>
        isMessagesBody(jsonText(request.body), NO_HEADERS),
      );

      expect(taken.map(({ id }) => id)).toEqual([]);
      expect(bodies.length).toBeGreaterThan(100);
    },
  );
});
