import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../../../src/domain/conversation.ts';
import { isJsonObject, parseJson } from '../../../../src/domain/json.ts';
import type { RoutableModel } from '../../../../src/domain/model.ts';
import type { WireRequest } from '../../../../src/domain/ports.ts';
import { readMessagesRequest } from '../../../../src/ingest/messages/request.ts';
import { adapterOf } from '../../../../src/providers/index.ts';
import { aCall, aModel } from '../../../support/builders.ts';
import { jsonText } from '../../../support/messages-bodies.ts';
import {
  hasRecordings,
  NO_RECORDINGS,
  type Recording,
  recordingsOf,
} from '../../../support/recordings.ts';

/** Recorded to see the refusal: its messages are no objects. */
const MALFORMED = 'anthropic.anthropic-messages.b8d04a1907';

const ALL = recordingsOf('anthropic-messages');
const READABLE = ALL.filter(({ id }) => id !== MALFORMED);

const TRANSLATED = READABLE.filter((recording) => !read(recording).native?.isOnlyForm);

function read({ request }: Recording): Conversation {
  const headers = new Headers(request.headers);
  return readMessagesRequest(jsonText(request.body), headers).conversation;
}

function send(conversation: Conversation, model: RoutableModel): WireRequest {
  return adapterOf(model.wire).toRequest(aCall({ conversation, model }));
}

/** What a translation must bring across, taken from the recorded JSON by itself. */
function contentsIn(body: unknown): readonly string[] {
  const { system, messages, tools } = body as RecordedBody;
  const blocks = [system ?? [], ...messages.map(({ content }) => content)].flat();
  return [...blocks.flatMap(wordsIn), ...(tools ?? []).flatMap(({ name }) => name ?? [])];
}

type RecordedBody = {
  readonly system?: string | readonly RecordedBlock[];
  readonly messages: readonly { readonly content: string | readonly RecordedBlock[] }[];
  readonly tools?: readonly { readonly name?: string }[];
};

type RecordedBlock = {
  readonly type: string;
  readonly text?: string;
  readonly name?: string;
  readonly content?: string | readonly RecordedBlock[];
  readonly source?: { readonly data?: string; readonly url?: string };
};

function wordsIn(block: string | RecordedBlock): readonly string[] {
  if (typeof block === 'string') return [block];
  const { type, text, name, content, source } = block;
  switch (type) {
    case 'text':
      return [text ?? ''];
    case 'tool_use':
      return [name ?? ''];
    case 'tool_result':
    case 'search_result':
      return [content ?? []].flat().flatMap(wordsIn);
    case 'image':
    case 'document':
      return [source?.data ?? source?.url ?? ''];
    default:
      return [];
  }
}

/** Results that are JSON objects may arrive as such: what stands in them counts. */
function leavesOf(words: string): readonly string[] {
  const json = parseJson(words);
  return isJsonObject(json) ? Object.values(json).map(stringsIn) : [words];
}

/** Every string of a body. */
function stringsIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, item]) => `${key}\n${stringsIn(item)}`)
    .join('\n');
}

/** Blocks that only Anthropic's own servers write or read: to be said lost, not to be found. */
function lostTypesIn(body: unknown): readonly string[] {
  const known = new Set(['text', 'image', 'document', 'tool_use', 'tool_result', 'thinking']);
  const { messages } = body as RecordedBody;
  const blocks = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  return blocks.map(({ type }) => type).filter((type) => !known.has(type));
}

describe.skipIf(!hasRecordings)(
  `recorded Messages requests${hasRecordings ? '' : `: ${NO_RECORDINGS}`}`,
  () => {
    it('are all readable, but for the one that the provider could not read either', () => {
      const refused = ALL.filter((recording) => {
        try {
          read(recording);
          return false;
        } catch {
          return true;
        }
      });

      expect(refused.map(({ id, response }) => [id, response.status])).toEqual([[MALFORMED, 400]]);
    });

    it.each(READABLE.map((recording) => [recording.id, recording] as const))(
      '%s arrives at a provider of the dialect as it was recorded',
      (_, recording) => {
        const model = aModel('anthropic/claude-test');

        const { body, warnings } = send(read(recording), model);

        // Ours to set: the model, and whether to stream where that is not asked for.
        const {
          model: asked,
          stream,
          anthropic_version: version,
          ...recorded
        } = recording.request.body as Record<string, unknown>;
        const expected = { ...recorded, model: 'claude-test', ...(stream === true && { stream }) };
        expect(JSON.parse(body)).toEqual(expected);
        expect(warnings).toEqual([]);
      },
    );

    it.each(['anthropic', 'openai', 'google'])(
      `lose no message, tool or image on the way to %s, or say so: ${TRANSLATED.length} of ${ALL.length}`,
      (provider) => {
        const model = aModel(`${provider}/test`);

        const lost = TRANSLATED.flatMap((recording) => {
          const { native, ...conversation } = read(recording);
          const { body, warnings } = send({ ...conversation, native: undefined }, model);
          const arrived = stringsIn(JSON.parse(body));
          const missing = contentsIn(recording.request.body)
            .filter((words) => !leavesOf(words).every((leaf) => arrived.includes(leaf)))
            .map((words) => `${recording.id}: ${words.slice(0, 60)}`);
          const said = [...(native?.untranslatable ?? []), ...warnings.map(({ field }) => field)];
          const unsaid = lostTypesIn(recording.request.body).filter((type) => !said.includes(type));
          return [...missing, ...unsaid];
        });

        expect(lost).toEqual([]);
      },
    );

    it('stay with their own provider where no other has words for them', () => {
      const only = READABLE.filter((recording) => read(recording).native?.isOnlyForm);

      expect(only.map(({ id }) => id)).toMatchInlineSnapshot(`
        [
          "anthropic.anthropic-messages.26e7701c07",
          "anthropic.anthropic-messages.30a014458e",
          "anthropic.anthropic-messages.77a66da7ae",
          "anthropic.anthropic-messages.8714197b21",
          "anthropic.anthropic-messages.ce7ecac684",
          "anthropic.anthropic-messages.de7a636dca",
        ]
      `);
    });
  },
);
