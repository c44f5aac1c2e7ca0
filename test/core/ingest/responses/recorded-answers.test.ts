import type OpenAI from 'openai';
import { expect, it } from 'vitest';
import type { RoutableModel, Wire } from '../../../../src/domain/model.ts';
import type { ModelCall } from '../../../../src/domain/ports.ts';
import { mergeUsage, type Usage } from '../../../../src/domain/response.ts';
import { responses } from '../../../../src/ingest/responses/index.ts';
import { adapterOf } from '../../../../src/providers/index.ts';
import {
  type AnswerFacts,
  factsOfParts,
  factsOfResponse,
  parsed,
} from '../../../support/answer-facts.ts';
import { aBill, aHead, anAnswer } from '../../../support/answers.ts';
import { aCall, aConversation, aModel } from '../../../support/builders.ts';
import { describeRecorded, tallyOf } from '../../../support/describe-recorded.ts';
import { openAiReading, openAiStreaming } from '../../../support/openai-client.ts';
import { partsOfPieces } from '../../../support/recorded-call.ts';
import { bodyBytes, isStream, type Recording, recordingsOf } from '../../../support/recordings.ts';
import { aBody } from '../../../support/responses.ts';

/** The wire of each recorded dialect, and the vendors that the catalog knows by other names. */
const WIRES: Readonly<Record<string, Wire>> = {
  'openai-chat': 'openai',
  'openai-responses': 'openai-responses',
  'anthropic-messages': 'anthropic',
  'gemini-generate': 'gemini',
  'bedrock-converse': 'bedrock',
  'bedrock-converse-stream': 'bedrock',
};
const VENDORS: Readonly<Record<string, string>> = {
  'aws-bedrock': 'bedrock',
  'aws-bedrock-mantle': 'bedrock-mantle',
  'google-gemini': 'google',
  'google-vertex': 'google',
  'cloudflare-workers-ai': 'cloudflare',
};

const ANSWERS = recordingsOf(...Object.keys(WIRES)).filter(
  ({ response, kind }) =>
    response.status === 200 && !kind.includes('error_in_stream') && !kind.includes('error_in_200'),
);

function modelOf({ provider, endpoint }: Recording): RoutableModel {
  const wire = WIRES[endpoint];
  return aModel(`${VENDORS[provider] ?? provider}/recorded`, wire === undefined ? {} : { wire });
}

const REQUEST = responses.readRequest(
  aBody({ reasoning: { summary: 'auto' }, include: ['reasoning.encrypted_content'] }),
  new Headers(),
);
const HEAD = aHead();

/** The answer as its adapter reads it, and what the official client reads in ours. */
type Both = { readonly facts: AnswerFacts; readonly read: OpenAI.Responses.Response };

async function streamed(recording: Recording, call: ModelCall): Promise<Both> {
  const decoder = adapterOf(call.model.wire).openStream(call);
  const parts = partsOfPieces(decoder, [bodyBytes(recording)]);
  const writer = responses.openWriter(HEAD, REQUEST);
  let usage: Usage = {};
  for (const part of parts) if (part.type === 'usage') usage = mergeUsage(usage, part.usage);
  const text = parts.map((part) => writer.write(part)).join('') + writer.finish(aBill({ usage }));
  const read = await openAiStreaming(text)
    .responses.stream({ model: 'auto', input: 'Hello' })
    .finalResponse();
  return { facts: factsOfParts(parts), read };
}

async function whole(recording: Recording, call: ModelCall): Promise<Both> {
  const response = adapterOf(call.model.wire).fromResponse(recording.response.body, call);
  if ('kind' in response) throw new Error(response.message);
  const bill = aBill({ usage: response.usage });
  const answer = { head: HEAD, response, bill, nativeBody: undefined, routing: undefined };
  const body = responses.toBody(answer, REQUEST);
  const read = await openAiReading(body).responses.create({ model: 'auto', input: 'Hello' });
  return { facts: factsOfResponse(response), read };
}

type Told = Omit<AnswerFacts, 'upstreamId' | 'upstreamModel' | 'signatures' | 'finish'> & {
  readonly status: string | undefined;
};

/** What the official client makes of an answer. */
function toldBy({ output, usage, output_text: text, status }: OpenAI.Responses.Response): Told {
  const messages = output.filter((item) => item.type === 'message');
  const contents = messages.flatMap(({ content }) => content);
  return {
    text,
    refusal: contents.map((part) => (part.type === 'refusal' ? part.refusal : '')).join(''),
    reasoning: output
      .flatMap((item) => (item.type === 'reasoning' ? item.summary : []))
      .map((summary) => summary.text)
      .join(''),
    toolCalls: output.flatMap((item) =>
      item.type === 'function_call'
        ? [{ id: item.call_id, name: item.name, arguments: parsed(item.arguments) }]
        : [],
    ),
    citations: contents
      .flatMap((part) => (part.type === 'output_text' ? part.annotations : []))
      .map((annotation) => ('url' in annotation ? annotation.url : '')),
    status,
    usage: {
      input: usage?.input_tokens,
      output: usage?.output_tokens,
      cacheRead: usage?.input_tokens_details.cached_tokens,
      cacheWrite: usage?.input_tokens_details.cache_write_tokens,
      reasoning: usage?.output_tokens_details.reasoning_tokens,
    },
  };
}

const STATUSES: Readonly<Record<string, string>> = {
  length: 'incomplete',
  'content-filter': 'incomplete',
  error: 'failed',
};

/** The same of what the adapter read; the dialect knows no count that was not reported. */
function expectedOf({ finish, usage, ...facts }: AnswerFacts): Told {
  const { upstreamId: _, upstreamModel: __, signatures: ___, ...told } = facts;
  const counts = Object.entries(usage).map(([name, count]) => [name, count ?? 0]);
  return {
    ...told,
    citations: facts.citations.map((url) => url ?? ''),
    toolCalls: facts.toolCalls.map((call) => ({
      ...call,
      arguments: call.arguments === '' ? {} : call.arguments,
    })),
    status: STATUSES[finish.unified] ?? 'completed',
    usage: Object.fromEntries(counts),
  };
}

/** What a next request brings back when it repeats the output, as callers do. */
function signaturesGivenBack({ output }: OpenAI.Responses.Response): readonly string[] {
  const input = [...output, { role: 'user', content: 'Go on.' }];
  const { conversation } = responses.readRequest(aBody({ input }), new Headers());
  const content = conversation.messages.flatMap((message) =>
    message.role === 'assistant' ? message.content : [],
  );
  return factsOfResponse(anAnswer(content)).signatures;
}

describeRecorded('a recorded answer, written as a response', () => {
  const tally = tallyOf('recorded answers that the openai client reads as Responses', ANSWERS);

  it.each(ANSWERS.map((recording) => [recording.id, recording] as const))(
    'tells the official client the same: %s',
    async (_, recording) => {
      const stream = isStream(recording);
      const conversation = aConversation({ stream });
      const call = aCall({ model: modelOf(recording), conversation });

      const { facts, read } = await (stream ? streamed : whole)(recording, call);

      expect(toldBy(read)).toEqual(expectedOf(facts));
      expect(signaturesGivenBack(read)).toEqual(facts.signatures);
      tally.pass(recording);
    },
  );
});
