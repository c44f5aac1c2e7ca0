import type { AnswerFacts } from './answer-facts.ts';
import { finishOf } from './expected-facts.ts';

type RawBlock = {
  type: string;
  text?: string;
  thinking?: string;
  signature?: string;
  data?: string;
  id?: string;
  name?: string;
  input?: object;
  citations?: { url?: string }[];
};

type RawMessageUsage = {
  input_tokens?: number;
  output_tokens?: number;
  cache_read_input_tokens?: number;
  cache_creation_input_tokens?: number;
  output_tokens_details?: { thinking_tokens?: number };
};

type RawMessageBody = {
  id?: string;
  model?: string;
  content?: RawBlock[];
  stop_reason?: string;
  usage?: RawMessageUsage;
};

export type RawMessageEvent = RawMessageBody & {
  type: string;
  index?: number;
  message?: RawMessageBody;
  content_block?: RawBlock;
  delta?: {
    text?: string;
    thinking?: string;
    signature?: string;
    partial_json?: string;
    citation?: { url?: string };
    stop_reason?: string;
  };
};

/** A stream is first folded into the message that the same call without `stream` gives. */
export function expectedMessage(events: readonly RawMessageEvent[]): AnswerFacts {
  const [first] = events;
  const body = first?.type === 'message' ? first : foldMessage(events);
  const blocks = body.content ?? [];
  const calls = blocks.filter(({ type }) => type === 'tool_use');
  const usage = body.usage ?? {};
  const { cache_read_input_tokens: read, cache_creation_input_tokens: written } = usage;
  return {
    upstreamId: body.id,
    upstreamModel: body.model,
    text: blocks.map(({ type, text }) => (type === 'text' ? text : '')).join(''),
    reasoning: blocks.map(({ thinking }) => thinking ?? '').join(''),
    refusal: '',
    toolCalls: calls.map(({ id, name, input }) => ({
      id: id ?? '',
      name: name ?? '',
      arguments: input,
    })),
    citations: blocks.flatMap(({ citations }) => (citations ?? []).map(({ url }) => url)),
    signatures: blocks.flatMap(({ signature, data }) => signature || data || []),
    finish: finishOf(body.stop_reason, calls.length > 0),
    usage: {
      input: (usage.input_tokens ?? 0) + (read ?? 0) + (written ?? 0),
      output: usage.output_tokens,
      cacheRead: read,
      cacheWrite: written,
      reasoning: usage.output_tokens_details?.thinking_tokens,
    },
  };
}

function foldMessage(events: readonly RawMessageEvent[]): RawMessageBody {
  const start = events.find(({ type }) => type === 'message_start')?.message ?? {};
  const end = events.filter(({ type }) => type === 'message_delta');
  const blocks = events.flatMap(({ content_block: block, index }) => {
    if (block === undefined) return [];
    const deltas = events.flatMap((event) =>
      event.type === 'content_block_delta' && event.index === index ? [event.delta ?? {}] : [],
    );
    const json = deltas.map(({ partial_json: piece }) => piece ?? '').join('');
    return {
      ...block,
      text: (block.text ?? '') + deltas.map(({ text }) => text ?? '').join(''),
      thinking: (block.thinking ?? '') + deltas.map(({ thinking }) => thinking ?? '').join(''),
      signature: (block.signature ?? '') + deltas.map(({ signature }) => signature ?? '').join(''),
      citations: deltas.flatMap(({ citation }) => citation ?? []),
      input: json === '' ? (block.input ?? {}) : JSON.parse(json),
    };
  });
  const usage = Object.assign({}, start.usage, ...end.map((event) => event.usage));
  const stop = end.at(-1)?.delta?.stop_reason;
  return { ...start, content: blocks, usage, ...(stop && { stop_reason: stop }) };
}
