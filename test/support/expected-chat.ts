import { type AnswerFacts, parsed } from './answer-facts.ts';
import { finishOf, NO_USAGE } from './expected-facts.ts';

type RawMessage = {
  content?: string | { type: string; text?: string; thinking?: { text: string }[] }[] | object;
  reasoning_content?: string;
  reasoning?: string;
  reasoning_details?: { signature?: string; data?: string }[];
  refusal?: string;
  audio?: { transcript?: string };
  function_call?: { name: string; arguments: string };
  annotations?: { url_citation?: { url: string } }[];
  executed_tools?: { search_results?: { results: { url: string }[] } }[];
  tool_calls?: {
    index?: number;
    id?: string;
    function?: { name?: string; arguments?: string };
    custom?: { name: string; input: string };
  }[];
};

export type RawChat = {
  id?: string;
  model?: string;
  choices?: {
    index?: number;
    delta?: RawMessage;
    message?: RawMessage;
    finish_reason?: string;
    finish_details?: { type: string };
  }[];
  citations?: string[];
  usage?: RawChatUsage;
};

type RawChatUsage = {
  prompt_tokens: number;
  total_tokens: number | null;
  prompt_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number };
  prompt_cache_hit_tokens?: number;
  num_cached_tokens?: number;
  completion_tokens_details?: { reasoning_tokens?: number };
};

export function expectedChat(chunks: readonly RawChat[]): AnswerFacts {
  const choices = chunks.flatMap(({ choices: all }) => (all ?? []).filter(({ index }) => !index));
  const messages = choices.flatMap(({ delta, message }) => delta ?? message ?? []);
  // Perplexity repeats the whole text in each chunk: the last one is the truth.
  const whole = choices.at(-1)?.message?.content;
  const text = typeof whole === 'string' ? whole : messages.map(chatText).join('');
  const raw = choices.flatMap(({ finish_reason: reason, finish_details: details }) =>
    reason || details?.type ? [reason || details?.type] : [],
  );
  const usage = chunks.findLast((chunk) => typeof chunk.usage?.total_tokens === 'number')?.usage;
  const toolCalls = chatToolCalls(messages);
  return {
    upstreamId: chunks.find(({ id }) => id)?.id,
    upstreamModel: chunks.find(({ id, model }) => id && model)?.model,
    text,
    reasoning: messages.map(chatReasoning).join(''),
    refusal: messages.map(({ refusal }) => refusal ?? '').join(''),
    toolCalls,
    citations: chatCitations(messages, chunks),
    signatures: messages.flatMap(({ reasoning_details: details }) =>
      (details ?? []).flatMap(({ signature, data }) => signature ?? data ?? []),
    ),
    finish: finishOf(raw.at(-1), toolCalls.length > 0),
    usage: chatUsage(usage),
  };
}

function chatText({ content, audio }: RawMessage): string {
  if (typeof content === 'string') return content;
  if (!content) return audio?.transcript ?? '';
  if (!Array.isArray(content)) return JSON.stringify(content);
  return content.map(({ text }) => text ?? '').join('');
}

function chatReasoning({ content, reasoning_content: plain, reasoning }: RawMessage): string {
  const thoughts = Array.isArray(content) ? content.flatMap(({ thinking }) => thinking ?? []) : [];
  return plain || reasoning || thoughts.map(({ text }) => text).join('');
}

/** A piece with an id that was not seen begins a call; others add to the call of their index. */
function chatToolCalls(messages: readonly RawMessage[]): AnswerFacts['toolCalls'] {
  const calls: { index: number | undefined; id: string; name: string; json: string }[] = [];
  for (const piece of messages.flatMap(({ tool_calls: pieces }) => pieces ?? [])) {
    const { index, id, function: called, custom } = piece;
    const added = custom ? JSON.stringify({ input: custom.input }) : (called?.arguments ?? '');
    const known = calls.find((call) => (id ? call.id === id : call.index === index));
    if (known) known.json += added;
    else
      calls.push({
        index,
        id: id ?? 'made',
        name: called?.name ?? custom?.name ?? '',
        json: added,
      });
  }
  for (const { function_call: call } of messages) {
    if (call) calls.push({ index: 0, id: 'made', name: call.name, json: call.arguments });
  }
  return calls.map(({ id, name, json }) => ({ id, name, arguments: parsed(json || '{}') ?? {} }));
}

function chatCitations(messages: readonly RawMessage[], chunks: readonly RawChat[]): string[] {
  const annotated = messages.flatMap(({ annotations }) =>
    (annotations ?? []).flatMap(({ url_citation: citation }) => citation?.url ?? []),
  );
  const searched = messages.flatMap(({ executed_tools: tools }) =>
    (tools ?? []).flatMap((tool) => (tool.search_results?.results ?? []).map(({ url }) => url)),
  );
  return [...annotated, ...searched, ...(chunks.at(-1)?.citations ?? [])];
}

/** What was spent on the answer is the total without the prompt, wherever reasoning is counted. */
function chatUsage(usage: RawChatUsage | undefined): AnswerFacts['usage'] {
  if (usage === undefined) return NO_USAGE;
  const details = usage.prompt_tokens_details;
  const cached = details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? usage.num_cached_tokens;
  return {
    input: usage.prompt_tokens,
    output: (usage.total_tokens ?? 0) - usage.prompt_tokens,
    // One recording has more cached tokens than tokens: nothing can be said then.
    cacheRead: cached !== undefined && cached > usage.prompt_tokens ? undefined : cached,
    cacheWrite: details?.cache_write_tokens,
    reasoning: usage.completion_tokens_details?.reasoning_tokens,
  };
}
