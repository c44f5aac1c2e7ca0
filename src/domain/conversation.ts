import type { NativeBody, Warning } from './dialect.ts';
import type { JsonObject, JsonValue } from './json.ts';

/**
 * What only one wire understands (cache marks, thought signatures), under the name of that wire:
 * given back to it untouched, never to another. Answers bring
 *
 * - `anthropic`: `signature` or `redacted` on reasoning;
 * - `gemini`: `thoughtSignature` on a tool call (of parallel ones on the first), on a text, which may
 *   be one of no words, or on reasoning;
 * - `openai`: `reasoning_details` (OpenRouter's list, as it came) on reasoning, and `extra_content`
 *   (Google's compatible address) on a tool call.
 *
 * A caller's dialect carries them to the caller and back on the same part: Chat Completions in
 * `reasoning_details[]` of the message and `extra_content` of the tool call, as OpenRouter and Google
 * do; a dialect with an opaque field of its own (a thinking block's signature, encrypted reasoning)
 * in that field. A model that demands a signature answers 400, or worse, without it.
 */
export type Extras = Readonly<Record<string, JsonValue>>;

export type TextPart = { readonly type: 'text'; readonly text: string; readonly extras?: Extras };

export type MediaSource =
  | { readonly type: 'base64'; readonly mediaType: string; readonly data: string }
  | { readonly type: 'url'; readonly url: string; readonly mediaType?: string };

export type ImagePart = {
  readonly type: 'image';
  readonly source: MediaSource;
  readonly detail?: 'low' | 'high' | 'auto';
  readonly extras?: Extras;
};

/** A document, PDF unless its media type says otherwise. */
export type FilePart = {
  readonly type: 'file';
  readonly source: MediaSource;
  readonly filename?: string;
  readonly extras?: Extras;
};

export type AudioPart = {
  readonly type: 'audio';
  readonly data: string;
  /** `wav` or `mp3`, as the callers' dialects name them. */
  readonly format: string;
};

export type ReasoningPart = {
  readonly type: 'reasoning';
  readonly text: string;
  readonly extras?: Extras;
};

export type RefusalPart = { readonly type: 'refusal'; readonly text: string };

export type ToolCallPart = {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  /** JSON text of an object, as the model wrote it. */
  readonly arguments: string;
  readonly extras?: Extras;
};

export type ToolResultPart = {
  readonly type: 'tool-result';
  readonly toolCallId: string;
  /** The tool that was called, where the conversation tells; Gemini links by name. */
  readonly toolName: string | undefined;
  readonly content: readonly (TextPart | ImagePart | FilePart)[];
  readonly isError: boolean;
  readonly extras?: Extras;
};

export type UserPart = TextPart | ImagePart | FilePart | AudioPart;
export type AssistantPart = TextPart | ReasoningPart | RefusalPart | ToolCallPart;

export type Message =
  | { readonly role: 'system'; readonly content: readonly TextPart[] }
  | { readonly role: 'user'; readonly content: readonly UserPart[] }
  | { readonly role: 'assistant'; readonly content: readonly AssistantPart[] }
  | { readonly role: 'tool'; readonly content: readonly ToolResultPart[] };

export type Tool = {
  readonly name: string;
  readonly description: string | undefined;
  /** JSON schema of the arguments. */
  readonly parameters: JsonObject;
  readonly strict?: boolean;
  readonly extras?: Extras;
};

export type ToolChoice =
  | { readonly type: 'auto' | 'none' | 'required' }
  | { readonly type: 'tool'; readonly name: string };

export type ResponseFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json-object' }
  | {
      readonly type: 'json-schema';
      readonly name: string;
      readonly description?: string;
      readonly schema: JsonObject;
      readonly strict: boolean;
    };

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

export type Reasoning = {
  readonly effort?: ReasoningEffort;
  readonly budgetTokens?: number;
  /** Whether the caller wants to see the reasoning, where a provider shows it. */
  readonly visible?: boolean;
};

export type Sampling = {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly seed?: number;
  readonly logitBias?: Readonly<Record<string, number>>;
  readonly logprobs?: boolean;
  readonly topLogprobs?: number;
  readonly choices?: number;
  readonly verbosity?: 'low' | 'medium' | 'high';
};

/** Texts to be turned into vectors. */
export type EmbeddingTask = {
  /** Texts, or the tokens of OpenAI's tokenizer that they were cut into. */
  readonly inputs: readonly (string | readonly number[])[];
  /** How long the vectors shall be; undefined leaves it to the model. */
  readonly dimensions: number | undefined;
  /** `base64` holds little-endian floats of 32 bits. */
  readonly encodingFormat: 'float' | 'base64';
};

/** What is to be answered: the part of a request that a provider gets. */
export type Conversation = {
  /** Asked for instead of an answer: there are no messages then, and nothing else is set. */
  readonly embedding?: EmbeddingTask;
  readonly messages: readonly Message[];
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice | undefined;
  readonly parallelToolCalls: boolean | undefined;
  readonly responseFormat: ResponseFormat | undefined;
  readonly maxOutputTokens: number | undefined;
  readonly stop: readonly string[];
  readonly sampling: Sampling;
  readonly reasoning: Reasoning | undefined;
  readonly stream: boolean;
  /** The last message is the beginning of the answer: the model goes on from it. */
  readonly isPrefilled?: boolean;
  /** The body as it came, for a provider of the same dialect. */
  readonly native: NativeBody | undefined;
  /** What was dropped or changed while reading it. */
  readonly warnings: readonly Warning[];
};

/** A conversation whose longest text is read part by part: one for each part, then one for all. */
export type PartedConversation = {
  readonly parts: readonly Conversation[];
  /** The conversation with the answers to the parts, in order, in place of the text. */
  combine(answers: readonly string[]): Conversation;
};
