import type { Extras, TextPart } from '../../domain/conversation.ts';
import type { AttemptFailure } from '../../domain/failure.ts';
import { parseJson } from '../../domain/json.ts';
import type {
  CitationPart,
  FinishReason,
  ModelResponse,
  ResponsePart,
  Usage,
} from '../../domain/response.ts';
import { malformed } from '../malformed.ts';
import { madeToolId } from '../tool-ids.ts';
import { remainder, tokenCount, usageOf } from '../usage.ts';
import {
  answerSchema,
  type WireBlock,
  type WireCitation,
  type WireReasoning,
  type WireToolUse,
  type WireUsage,
} from './wire.ts';

/** A reply of status 2xx → our words; bodies that are no answer become failures (F33 to F35). */
export function fromWireResponse(body: string): ModelResponse | AttemptFailure {
  const answer = answerSchema.safeParse(parseJson(body)).data;
  if (answer === undefined) return malformed('the answer is not one of Converse');
  const { content: blocks } = answer.output.message;
  if (blocks === undefined || blocks === null) return malformed('the answer has no content');
  const content = blocks.flatMap((block, at) => fromWireBlock(block, madeToolId(undefined, at)));
  const hasCalls = content.some(({ type }) => type === 'tool-call');
  return {
    // The answer names neither itself nor its model.
    upstreamId: undefined,
    upstreamModel: undefined,
    content,
    finishReason: fromWireStop(answer.stopReason, hasCalls),
    usage: answer.usage ? fromWireUsage(answer.usage) : {},
  };
}

/** One block in our words. Server tools and blocks that we do not know say nothing to the caller. */
function fromWireBlock(block: WireBlock, madeId: string): ResponsePart[] {
  const { text, reasoningContent, toolUse, citationsContent } = block;
  if (toolUse) return isServerTool(toolUse) ? [] : [fromWireToolUse(toolUse, madeId)];
  if (reasoningContent) return [fromWireReasoning(reasoningContent)];
  if (citationsContent) {
    const { content, citations } = citationsContent;
    const cited = (content ?? []).flatMap((piece) => textOf(piece.text));
    return [...cited, ...(citations ?? []).map(fromWireCitation)];
  }
  return textOf(text);
}

function textOf(text: string | null | undefined): TextPart[] {
  return text ? [{ type: 'text', text }] : [];
}

export function isServerTool({ type }: WireToolUse): boolean {
  return type === 'server_tool_use';
}

function fromWireToolUse({ toolUseId, name, input }: WireToolUse, madeId: string): ResponsePart {
  const args = JSON.stringify(input ?? {});
  return { type: 'tool-call', id: toolUseId || madeId, name: name ?? '', arguments: args };
}

function fromWireReasoning({ reasoningText, redactedContent }: WireReasoning): ResponsePart {
  const extras = extrasOf(reasoningText?.signature, redactedContent);
  return { type: 'reasoning', text: reasoningText?.text ?? '', ...(extras && { extras }) };
}

/**
 * What the next turn must give back beside a thinking block, under the name of Anthropic's wire:
 * Claude's signatures hold on every host, and what is redacted is the same text as base64.
 */
export function extrasOf(
  signature: string | null | undefined,
  redactedContent: string | null | undefined,
): Extras | undefined {
  if (signature) return { anthropic: { signature } };
  const redacted = redactedContent ? fromBase64(redactedContent) : undefined;
  return redacted ? { anthropic: { redacted } } : undefined;
}

/** Undefined for what is not base64. */
function fromBase64(base64: string): string | undefined {
  try {
    return atob(base64);
  } catch {
    return undefined;
  }
}

export function fromWireCitation({ title, source, location }: WireCitation): CitationPart {
  const { url, domain } = location?.web ?? {};
  return {
    type: 'citation',
    url: url ?? undefined,
    title: title ?? source ?? domain ?? undefined,
  };
}

const STOP_REASONS: ReadonlyMap<string, FinishReason['unified']> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  // What a guardrail has masked is still an answer: the text stays.
  ['guardrail_intervened', 'content-filter'],
  ['content_filtered', 'content-filter'],
  ['malformed_model_output', 'error'],
  ['malformed_tool_use', 'error'],
]);

/** An answer that calls a tool waits for it, whatever the model says. */
export function fromWireStop(reason: string | null | undefined, hasCalls: boolean): FinishReason {
  const raw = reason ?? undefined;
  const unified = STOP_REASONS.get(raw ?? '') ?? 'unknown';
  return { unified: unified === 'stop' && hasCalls ? 'tool-calls' : unified, raw };
}

/** Cache counts stand beside the input. Reasoning is part of the output and not counted apart. */
export function fromWireUsage(usage: WireUsage): Usage {
  const cacheWriteTokens = tokenCount(usage.cacheWriteInputTokens);
  const keptLong = (usage.cacheDetails ?? []).filter(({ ttl }) => ttl === '1h');
  const cacheWrite1hTokens =
    keptLong.length === 0
      ? undefined
      : keptLong.reduce((sum, { inputTokens }) => sum + (tokenCount(inputTokens) ?? 0), 0);
  return usageOf({
    uncachedInputTokens: tokenCount(usage.inputTokens),
    cacheReadTokens: tokenCount(usage.cacheReadInputTokens),
    cacheWriteTokens: remainder(cacheWriteTokens, cacheWrite1hTokens),
    cacheWrite1hTokens,
    outputTokens: tokenCount(usage.outputTokens),
  });
}
