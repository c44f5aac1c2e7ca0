import type { Extras, ReasoningPart, ToolCallPart } from '../../domain/conversation.ts';
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
import { remainder, shareOf, tokenCount, usageOf } from '../usage.ts';
import { fromFailedAnswer } from './failure.ts';
import {
  responseSchema,
  type WireAnnotation,
  type WireContent,
  type WireItem,
  type WireResponse,
  type WireUsage,
} from './wire.ts';

/** A reply of status 2xx → our words; bodies that are no answer become failures (F33 to F37). */
export function fromWireResponse(body: string): ModelResponse | AttemptFailure {
  const json = parseJson(body);
  if (isErrorBody(json)) return fromFailedAnswer(json);
  const response = responseSchema.safeParse(json).data;
  if (response === undefined) return malformed('the answer is not a response');
  if (response.status === 'failed') return fromFailedAnswer(json);
  const { output } = response;
  if (output === undefined || output === null) return malformed('the answer has no output');
  const content = output.flatMap((item, at) => fromWireItem(item, madeToolId(response.id, at)));
  const hasCalls = content.some(({ type }) => type === 'tool-call');
  return {
    upstreamId: response.id ?? undefined,
    upstreamModel: response.model ?? undefined,
    content,
    finishReason: fromWireStatus(response, hasCalls),
    usage: response.usage ? fromWireUsage(response.usage) : {},
  };
}

/** One item in our words. Server tools and items that we do not know say nothing to the caller. */
export function fromWireItem(item: WireItem, madeId: string): ResponsePart[] {
  switch (item.type) {
    case 'message':
      return (item.content ?? []).flatMap(fromWireContent);
    case 'reasoning':
      return fromWireReasoning(item);
    case 'function_call':
      return [fromWireCall(item, madeId)];
    default:
      return [];
  }
}

function fromWireContent({ text, refusal, annotations }: WireContent): ResponsePart[] {
  const citations = (annotations ?? []).map(fromWireAnnotation);
  if (refusal) return [{ type: 'refusal', text: refusal }];
  return text ? [{ type: 'text', text }, ...citations] : citations;
}

/** Between the parts of a summary, which are paragraphs. */
export const PARAGRAPH = '\n\n';

/** The reasoning itself where a vendor shows it, else its summary. */
function fromWireReasoning(item: WireItem): ReasoningPart[] {
  const pieces = item.content?.length ? item.content : (item.summary ?? []);
  const text = pieces.map((piece) => piece.text ?? '').join(PARAGRAPH);
  const extras = extrasOf(item);
  if (text === '' && extras === undefined) return [];
  return [{ type: 'reasoning', text, ...(extras && { extras }) }];
}

/** What the next turn must give back, since the provider keeps nothing. */
export function extrasOf({ id, encrypted_content: encrypted }: WireItem): Extras | undefined {
  if (!encrypted) return undefined;
  return { 'openai-responses': { ...(id && { id }), encrypted_content: encrypted } };
}

function fromWireCall(item: WireItem, madeId: string): ToolCallPart {
  const { call_id: id, name, arguments: json } = item;
  return { type: 'tool-call', id: id || madeId, name: name ?? '', arguments: json || '{}' };
}

export function fromWireAnnotation(annotation: WireAnnotation): CitationPart {
  return {
    type: 'citation',
    url: annotation.url ?? undefined,
    title: annotation.title ?? annotation.filename ?? undefined,
    raw: annotation as JsonValue, // it came out of JSON.parse
  };
}

type Words = ReadonlyMap<string, FinishReason['unified']>;

const INCOMPLETE_REASONS: Words = new Map([
  ['max_output_tokens', 'length'],
  ['max_tool_calls', 'length'],
  ['content_filter', 'content-filter'],
]);

const STATUSES: Words = new Map([
  ['completed', 'stop'],
  ['cancelled', 'error'],
  ['failed', 'error'],
]);

/** There is no word for calls: a completed answer that has one waits for it. */
export function fromWireStatus(response: WireResponse, hasCalls: boolean): FinishReason {
  const { status, incomplete_details: details } = response;
  if (status === 'incomplete') {
    const raw = details?.reason ?? status;
    return { unified: INCOMPLETE_REASONS.get(raw) ?? 'unknown', raw };
  }
  const unified = STATUSES.get(status ?? '') ?? 'unknown';
  return {
    unified: unified === 'stop' && hasCalls ? 'tool-calls' : unified,
    raw: status ?? undefined,
  };
}

const TICKS_PER_USD = 10_000_000_000;

/** Cached tokens are counted inside the input, reasoning inside the output, at xAI too. */
export function fromWireUsage(usage: WireUsage): Usage {
  const { input_tokens_details: input, output_tokens_details: output } = usage;
  const inputTokens = tokenCount(usage.input_tokens);
  const outputTokens = tokenCount(usage.output_tokens);
  const cacheReadTokens = shareOf(inputTokens, tokenCount(input?.cached_tokens));
  const cacheWriteTokens = shareOf(inputTokens, tokenCount(input?.cache_write_tokens));
  const ticks = usage.cost_in_usd_ticks;
  return usageOf({
    uncachedInputTokens: remainder(inputTokens, cacheReadTokens, cacheWriteTokens),
    cacheReadTokens,
    cacheWriteTokens,
    outputTokens,
    reasoningTokens: shareOf(outputTokens, tokenCount(output?.reasoning_tokens)),
    upstreamCostUsd: usage.cost ?? (ticks ? ticks / TICKS_PER_USD : undefined),
  });
}
