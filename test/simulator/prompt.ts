/** What a provider reads in a request, whatever its wire. */
export type Prompt = {
  readonly model: string;
  readonly isStream: boolean;
  /** The text of the last user turn: directives such as `[[say: …]]` stand here. */
  readonly userText: string;
  /** Characters of all text in the request, for counting tokens. */
  readonly characters: number;
  /** One word each on what was attached, e.g. `image/png (1203 bytes)`. */
  readonly attachments: readonly string[];
  readonly tools: readonly OfferedTool[];
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string };
  readonly allowsParallelCalls: boolean;
  /** The results that the last turn brings back; empty when it brings none. */
  readonly toolResults: readonly string[];
  /** The JSON schema that the answer must follow; `{}` for any object. */
  readonly schema: JsonObject | undefined;
  readonly maxTokens: number | undefined;
  readonly stops: readonly string[];
  readonly wantsReasoning: boolean;
  /** Whether the client asked for usage in its stream. */
  readonly wantsStreamUsage: boolean;
  /** Vectors are asked for instead of an answer. */
  readonly embedding?: EmbeddingPrompt;
};

export type EmbeddingPrompt = {
  readonly inputs: readonly string[];
  readonly dimensions?: number;
  readonly isBase64: boolean;
};

export type OfferedTool = { readonly name: string; readonly schema: JsonObject };

export type JsonObject = { readonly [key: string]: unknown };

/** Why a provider refuses a request; each wire has its own words for it. */
export type Refusal = {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly code?: string;
  readonly field?: string;
};

/** What goes wrong at a provider, before any wire has a shape for it. */
export type ErrorKind =
  | 'invalid'
  | 'context-length'
  | 'too-large'
  | 'content-filter'
  | 'auth'
  | 'permission'
  | 'not-found'
  | 'conflict'
  | 'rate'
  | 'quota'
  | 'server'
  | 'unavailable'
  | 'timeout'
  | 'overload';

export function isRefusal(value: Prompt | Refusal): value is Refusal {
  return 'kind' in value;
}

export function asObject(value: unknown): JsonObject {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as JsonObject) : {}; // checked on the line above
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Characters of every string in a value: what a provider would count tokens of. */
export function charactersIn(value: unknown): number {
  if (typeof value === 'string') return value.startsWith('data:') ? 1000 : value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let characters = 0;
  for (const [key, item] of Object.entries(value)) {
    characters += key === 'data' ? 1000 : charactersIn(item);
  }
  return characters;
}

/** How a base64 attachment is described in the answer. */
export function describeData(mediaType: string, base64: string): string {
  const padding = base64.endsWith('==') ? 2 : Number(base64.endsWith('='));
  return `${mediaType} (${(base64.length / 4) * 3 - padding} bytes)`;
}
