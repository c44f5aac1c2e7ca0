import type { ReasoningPart, TextPart, ToolCallPart } from '../../domain/conversation.ts';
import type { AttemptFailure } from '../../domain/failure.ts';
import { parseJson } from '../../domain/json.ts';
import type { ModelCall } from '../../domain/ports.ts';
import type {
  CitationPart,
  FinishReason,
  ModelResponse,
  ResponsePart,
  Usage,
} from '../../domain/response.ts';
import { malformed } from '../malformed.ts';
import { quirksOf } from '../resolve-provider.ts';
import { madeToolId } from '../tool-ids.ts';
import { remainder, tokenCount, usageOf } from '../usage.ts';
import { fromErrorInBody } from './failure.ts';
import {
  completionSchema,
  contentPartSchema,
  type WireCompletion,
  type WireMessage,
  type WireToolCall,
  type WireUsage,
} from './wire.ts';

/** A reply of status 2xx → our words; bodies that are no answer become failures (F33 to F37). */
export function fromWireResponse(body: string, call: ModelCall): ModelResponse | AttemptFailure {
  const json = parseJson(body);
  const parsed = completionSchema.safeParse(json);
  if (!parsed.success) return malformed('the answer is not a chat completion');
  const completion = parsed.data;
  if (completion.error !== undefined && completion.error !== null) return fromErrorInBody(json);
  const choice = completion.choices?.[0];
  if (choice === undefined) return malformed('the answer has no choices');
  const content = choice.message ? contentOf(choice.message, completion) : [];
  return {
    upstreamId: completion.id ?? undefined,
    upstreamModel: completion.model ?? undefined,
    content,
    finishReason: fromWireFinish(choice.finish_reason),
    usage: completion.usage ? fromWireUsage(completion.usage, call) : {},
  };
}

/** A message's parts in the order in which a reader expects them. */
function contentOf(message: WireMessage, completion: WireCompletion): ResponsePart[] {
  const reasoning = message.reasoning_content ?? message.reasoning;
  return [
    ...(reasoning ? [{ type: 'reasoning' as const, text: reasoning }] : []),
    ...fromWireContent(message.content),
    ...(message.refusal ? [{ type: 'refusal' as const, text: message.refusal }] : []),
    ...(message.tool_calls ?? []).map((toolCall, at) =>
      fromWireToolCall(toolCall, madeToolId(completion.id, at)),
    ),
    ...citationsOf(message, completion),
  ];
}

/** Content as a string, as Mistral's list, or as the object that a JSON schema asked for. */
export function fromWireContent(content: unknown): (TextPart | ReasoningPart)[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (content === null || content === undefined) return [];
  if (!Array.isArray(content)) return [{ type: 'text', text: JSON.stringify(content) }];
  return content.flatMap(fromWirePart);
}

function fromWirePart(value: unknown): (TextPart | ReasoningPart)[] {
  const part = contentPartSchema.safeParse(value).data;
  if (part === undefined) return [];
  if (part.type !== 'thinking') return part.text ? [{ type: 'text', text: part.text }] : [];
  const thinking =
    typeof part.thinking === 'string'
      ? part.thinking
      : (part.thinking ?? []).map((piece) => piece.text ?? '').join('');
  return thinking === '' ? [] : [{ type: 'reasoning', text: thinking }];
}

function fromWireToolCall(toolCall: WireToolCall, madeId: string): ToolCallPart {
  return {
    type: 'tool-call',
    id: toolCall.id || madeId,
    name: toolCall.function?.name ?? '',
    arguments: argumentsText(toolCall.function?.arguments) || '{}',
  };
}

/** Arguments as JSON text, whatever form they came in. */
export function argumentsText(value: string | Record<string, unknown> | null | undefined): string {
  if (typeof value === 'string') return value;
  return value ? JSON.stringify(value) : '';
}

function citationsOf(message: WireMessage, completion: WireCompletion): CitationPart[] {
  const annotated = (message.annotations ?? []).flatMap(({ url_citation: citation }) =>
    citation ? [citationPart(citation.url, citation.title)] : [],
  );
  return annotated.length > 0
    ? annotated
    : (completion.citations ?? []).map((url) => citationPart(url, undefined));
}

function citationPart(
  url: string | null | undefined,
  title: string | null | undefined,
): CitationPart {
  return { type: 'citation', url: url ?? undefined, title: title ?? undefined };
}

const FINISH_REASONS: Readonly<Record<string, FinishReason['unified']>> = {
  stop: 'stop',
  eos: 'stop',
  end_turn: 'stop',
  length: 'length',
  model_length: 'length',
  max_tokens: 'length',
  tool_calls: 'tool-calls',
  tool_call: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  error: 'error',
};

/** The dialect's words and the vendors' own (quirk 22); case differs between vendors. */
export function fromWireFinish(reason: string | null | undefined): FinishReason {
  const raw = reason ?? undefined;
  return { unified: FINISH_REASONS[raw?.toLowerCase() ?? ''] ?? 'unknown', raw };
}

/** The dialect counts cached tokens inside the prompt, and reasoning inside the completion but for xAI. */
export function fromWireUsage(usage: WireUsage, call: ModelCall): Usage {
  const cached = usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens;
  const cacheReadTokens = tokenCount(cached ?? usage.num_cached_tokens);
  const cacheWriteTokens = tokenCount(usage.prompt_tokens_details?.cache_write_tokens);
  const reasoningTokens = tokenCount(usage.completion_tokens_details?.reasoning_tokens);
  const completionTokens = tokenCount(usage.completion_tokens);
  const { reasoningIsOutsideOutput } = quirksOf(call.model.provider);
  const isOutside = reasoningIsOutsideOutput === true && completionTokens !== undefined;
  return usageOf({
    uncachedInputTokens: remainder(
      tokenCount(usage.prompt_tokens),
      cacheReadTokens,
      cacheWriteTokens,
    ),
    cacheReadTokens,
    cacheWriteTokens,
    audioInputTokens: tokenCount(usage.prompt_tokens_details?.audio_tokens),
    imageInputTokens: tokenCount(usage.prompt_tokens_details?.image_tokens),
    outputTokens: isOutside ? completionTokens + (reasoningTokens ?? 0) : completionTokens,
    reasoningTokens,
    audioOutputTokens: tokenCount(usage.completion_tokens_details?.audio_tokens),
    upstreamCostUsd: usage.cost ?? undefined,
  });
}
