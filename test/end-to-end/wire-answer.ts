import { bodyBytes, type Recording } from '../support/recordings.ts';

/** What an answer says, read from raw JSON without any code of the router. */
export type WireAnswer = {
  readonly text: string;
  readonly reasoning: string;
  readonly refusal: string;
  readonly calls: readonly { readonly name: string; readonly args: unknown }[];
  readonly finish: string | undefined;
  /** Undefined where the answer brings none. */
  readonly usage: WireUsage | undefined;
};

type WireUsage = {
  readonly input: number;
  readonly output: number;
  readonly cached: number;
};

// biome-ignore lint/suspicious/noExplicitAny: raw JSON of three wires, read by hand
type Raw = any;

/** What a recorded answer says, in the words of Chat Completions. */
export function recordedAnswer(recording: Recording): WireAnswer {
  const body = new TextDecoder().decode(bodyBytes(recording));
  switch (recording.endpoint) {
    case 'openai-chat':
      return chatAnswer(body);
    case 'anthropic-messages':
      return anthropicAnswer(body);
    case 'gemini-generate':
      return geminiAnswer(body);
    default:
      throw new Error(`nobody reads ${recording.endpoint} here`);
  }
}

/** The JSON of a body: one for a whole answer, one per event of a stream. */
function documentsIn(body: string): readonly Raw[] {
  if (body.trimStart().startsWith('{')) return [JSON.parse(body)];
  return body
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trim())
    .filter((data) => data.startsWith('{'))
    .map((data) => JSON.parse(data) as Raw);
}

const NOTHING = { text: '', reasoning: '', refusal: '', calls: [], finish: undefined };

/** Chat Completions, whole or streamed. */
export function chatAnswer(body: string): WireAnswer {
  const seen = { ...NOTHING, usage: undefined as WireUsage | undefined };
  const calls: { name: string; json: string }[] = [];
  for (const document of documentsIn(body)) {
    const choice = document.choices?.[0];
    const part = choice?.message ?? choice?.delta ?? {};
    seen.text += part.content ?? '';
    seen.refusal += part.refusal ?? '';
    seen.reasoning += part.reasoning_content ?? part.reasoning ?? '';
    for (const [place, call] of (part.tool_calls ?? []).entries()) {
      const at = call.index ?? place;
      calls[at] ??= { name: '', json: '' };
      calls[at].name += call.function.name ?? '';
      calls[at].json += call.function.arguments ?? '';
    }
    seen.finish = choice?.finish_reason ?? seen.finish;
    if (document.usage) seen.usage = chatUsage(document.usage);
  }
  return { ...seen, calls: calls.map(({ name, json }) => ({ name, args: argsIn(json) })) };
}

function chatUsage(usage: Raw): WireUsage {
  return {
    input: usage.prompt_tokens,
    output: usage.completion_tokens,
    cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
  };
}

/** Arguments that were cut off by a token limit are no JSON: then their text counts. */
function argsIn(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

const ANTHROPIC_FINISHES: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};

function anthropicAnswer(body: string): WireAnswer {
  const documents = documentsIn(body);
  const [first] = documents;
  const blocks = first.type === 'message' ? first.content : anthropicBlocks(documents);
  const usages = documents.map((document) => document.message?.usage ?? document.usage ?? {});
  const usage = Object.assign({}, ...usages.map(withoutNulls));
  const stops = documents.map(({ delta, stop_reason }) => delta?.stop_reason ?? stop_reason);
  const cached = usage.cache_read_input_tokens ?? 0;
  return {
    ...NOTHING,
    text: textIn(blocks, 'text', 'text'),
    reasoning: textIn(blocks, 'thinking', 'thinking'),
    calls: blocks
      .filter(({ type }: Raw) => type === 'tool_use')
      .map(({ name, input }: Raw) => ({ name, args: input })),
    finish: ANTHROPIC_FINISHES[stops.findLast((stop) => typeof stop === 'string') ?? ''],
    usage: {
      input: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
      output: usage.output_tokens,
      cached,
    },
  };
}

function anthropicBlocks(events: readonly Raw[]): readonly Raw[] {
  const blocks: Raw[] = [];
  for (const { type, index, content_block: block, delta } of events) {
    if (type === 'content_block_start') blocks[index] = { ...block, json: '' };
    if (type !== 'content_block_delta') continue;
    const current = blocks[index];
    if (delta.type === 'text_delta') current.text += delta.text;
    if (delta.type === 'thinking_delta') current.thinking += delta.thinking;
    if (delta.type === 'input_json_delta') current.json += delta.partial_json;
  }
  return blocks.map((block) =>
    block.type === 'tool_use' ? { ...block, input: argsIn(block.json || '{}') } : block,
  );
}

function textIn(blocks: readonly Raw[], type: string, field: string): string {
  const texts = blocks.filter((block) => block.type === type).map((block) => block[field]);
  return texts.join('');
}

function withoutNulls(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

const GEMINI_FINISHES: Readonly<Record<string, string>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content_filter',
  RECITATION: 'content_filter',
};

function geminiAnswer(body: string): WireAnswer {
  const documents = documentsIn(body);
  const candidates = documents.map((document) => document.candidates?.[0]).filter(Boolean);
  const parts = candidates.flatMap((candidate) => candidate.content?.parts ?? []);
  const spoken = parts.filter(({ text }) => typeof text === 'string');
  const calls = parts.filter(({ functionCall }) => functionCall !== undefined);
  const reason = candidates.findLast((candidate) => candidate.finishReason)?.finishReason;
  const usage = documents.findLast((document) => document.usageMetadata)?.usageMetadata;
  return {
    ...NOTHING,
    text: spoken
      .filter(({ thought }) => thought !== true)
      .map(({ text }) => text)
      .join(''),
    reasoning: spoken
      .filter(({ thought }) => thought === true)
      .map(({ text }) => text)
      .join(''),
    calls: calls.map(({ functionCall: { name, args } }) => ({ name, args: args ?? {} })),
    finish: calls.length > 0 && reason === 'STOP' ? 'tool_calls' : GEMINI_FINISHES[reason],
    usage: {
      input: usage.promptTokenCount + (usage.toolUsePromptTokenCount ?? 0),
      output: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
      cached: usage.cachedContentTokenCount ?? 0,
    },
  };
}
