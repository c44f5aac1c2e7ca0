import type { Extras, ReasoningPart, RefusalPart, TextPart, ToolCallPart } from './conversation.ts';
import type { AttemptFailure } from './failure.ts';
import type { JsonValue } from './json.ts';

/** Why an answer ended: our word, and the provider's own beside it. */
export type FinishReason = {
  readonly unified: 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'error' | 'unknown';
  readonly raw: string | undefined;
};

/**
 * Tokens as reported, in disjoint parts; `undefined` is not reported, 0 is a reported zero.
 * Whole input = uncached + cache read + cache write + cache write of one hour. Audio and image are
 * shares of the uncached input, reasoning and audio output shares of the output.
 */
export type Usage = {
  readonly uncachedInputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly cacheWrite1hTokens?: number;
  readonly audioInputTokens?: number;
  readonly imageInputTokens?: number;
  readonly outputTokens?: number;
  readonly reasoningTokens?: number;
  readonly audioOutputTokens?: number;
  /** What the provider itself says the call cost, in US dollars. */
  readonly upstreamCostUsd?: number;
};

/** A source that the answer names; `raw` is the provider's own object for its own dialect. */
export type CitationPart = {
  readonly type: 'citation';
  readonly url: string | undefined;
  readonly title: string | undefined;
  readonly raw?: JsonValue;
};

export type ResponsePart = TextPart | ReasoningPart | RefusalPart | ToolCallPart | CitationPart;

/** A text's vector: numbers, or the base64 text of little-endian floats of 32 bits. */
export type Vector = readonly number[] | string;

/** A whole answer in our words. */
export type ModelResponse = {
  /** One for each input, where vectors were asked for instead of an answer. */
  readonly vectors?: readonly Vector[];
  /** The provider's id of the answer. */
  readonly upstreamId: string | undefined;
  /** The model that the provider says has answered. */
  readonly upstreamModel: string | undefined;
  readonly content: readonly ResponsePart[];
  readonly finishReason: FinishReason;
  readonly usage: Usage;
};

/**
 * One piece of a streamed answer. `index` counts tool calls from 0 in order of appearance. Reasoning
 * of no words with `extras` is the signature of the reasoning before it, which it ends; a text with
 * `extras` is a part of its own, and must not be joined with the text around it.
 */
export type ModelStreamPart =
  | {
      readonly type: 'start';
      readonly upstreamId: string | undefined;
      readonly upstreamModel: string | undefined;
    }
  | { readonly type: 'text-delta'; readonly text: string; readonly extras?: Extras }
  | { readonly type: 'reasoning-delta'; readonly text: string; readonly extras?: Extras }
  | { readonly type: 'refusal-delta'; readonly text: string }
  | {
      readonly type: 'tool-call-start';
      readonly index: number;
      readonly id: string;
      readonly name: string;
      readonly extras?: Extras;
    }
  | { readonly type: 'tool-call-delta'; readonly index: number; readonly arguments: string }
  | CitationPart
  /** A snapshot, never an increment: fields given replace those given before. */
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'finish'; readonly reason: FinishReason }
  /** The dialect's own last word (`[DONE]`, `message_stop`): nothing of the answer follows. */
  | { readonly type: 'done' }
  /** The provider reported a fault inside the stream. */
  | { readonly type: 'error'; readonly failure: AttemptFailure };

/** The later snapshot wins, field by field. */
export function mergeUsage(earlier: Usage, later: Usage): Usage {
  return { ...earlier, ...later };
}

/** All input tokens, or undefined when the provider reported none. */
export function inputTokensOf(usage: Usage): number | undefined {
  if (usage.uncachedInputTokens === undefined) return undefined;
  return (
    usage.uncachedInputTokens +
    (usage.cacheReadTokens ?? 0) +
    (usage.cacheWriteTokens ?? 0) +
    (usage.cacheWrite1hTokens ?? 0)
  );
}
