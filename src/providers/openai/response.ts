import type { Extras, ReasoningPart, TextPart, ToolCallPart } from '../../domain/conversation.ts';
import type { AttemptFailure } from '../../domain/failure.ts';
import { parseJson } from '../../domain/json.ts';
import type { ModelCall } from '../../domain/ports.ts';
import type { FinishReason, ModelResponse, ResponsePart, Usage } from '../../domain/response.ts';
import { isErrorBody } from '../error-body.ts';
import { malformed } from '../malformed.ts';
import { quirksOf } from '../resolve-provider.ts';
import { madeToolId } from '../tool-ids.ts';
import { remainder, shareOf, tokenCount, usageOf } from '../usage.ts';
import { citationsOf } from './citations.ts';
import { fromErrorInBody } from './failure.ts';
import {
  completionSchema,
  contentPartSchema,
  type WireChoice,
  type WireCompletion,
  type WireMessage,
  type WireToolCall,
  type WireUsage,
} from './wire.ts';

/** A reply of status 2xx → our words; bodies that are no answer become failures (F33 to F37). */
export function fromWireResponse(body: string, call: ModelCall): ModelResponse | AttemptFailure {
  const json = parseJson(body);
  if (isErrorBody(json)) return fromErrorInBody(json);
  const completion = completionSchema.safeParse(json).data;
  if (completion === undefined) return malformed('the answer is not a chat completion');
  const choice = completion.choices?.[0];
  if (choice === undefined) return malformed('the answer has no choices');
  const content = choice.message ? contentOf(choice.message, completion) : [];
  const hasCalls = content.some(({ type }) => type === 'tool-call');
  return {
    upstreamId: completion.id ?? undefined,
    upstreamModel: completion.model ?? undefined,
    content,
    finishReason: finishOf(choice, hasCalls),
    usage: completion.usage ? fromWireUsage(completion.usage, call) : {},
  };
}

/** A message's parts in the order in which a reader expects them. */
function contentOf(message: WireMessage, completion: WireCompletion): ResponsePart[] {
  const content = message.content ?? message.audio?.transcript;
  const { refusal, tool_calls: toolCalls, function_call: called } = message;
  const pieces: readonly WireToolCall[] = toolCalls ?? (called ? [{ function: called }] : []);
  return [
    ...reasoningOf(message),
    ...fromWireContent(content),
    ...(refusal ? [{ type: 'refusal' as const, text: refusal }] : []),
    ...pieces.map((piece, at) => fromWireToolCall(piece, madeToolId(completion.id, at))),
    ...citationsOf(message, completion),
  ];
}

/** Reasoning in a field of its own; what must come back with it stays under the name of this wire. */
export function reasoningOf(message: WireMessage): ReasoningPart[] {
  const text = message.reasoning_content || message.reasoning || '';
  const details = message.reasoning_details ?? [];
  if (details.length > 0) {
    return [{ type: 'reasoning', text, extras: { openai: { reasoning_details: details } } }];
  }
  return text === '' ? [] : [{ type: 'reasoning', text }];
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

function fromWireToolCall(piece: WireToolCall, madeId: string): ToolCallPart {
  return {
    type: 'tool-call',
    id: piece.id || madeId,
    name: toolNameOf(piece),
    arguments: argumentsText(piece) || '{}',
    ...toolExtras(piece),
  };
}

export function toolNameOf({ function: called, custom }: WireToolCall): string {
  return called?.name ?? custom?.name ?? '';
}

/**
 * Arguments as JSON text, whatever form they came in; free text becomes the only argument. Groq says
 * `null` where there are none.
 */
export function argumentsText({ function: called, custom }: WireToolCall): string {
  if (custom) return JSON.stringify({ input: custom.input ?? '' });
  const value = called?.arguments;
  if (typeof value === 'string') return value === 'null' ? '' : value;
  return value ? JSON.stringify(value) : '';
}

/** The signature that must come back on the same call. */
export function toolExtras({ extra_content: content }: WireToolCall): { extras?: Extras } {
  return content ? { extras: { openai: { extra_content: content } } } : {};
}

const FINISH_REASONS: Readonly<Record<string, FinishReason['unified']>> = {
  stop: 'stop',
  eos: 'stop',
  end_turn: 'stop',
  complete: 'stop',
  stop_sequence: 'stop',
  length: 'length',
  model_length: 'length',
  max_tokens: 'length',
  tool_calls: 'tool-calls',
  tool_call: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  error: 'error',
};

/**
 * The dialect's words and the vendors' own; their case differs. An answer that calls a tool may end
 * with `stop`, where one was forced: it waits for the tool all the same.
 */
export function finishOf(choice: WireChoice, hasCalls: boolean): FinishReason {
  const raw = choice.finish_reason || choice.finish_details?.type || undefined;
  const unified = FINISH_REASONS[raw?.toLowerCase() ?? ''] ?? 'unknown';
  return { unified: unified === 'stop' && hasCalls ? 'tool-calls' : unified, raw };
}

/** The dialect counts cached tokens inside the prompt. */
export function fromWireUsage(usage: WireUsage, call: ModelCall): Usage {
  const promptTokens = tokenCount(usage.prompt_tokens);
  const cached = usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens;
  const cacheReadTokens = shareOf(promptTokens, tokenCount(cached ?? usage.num_cached_tokens));
  const cacheWriteTokens = tokenCount(usage.prompt_tokens_details?.cache_write_tokens);
  const uncachedInputTokens = remainder(promptTokens, cacheReadTokens, cacheWriteTokens);
  return usageOf({
    uncachedInputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    audioInputTokens: shareOf(
      uncachedInputTokens,
      tokenCount(usage.prompt_tokens_details?.audio_tokens),
    ),
    imageInputTokens: shareOf(
      uncachedInputTokens,
      tokenCount(usage.prompt_tokens_details?.image_tokens),
    ),
    outputTokens: outputTokensOf(usage, call),
    reasoningTokens: tokenCount(usage.completion_tokens_details?.reasoning_tokens),
    audioOutputTokens: tokenCount(usage.completion_tokens_details?.audio_tokens),
    upstreamCostUsd: usage.cost ?? undefined,
  });
}

/**
 * Reasoning is inside the completion, but for xAI, wherever its models are hosted: the total tells. A
 * vendor's quirk decides only where there is no total.
 */
function outputTokensOf(usage: WireUsage, call: ModelCall): number | undefined {
  const completion = tokenCount(usage.completion_tokens);
  const reasoning = tokenCount(usage.completion_tokens_details?.reasoning_tokens) ?? 0;
  if (completion === undefined) return undefined;
  const total = tokenCount(usage.total_tokens);
  const whole = (tokenCount(usage.prompt_tokens) ?? 0) + completion + reasoning;
  const { reasoningIsOutsideOutput } = quirksOf(call.model.provider);
  const isOutside = total === undefined ? reasoningIsOutsideOutput === true : total === whole;
  return isOutside || reasoning > completion ? completion + reasoning : completion;
}
