import type { Extras } from '../../domain/conversation.ts';
import type { AttemptFailure } from '../../domain/failure.ts';
import { type JsonValue, parseJson } from '../../domain/json.ts';
import type {
  CitationPart,
  FinishReason,
  ModelResponse,
  ResponsePart,
  Usage,
} from '../../domain/response.ts';
import { isErrorBody } from '../error-body.ts';
import { malformed } from '../malformed.ts';
import { madeToolId } from '../tool-ids.ts';
import { remainder, tokenCount, usageOf } from '../usage.ts';
import { fromErrorInBody } from './failure.ts';
import { messageSchema, type WireBlock, type WireCitation, type WireUsage } from './wire.ts';

/** A reply of status 2xx → our words; bodies that are no answer become failures (F33 to F37). */
export function fromWireResponse(body: string): ModelResponse | AttemptFailure {
  const json = parseJson(body);
  if (isErrorBody(json)) return fromErrorInBody(json);
  const message = messageSchema.safeParse(json).data;
  if (message === undefined) return malformed('the answer is not a message');
  const { content: blocks } = message;
  if (blocks === undefined || blocks === null) return malformed('the answer has no content');
  const content = blocks.flatMap((block, at) => fromWireBlock(block, madeToolId(message.id, at)));
  const hasCalls = content.some(({ type }) => type === 'tool-call');
  return {
    upstreamId: message.id ?? undefined,
    upstreamModel: message.model ?? undefined,
    content,
    finishReason: fromWireStop(message.stop_reason, hasCalls),
    usage: message.usage ? fromWireUsage(message.usage) : {},
  };
}

/** One block in our words. Server tools and blocks that we do not know say nothing to the caller. */
function fromWireBlock(block: WireBlock, madeId: string): ResponsePart[] {
  switch (block.type) {
    case 'text': {
      const citations = (block.citations ?? []).map(fromWireCitation);
      return block.text ? [{ type: 'text', text: block.text }, ...citations] : citations;
    }
    case 'thinking':
    case 'redacted_thinking':
      return [{ type: 'reasoning', text: block.thinking ?? '', ...extrasOf(block) }];
    case 'tool_use': {
      const args = JSON.stringify(block.input ?? {});
      const id = block.id || madeId;
      return [{ type: 'tool-call', id, name: block.name ?? '', arguments: args }];
    }
    default:
      return [];
  }
}

/** What the next turn must give back beside a thinking block, under the name of this wire. */
export function extrasOf(block: Pick<WireBlock, 'signature' | 'data'>): { extras?: Extras } {
  if (block.signature) return { extras: { anthropic: { signature: block.signature } } };
  return block.data ? { extras: { anthropic: { redacted: block.data } } } : {};
}

export function fromWireCitation(citation: WireCitation): CitationPart {
  return {
    type: 'citation',
    url: citation.url ?? undefined,
    title: citation.title ?? citation.document_title ?? undefined,
    raw: citation as JsonValue, // it came out of JSON.parse
  };
}

const STOP_REASONS: Readonly<Record<string, FinishReason['unified']>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
};

/** An answer that calls a tool waits for it, whatever a host of the API says. */
export function fromWireStop(reason: string | null | undefined, hasCalls: boolean): FinishReason {
  const raw = reason ?? undefined;
  const unified = STOP_REASONS[raw ?? ''] ?? 'unknown';
  return { unified: unified === 'stop' && hasCalls ? 'tool-calls' : unified, raw };
}

/** Cache counts stand beside the input, thinking inside the output. */
export function fromWireUsage(usage: WireUsage): Usage {
  const cacheWrite1hTokens = tokenCount(usage.cache_creation?.ephemeral_1h_input_tokens);
  return usageOf({
    uncachedInputTokens: tokenCount(usage.input_tokens),
    cacheReadTokens: tokenCount(usage.cache_read_input_tokens),
    cacheWriteTokens: remainder(tokenCount(usage.cache_creation_input_tokens), cacheWrite1hTokens),
    cacheWrite1hTokens,
    outputTokens: tokenCount(usage.output_tokens),
    reasoningTokens: tokenCount(usage.output_tokens_details?.thinking_tokens),
  });
}
