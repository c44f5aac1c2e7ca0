import * as z from 'zod';
import type { Extras } from '../domain/conversation.ts';
import { parseJson } from '../domain/json.ts';

/**
 * What a caller keeps for a wire that is not the caller's own, e.g. Gemini's thought signatures. It
 * travels as text in a field that callers give back without reading it.
 */
export type Carried = {
  /** The part that it belongs to: what carries it, what stands before or behind that, or a text of no words. */
  readonly on: 'this' | 'previous' | 'next' | 'empty-text';
  readonly extras: Extras;
};

/** No provider's signature begins like this: none of them has a colon. */
const PREFIX = 'pointsman:';

/** Strings only: callers could write these fields themselves, and structure is not theirs to add. */
const carriedSchema = z.strictObject({
  on: z.enum(['this', 'previous', 'next', 'empty-text']),
  extras: z.record(z.string().max(32), z.record(z.string().regex(/^[a-zA-Z_]{1,64}$/), z.string())),
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
  return carriedSchema.safeParse(parseJson(text.slice(PREFIX.length))).data;
}
