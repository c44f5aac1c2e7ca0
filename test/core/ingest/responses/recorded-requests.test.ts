import { expect, it } from 'vitest';
import { classify } from '../../../../src/classify/classify.ts';
import type { Conversation } from '../../../../src/domain/conversation.ts';
import { RouterError } from '../../../../src/domain/errors.ts';
import { isJsonObject } from '../../../../src/domain/json.ts';
import type { Ability, RoutableModel } from '../../../../src/domain/model.ts';
import type { WireRequest } from '../../../../src/domain/ports.ts';
import { responses } from '../../../../src/ingest/responses/index.ts';
import { adapterOf } from '../../../../src/providers/index.ts';
import { aCall, aModel } from '../../../support/builders.ts';
import { contentOfResponses } from '../../../support/content-of-responses.ts';
import { lossesBetween } from '../../../support/conversation-content.ts';
import { describeRecorded, tallyOf } from '../../../support/describe-recorded.ts';
import { type Recording, recordingsOf } from '../../../support/recordings.ts';
import { aBody } from '../../../support/responses.ts';
import { contentOfWire } from '../../../support/wire-content.ts';

// biome-ignore lint/suspicious/noExplicitAny: raw JSON of a recording, read without any schema
type Raw = any;

const ALL = recordingsOf('openai-responses').filter(({ request }) => request.body !== null);

function read({ request }: Recording): Conversation {
  const body = aBody({ input: undefined, ...(request.body as object) });
  return responses.readRequest(body, new Headers()).conversation;
}

/** Undefined for a request that is read. */
function refusalOf(recording: Recording): string | undefined {
  try {
    read(recording);
    return undefined;
  } catch (error) {
    if (error instanceof RouterError) return error.message;
    throw error;
  }
}

const READABLE = ALL.filter((recording) => refusalOf(recording) === undefined);

function send(conversation: Conversation, model: RoutableModel): WireRequest {
  const { maxOutputTokens } = conversation;
  return adapterOf(model.wire).toRequest(aCall({ conversation, model, maxOutputTokens }));
}

/**
 * What may arrive otherwise: nothing is stored; `stream: false` is the default; OpenRouter's routing
 * words are the router's own; reasoning that was left in a store, with nothing in it, is left out; no
 * earlier answer is referred to; reasoning is asked for in a form that can come back after a tool call.
 */
function expectedAtProvider({ request, model }: Recording): Raw {
  const { stream, provider: _, previous_response_id: __, input, ...body }: Raw = request.body;
  const isLeft = (item: Raw): boolean =>
    item.type === 'reasoning' && !item.encrypted_content && !item.content?.length;
  const kept = Array.isArray(input) ? input.filter((item) => !isLeft(item)) : input;
  const hasFunctions = (body.tools ?? []).some(({ type }: Raw) => type === 'function');
  return {
    ...body,
    ...(hasFunctions && { include: ['reasoning.encrypted_content'] }),
    model,
    input: kept,
    store: false,
    ...(stream === true && { stream }),
  };
}

const TRANSLATED = READABLE.filter((recording) => read(recording).native?.isOnlyForm !== true);

/** The newest kind of model of each wire. */
const MODELS = [
  aModel('openai/gpt-5.2'),
  aModel('anthropic/claude-opus-4-6'),
  aModel('google/gemini-3-pro'),
  aModel('bedrock/claude-test', { upstreamModel: 'anthropic.claude-opus-4-6' }),
  aModel('openai/gpt-5.2', { wire: 'openai-responses' }),
];

/** Whether a decision would let the model answer: some wires fetch no addresses. */
function isAble({ capability }: RoutableModel, conversation: Conversation): boolean {
  const { abilities } = classify({ conversation });
  const needed = Object.keys(abilities).filter((name) => abilities[name as Ability]); // its own keys
  return needed.every((name) => capability[name as Ability]); // likewise
}

/** What is lost on the way to a model without a word about it. */
function silentLosses(recording: Recording, model: RoutableModel): readonly string[] {
  const { native, ...conversation } = read(recording);
  if (!isAble(model, { ...conversation, native })) return [];
  const { body, warnings } = send({ ...conversation, native: undefined }, model);
  const before = contentOfResponses(recording.request.body);
  const said = warnings.map(({ message }) => message).join('\n');
  const lost = lossesBetween(before, contentOfWire(model.wire, body)).filter(
    (loss) => !said.includes(loss.split(':')[0] ?? ''),
  );
  const unsaid = hostedItemsIn(recording).filter((type) => !native?.untranslatable.includes(type));
  return [...lost, ...unsaid];
}

const TRANSLATABLE = new Set(['message', 'function_call', 'function_call_output', 'reasoning']);

/** Items of tools that a provider ran. */
function hostedItemsIn({ request }: Recording): readonly string[] {
  const { input }: Raw = request.body;
  const items: readonly Raw[] = Array.isArray(input) ? input.filter(isJsonObject) : [];
  return items.map(({ type }) => type ?? 'message').filter((type) => !TRANSLATABLE.has(type));
}

describeRecorded('a recorded Responses request', () => {
  it('is read, but where it needs a server that remembers', () => {
    const refused = ALL.map((recording) => [recording.id, refusalOf(recording)] as const);

    expect(refused.filter(([, message]) => message !== undefined)).toMatchInlineSnapshot(`
      [
        [
          "openai.openai-responses.3b142db7fa",
          "prompt: templates are stored at one provider: send their text as instructions and input instead",
        ],
        [
          "openai.openai-responses.8efe9f2ad6",
          "temperature: Too small: expected number to be >=0",
        ],
      ]
    `);
  });

  const tally = tallyOf('recorded Responses requests that arrive as they were', READABLE);
  it.each(READABLE.map((recording) => [recording.id, recording] as const))(
    'arrives at a provider of the dialect as it was: %s',
    (_, recording) => {
      const upstreamModel = recording.model ?? 'none';
      const model = aModel('openai/test', { wire: 'openai-responses', upstreamModel });

      const { body, warnings } = send(read(recording), model);

      expect(JSON.parse(body)).toEqual(expectedAtProvider(recording));
      expect(warnings).toEqual([]);
      tally.pass(recording);
    },
  );

  for (const model of MODELS) {
    const translated = tallyOf(`recorded Responses requests that reach ${model.wire}`, TRANSLATED);

    it.each(TRANSLATED.map((recording) => [recording.id, recording] as const))(
      `reaches ${model.wire} with all that it holds, or says what was lost: %s`,
      (_, recording) => {
        expect(silentLosses(recording, model)).toEqual([]);
        translated.pass(recording);
      },
    );
  }

  it('stays with providers of its dialect where no other has words for it', () => {
    const only = READABLE.filter((recording) => !TRANSLATED.includes(recording));

    expect(only.map(({ id }) => id)).toMatchInlineSnapshot(`
      [
        "deepseek.openai-responses.ba27954523",
        "openai.openai-responses.00ca997418",
        "openai.openai-responses.165e6977d2",
        "openai.openai-responses.6326132fc0",
        "openai.openai-responses.777d8a8c80",
        "openai.openai-responses.78263db245",
        "openai.openai-responses.79a070ee51",
        "openai.openai-responses.7f06a01783",
        "openai.openai-responses.b1897b64e3",
        "openai.openai-responses.bd836176bb",
        "openai.openai-responses.e3b8c617eb",
        "xai.openai-responses.6b3d9c681e",
      ]
    `);
  });
});
