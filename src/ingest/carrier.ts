import * as z from 'zod';
import type { Extras } from '../domain/conversation.ts';
import { jsonObjectSchema, parseJson } from '../domain/json.ts';

/**
 * What a caller keeps for a wire that is not the caller's own, e.g. Gemini's thought signatures. It
 * travels as text in a field that callers give back without reading it.
 */
export type Carried = {
  /**
   * The part that it belongs to: the one whose field carries it, the one before or behind that, or a
   * text of no words.
   */
  readonly on: 'this' | 'previous' | 'next' | 'empty-text';
  /** Where that part is in a dialect that has all text in one: its first character, and the one behind. */
  readonly span?: readonly [number, number];
  readonly extras: Extras;
};

/** No provider's signature begins like this: none of them has a colon. */
const PREFIX = 'pointsman:';

/**
 * A caller could write these fields itself. Strings are all that signatures need; structure, with which
 * a caller could add to a provider's request what nobody has checked, is taken only where it is known.
 */
const fieldsSchema = z
  .object({
    reasoning_details: z.array(jsonObjectSchema).optional(),
    extra_content: jsonObjectSchema.optional(),
  })
  .catchall(z.string());

const carriedSchema = z.strictObject({
  on: z.enum(['this', 'previous', 'next', 'empty-text']),
  span: z.tuple([z.int().nonnegative(), z.int().nonnegative()]).optional(),
  extras: z.record(z.string().regex(/^[a-z-]{1,32}$/), fieldsSchema),
});

export function seal(carried: Carried): string {
  return PREFIX + JSON.stringify(carried);
}

/** True for what `seal` wrote, also when somebody has changed it since. */
export function isSealed(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** Undefined for what is not ours, or is not as we wrote it. */
export function unseal(text: string): Carried | undefined {
  if (!isSealed(text)) return undefined;
  const { data } = carriedSchema.safeParse(parseJson(text.slice(PREFIX.length)));
  return data as Carried | undefined; // fields that are absent are absent, not undefined: it was JSON
}
