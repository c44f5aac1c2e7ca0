import type { JsonText } from './json-text.ts';
import type { Wire } from './model.ts';

/** The wire formats that callers may speak. */
export const DIALECTS = [
  'openai-chat',
  'anthropic-messages',
  'openai-responses',
  'openai-embeddings',
] as const;
export type Dialect = (typeof DIALECTS)[number];

const DIALECT_BY_WIRE: Readonly<Partial<Record<Wire, Dialect>>> = {
  openai: 'openai-chat',
  'openai-responses': 'openai-responses',
  anthropic: 'anthropic-messages',
};

/** The callers' dialect that a wire is; undefined when it is nobody's. */
export function dialectOf(wire: Wire): Dialect | undefined {
  return DIALECT_BY_WIRE[wire];
}

/** A request's body as it came, for a provider that speaks the caller's dialect. */
export type NativeBody = {
  readonly dialect: Dialect;
  readonly body: JsonText;
  /** Top-level fields that belong to the dialect; the others are ours or unknown. */
  readonly fields: ReadonlySet<string>;
  /** What was given and no other dialect can say, by its name: lost in a translation, with a warning. */
  readonly untranslatable: readonly string[];
  /** It asks for what only a provider of this dialect can do: it is never translated. */
  readonly isOnlyForm?: boolean;
  /** Previews of the dialect that were asked for by name, as far as they may be passed on. */
  readonly betas?: readonly string[];
};

/** Something asked for that was not honored as asked. */
export type Warning = {
  readonly type: 'unsupported' | 'changed' | 'unknown-field';
  /** The field of the caller's body, or the part of the answer, that it concerns. */
  readonly field: string;
  readonly message: string;
};
