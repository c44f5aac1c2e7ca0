import type { JsonText } from './json-text.ts';

/** The wire formats that callers may speak. */
export const DIALECTS = ['openai-chat', 'anthropic-messages', 'openai-responses'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** A request's body as it came, for a provider that speaks the caller's dialect. */
export type NativeBody = {
  readonly dialect: Dialect;
  readonly body: JsonText;
  /** Top-level fields that belong to the dialect; the others are ours or unknown. */
  readonly fields: ReadonlySet<string>;
  /** Fields that were given and that no other dialect can say: lost in a translation. */
  readonly untranslatable: readonly string[];
};

/** Something asked for that was not honored as asked. */
export type Warning = {
  readonly type: 'unsupported' | 'changed' | 'unknown-field';
  /** The field of the caller's body, or the part of the answer, that it concerns. */
  readonly field: string;
  readonly message: string;
};
