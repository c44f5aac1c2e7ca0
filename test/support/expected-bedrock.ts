import type { AnswerFacts } from './answer-facts.ts';
import { parsed } from './answer-facts.ts';
import { expectedMessage, type RawMessageEvent } from './expected-message.ts';
import { bodyBytes, isStream, type Recording } from './recordings.ts';

// biome-ignore lint/suspicious/noExplicitAny: raw JSON of a recording, read without any schema
type Raw = any;

/** What a recorded answer of Converse says, from its raw JSON alone. */
export function expectedConverse(recording: Recording): AnswerFacts {
  return isStream(recording) ? fromEvents(framesOf(recording)) : fromWhole(recording);
}

/** The same of Bedrock's invoke, where its body is of Anthropic's Messages API. */
export function expectedInvoke(recording: Recording): AnswerFacts {
  const events: Raw[] = isStream(recording)
    ? framesOf(recording).map(innerOf)
    : [JSON.parse(recording.response.body)];
  return expectedMessage(events as RawMessageEvent[]); // the recorded JSON, read by its documentation
}

type Frame = { readonly headers: Readonly<Record<string, string>>; readonly payload: Raw };

/** The messages of a binary body; all headers in the recordings are strings. */
function framesOf(recording: Recording): readonly Frame[] {
  const bytes = Buffer.from(bodyBytes(recording));
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    const headersEnd = at + 12 + bytes.readUInt32BE(at + 4);
    const headers: Record<string, string> = {};
    for (let place = at + 12; place < headersEnd; ) {
      const nameEnd = place + 1 + bytes.readUInt8(place);
      const valueEnd = nameEnd + 3 + bytes.readUInt16BE(nameEnd + 1);
      const name = bytes.toString('utf8', place + 1, nameEnd);
      headers[name] = bytes.toString('utf8', nameEnd + 3, valueEnd);
      place = valueEnd;
    }
    const end = at + bytes.readUInt32BE(at) - 4;
    frames.push({ headers, payload: JSON.parse(bytes.toString('utf8', headersEnd, end)) });
  }
  return frames;
}

function innerOf({ payload }: Frame): Raw {
  return JSON.parse(Buffer.from(payload.bytes, 'base64').toString('utf8'));
}

const FINISHES: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  tool_use: 'tool-calls',
  max_tokens: 'length',
  guardrail_intervened: 'content-filter',
};

/** What every answer has alike. Converse names neither the answer nor its model. */
function factsOf(stopReason: string, usage: Raw) {
  const { inputTokens, outputTokens, cacheReadInputTokens, cacheWriteInputTokens } = usage;
  return {
    upstreamId: undefined,
    upstreamModel: undefined,
    refusal: '',
    finish: { unified: FINISHES[stopReason] ?? 'unknown', raw: stopReason },
    usage: {
      input: inputTokens + (cacheReadInputTokens ?? 0) + (cacheWriteInputTokens ?? 0),
      output: outputTokens,
      cacheRead: cacheReadInputTokens,
      cacheWrite: cacheWriteInputTokens,
      reasoning: undefined,
    },
  };
}

function signaturesOf({ signature, redactedContent }: Raw): string[] {
  if (signature) return [signature];
  return redactedContent ? [Buffer.from(redactedContent, 'base64').toString('latin1')] : [];
}

function fromWhole({ response }: Recording): AnswerFacts {
  const { output, stopReason, usage }: Raw = JSON.parse(response.body);
  const blocks: Raw[] = output.message.content;
  const thoughts = blocks.map((block) => block.reasoningContent).filter(Boolean);
  const citing = blocks.map((block) => block.citationsContent).filter(Boolean);
  const uses = blocks.map((block) => block.toolUse).filter(Boolean);
  return {
    ...factsOf(stopReason, usage),
    text: blocks.map(({ text }) => text ?? '').join(''),
    reasoning: thoughts.map(({ reasoningText }) => reasoningText?.text ?? '').join(''),
    toolCalls: uses
      .filter(({ type }) => type !== 'server_tool_use')
      .map(({ toolUseId, name, input }) => ({ id: toolUseId, name, arguments: input })),
    citations: citing.flatMap(({ citations }) => citations.map(addressOf)),
    signatures: thoughts.flatMap((thought) =>
      signaturesOf({ ...thought.reasoningText, ...thought }),
    ),
  };
}

function addressOf({ location }: Raw): string | undefined {
  return location.web?.url;
}

function fromEvents(frames: readonly Frame[]): AnswerFacts {
  const of = (type: string): Raw[] =>
    frames.filter(({ headers }) => headers[':event-type'] === type).map(({ payload }) => payload);
  const deltas = of('contentBlockDelta');
  const tools = of('contentBlockStart').filter(({ start }) => start.toolUse);
  const thoughts = deltas.map(({ delta }) => delta.reasoningContent).filter(Boolean);
  return {
    ...factsOf(of('messageStop')[0].stopReason, of('metadata')[0].usage),
    text: deltas.map(({ delta }) => delta.text ?? '').join(''),
    reasoning: thoughts.map(({ text }) => text ?? '').join(''),
    toolCalls: tools
      .filter(({ start }) => start.toolUse.type !== 'server_tool_use')
      .map(({ contentBlockIndex, start }) => {
        const { toolUseId: id, name } = start.toolUse;
        const own = deltas.filter((event) => event.contentBlockIndex === contentBlockIndex);
        const json = own.map(({ delta }) => delta.toolUse.input).join('');
        return { id, name, arguments: parsed(json || '{}') };
      }),
    citations: deltas
      .map(({ delta }) => delta.citation)
      .filter(Boolean)
      .map(addressOf),
    signatures: thoughts.flatMap(signaturesOf),
  };
}
