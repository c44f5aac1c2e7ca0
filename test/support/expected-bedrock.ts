import type { AnswerDigest } from './answer-digest.ts';
import { parsed } from './answer-digest.ts';
import { bodyBytes, isStream, type Recording } from './recordings.ts';

// biome-ignore lint/suspicious/noExplicitAny: raw JSON of a recording, read without any schema
type Raw = any;

/** What a recorded answer of Converse says, read from its raw JSON with nothing of the adapter. */
export function expectedConverse(recording: Recording): AnswerDigest {
  return isStream(recording) ? fromEvents(framesOf(recording)) : fromWhole(recording);
}

type Frame = { readonly headers: Readonly<Record<string, string>>; readonly payload: Raw };

/** The messages of a binary body; all headers in the recordings are strings. */
export function framesOf(recording: Recording): readonly Frame[] {
  const bytes = Buffer.from(bodyBytes(recording));
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    const headersEnd = at + 12 + bytes.readUInt32BE(at + 4);
    const headers: Record<string, string> = {};
    for (let place = at + 12; place < headersEnd; ) {
      const nameEnd = place + 1 + bytes.readUInt8(place);
      const valueEnd = nameEnd + 3 + bytes.readUInt16BE(nameEnd + 1);
      headers[bytes.toString('utf8', place + 1, nameEnd)] = bytes.toString(
        'utf8',
        nameEnd + 3,
        valueEnd,
      );
      place = valueEnd;
    }
    const end = at + bytes.readUInt32BE(at) - 4;
    frames.push({ headers, payload: JSON.parse(bytes.toString('utf8', headersEnd, end)) });
  }
  return frames;
}

const FINISHES: Readonly<Record<string, AnswerDigest['finish']>> = {
  end_turn: 'stop',
  tool_use: 'tool-calls',
  max_tokens: 'length',
  guardrail_intervened: 'content-filter',
};

function usageOf(usage: Raw): AnswerDigest['usage'] {
  const { inputTokens, outputTokens, cacheReadInputTokens, cacheWriteInputTokens } = usage;
  return {
    uncachedInputTokens: inputTokens,
    outputTokens,
    ...(cacheReadInputTokens !== undefined && { cacheReadTokens: cacheReadInputTokens }),
    ...(cacheWriteInputTokens !== undefined && { cacheWriteTokens: cacheWriteInputTokens }),
  };
}

function carriedOf({ signature, redactedContent }: Raw): unknown[] {
  if (signature) return [{ anthropic: { signature } }];
  if (!redactedContent) return [];
  return [{ anthropic: { redacted: Buffer.from(redactedContent, 'base64').toString('latin1') } }];
}

function sourceOf({ location, title }: Raw): string {
  const { url, domain } = location.web ?? {};
  return [url, title ?? domain].filter(Boolean).join(' ');
}

function fromWhole({ response }: Recording): AnswerDigest {
  const { output, stopReason, usage }: Raw = JSON.parse(response.body);
  const blocks: Raw[] = output.message.content;
  const thoughts = blocks.map((block) => block.reasoningContent).filter(Boolean);
  const citing = blocks.map((block) => block.citationsContent).filter(Boolean);
  return {
    text: blocks
      .map(
        ({ text, citationsContent }) =>
          text ?? citationsContent?.content?.map((piece: Raw) => piece.text).join('') ?? '',
      )
      .join(''),
    reasoning: thoughts.map(({ reasoningText }) => reasoningText?.text ?? '').join(''),
    refusal: '',
    toolCalls: blocks
      .map((block) => block.toolUse)
      .filter((use) => use && use.type !== 'server_tool_use')
      .map(({ toolUseId, name, input }) => ({ id: toolUseId, name, args: input })),
    citations: citing.flatMap(({ citations }) => citations.map(sourceOf)),
    carried: thoughts.flatMap((thought) => carriedOf({ ...thought.reasoningText, ...thought })),
    finish: FINISHES[stopReason],
    usage: usageOf(usage),
  };
}

function fromEvents(frames: readonly Frame[]): AnswerDigest {
  const of = (type: string): Raw[] =>
    frames.filter(({ headers }) => headers[':event-type'] === type).map(({ payload }) => payload);
  const deltas = of('contentBlockDelta');
  const tools = of('contentBlockStart').filter(
    ({ start }) => start.toolUse && start.toolUse.type !== 'server_tool_use',
  );
  const thoughts = deltas.map(({ delta }) => delta.reasoningContent).filter(Boolean);
  return {
    text: deltas.map(({ delta }) => delta.text ?? '').join(''),
    reasoning: thoughts.map(({ text }) => text ?? '').join(''),
    refusal: '',
    toolCalls: tools.map(({ contentBlockIndex, start }) => {
      const { toolUseId: id, name } = start.toolUse;
      const own = deltas.filter((event) => event.contentBlockIndex === contentBlockIndex);
      return {
        id,
        name,
        args: parsed(own.map(({ delta }) => delta.toolUse.input).join('') || '{}'),
      };
    }),
    citations: deltas
      .map(({ delta }) => delta.citation)
      .filter(Boolean)
      .map(sourceOf),
    carried: thoughts.flatMap(carriedOf),
    finish: FINISHES[of('messageStop')[0].stopReason],
    usage: usageOf(of('metadata')[0].usage),
  };
}

/** What a recorded answer of Bedrock's invoke says, where its body is of Anthropic's Messages API. */
export function expectedInvoke(recording: Recording): AnswerDigest {
  const message: Raw = isStream(recording)
    ? messageOf(framesOf(recording).map(innerOf))
    : JSON.parse(recording.response.body);
  const { content, stop_reason: reason, usage } = message;
  const of = (type: string): Raw[] => content.filter((block: Raw) => block.type === type);
  return {
    text: of('text')
      .map(({ text }) => text)
      .join(''),
    reasoning: of('thinking')
      .map(({ thinking }) => thinking)
      .join(''),
    refusal: '',
    toolCalls: of('tool_use').map(({ id, name, input }) => ({ id, name, args: input })),
    citations: [],
    carried: of('thinking').map(({ signature }) => ({ anthropic: { signature } })),
    finish: FINISHES[reason],
    usage: {
      uncachedInputTokens: usage.input_tokens,
      cacheReadTokens: usage.cache_read_input_tokens,
      cacheWriteTokens: usage.cache_creation_input_tokens,
      outputTokens: usage.output_tokens,
    },
  };
}

function innerOf({ payload }: Frame): Raw {
  return JSON.parse(Buffer.from(payload.bytes, 'base64').toString('utf8'));
}

/** The events of a Messages stream put together. */
function messageOf(events: readonly Raw[]): Raw {
  const { message } = events.find(({ type }) => type === 'message_start');
  const { delta, usage } = events.findLast(({ type }) => type === 'message_delta');
  const starts = events.filter(({ type }) => type === 'content_block_start');
  const content = starts.map(({ index, content_block: block }) => {
    const deltas = events
      .filter((event) => event.type === 'content_block_delta' && event.index === index)
      .map((event) => event.delta);
    const joined = (field: string): string => deltas.map((piece) => piece[field] ?? '').join('');
    const input = parsed(joined('partial_json') || '{}');
    return {
      ...block,
      text: joined('text'),
      thinking: joined('thinking'),
      signature: joined('signature'),
      input,
    };
  });
  return { content, stop_reason: delta.stop_reason, usage: { ...message.usage, ...usage } };
}

/** Recordings of Bedrock's invoke whose body is of the Messages API; older models had others. */
export function isMessagesBody({ request }: Recording): boolean {
  const body: Raw = request.body;
  return body?.anthropic_version === 'bedrock-2023-05-31';
}
