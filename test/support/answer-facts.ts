import type { Extras } from '../../src/domain/conversation.ts';
import {
  inputTokensOf,
  type ModelResponse,
  type ModelStreamPart,
  mergeUsage,
  type ResponsePart,
  type Usage,
} from '../../src/domain/response.ts';

/**
 * What an answer says, in a form that a whole answer, a stream and a recording's raw JSON can all be
 * brought into and compared by.
 */
export type AnswerFacts = {
  readonly upstreamId: string | undefined;
  readonly upstreamModel: string | undefined;
  readonly text: string;
  readonly reasoning: string;
  readonly refusal: string;
  readonly toolCalls: readonly {
    /** `made` where the provider gave none. */
    readonly id: string;
    readonly name: string;
    /** Parsed JSON; the bare text where it was cut off and is none. */
    readonly arguments: unknown;
  }[];
  /** Addresses of the sources, in order. */
  readonly citations: readonly (string | undefined)[];
  /** Everything opaque that the next turn must give back, in order. */
  readonly signatures: readonly string[];
  readonly finish: { readonly unified: string; readonly raw: string | undefined };
  /** Whole input and output, and the parts within them; undefined where nothing was reported. */
  readonly usage: {
    readonly input: number | undefined;
    readonly output: number | undefined;
    readonly cacheRead: number | undefined;
    readonly cacheWrite: number | undefined;
    readonly reasoning: number | undefined;
  };
};

/** The facts of a whole answer. */
export function factsOfResponse(response: ModelResponse): AnswerFacts {
  const { content, finishReason, usage, upstreamId, upstreamModel } = response;
  const textOf = (type: ResponsePart['type']): string =>
    content.map((part) => (part.type === type && 'text' in part ? part.text : '')).join('');
  return {
    upstreamId,
    upstreamModel,
    text: textOf('text'),
    reasoning: textOf('reasoning'),
    refusal: textOf('refusal'),
    toolCalls: content
      .filter((part) => part.type === 'tool-call')
      .map(({ id, name, arguments: json }) => ({ id, name, arguments: parsed(json) })),
    citations: content.filter((part) => part.type === 'citation').map(({ url }) => url),
    signatures: content.flatMap((part) => ('extras' in part ? signaturesIn(part.extras) : [])),
    finish: finishReason,
    usage: usageFacts(usage),
  };
}

/** The facts of a stream, put together from its parts. @throws Error when it reported a fault. */
export function factsOfParts(parts: readonly ModelStreamPart[]): AnswerFacts {
  const content: ResponsePart[] = [];
  /** Where in the content each tool call stands, by its index. */
  const places: number[] = [];
  let head: Pick<ModelResponse, 'upstreamId' | 'upstreamModel'> = NO_HEAD;
  let usage: Usage = {};
  let finishReason: ModelResponse['finishReason'] = { unified: 'unknown', raw: undefined };
  for (const part of parts) {
    if (part.type === 'start') head = part;
    else if (part.type === 'usage') usage = mergeUsage(usage, part.usage);
    else if (part.type === 'finish') finishReason = part.reason;
    else if (part.type === 'error') throw new Error(`fault in the stream: ${part.failure.code}`);
    else if (part.type !== 'done') addPart(content, places, part);
  }
  return factsOfResponse({
    upstreamId: head.upstreamId,
    upstreamModel: head.upstreamModel,
    content,
    finishReason,
    usage,
  });
}

const NO_HEAD = { upstreamId: undefined, upstreamModel: undefined };

type ContentPart = Exclude<
  ModelStreamPart,
  { type: 'start' | 'usage' | 'finish' | 'error' | 'done' }
>;

function addPart(content: ResponsePart[], places: number[], part: ContentPart): void {
  switch (part.type) {
    case 'text-delta':
      content.push({ ...part, type: 'text' });
      return;
    case 'reasoning-delta':
      content.push({ ...part, type: 'reasoning' });
      return;
    case 'refusal-delta':
      content.push({ ...part, type: 'refusal' });
      return;
    case 'citation':
      content.push(part);
      return;
    case 'tool-call-start': {
      if (part.index !== places.length) throw new Error(`tool call ${part.index} is out of order`);
      places.push(content.length);
      const { id, name, extras } = part;
      content.push({ type: 'tool-call', id, name, arguments: '', ...(extras && { extras }) });
      return;
    }
    case 'tool-call-delta': {
      const place = places[part.index] ?? -1;
      const call = content[place];
      if (call?.type !== 'tool-call') throw new Error(`tool call ${part.index} was never opened`);
      content[place] = { ...call, arguments: call.arguments + part.arguments };
    }
  }
}

/** JSON as a value; text that is none stays as it is. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

function usageFacts(usage: Usage): AnswerFacts['usage'] {
  const { cacheWriteTokens, cacheWrite1hTokens } = usage;
  const isWriteReported = cacheWriteTokens !== undefined || cacheWrite1hTokens !== undefined;
  return {
    input: inputTokensOf(usage),
    output: usage.outputTokens,
    cacheRead: usage.cacheReadTokens,
    cacheWrite: isWriteReported ? (cacheWriteTokens ?? 0) + (cacheWrite1hTokens ?? 0) : undefined,
    reasoning: usage.reasoningTokens,
  };
}

const OPAQUE = new Set([
  'signature',
  'redacted',
  'thoughtSignature',
  'thought_signature',
  'data',
  'encrypted_content',
]);

/** The opaque texts inside extras, whatever wire they belong to. */
function signaturesIn(extras: Extras | undefined): string[] {
  const found: string[] = [];
  JSON.stringify(extras ?? {}, (name, value) => {
    if (OPAQUE.has(name) && typeof value === 'string' && value !== '') found.push(value);
    return value;
  });
  return found;
}
