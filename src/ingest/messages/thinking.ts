import type { Conversation, Extras } from '../../domain/conversation.ts';
import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import { type Carried, seal } from '../carrier.ts';

/** Marks thinking that no provider has signed as such: it must not go to one that asks for signatures. */
const UNSIGNED = seal({ on: 'this', extras: {} });

/**
 * What of a model's reasoning its caller gets. `signatures`: no words, but what the next turn has to
 * give back. `nothing`: callers that asked for neither thinking nor tools may expect one text alone.
 */
export type ThinkingWish = 'all' | 'signatures' | 'nothing';

export function thinkingWish({ reasoning, tools }: Conversation): ThinkingWish {
  if (reasoning?.visible === true) return 'all';
  return reasoning?.visible === false || tools.length > 0 ? 'signatures' : 'nothing';
}

/** What the provider of this dialect gave with a part; it goes out and comes back as it is. */
export function anthropicExtras(extras: Extras | undefined): JsonObject {
  const own = extras?.['anthropic'];
  return isJsonObject(own) ? own : {};
}

/** Reasoning in its block; `extras` of this dialect's provider are its signature, all others are carried. */
export function toThinkingBlock(text: string, extras: Extras | undefined): JsonObject {
  const { redacted, signature } = anthropicExtras(extras);
  if (typeof redacted === 'string') return { type: 'redacted_thinking', data: redacted };
  if (typeof signature === 'string') return { type: 'thinking', thinking: text, signature };
  const carried = extras === undefined ? UNSIGNED : seal({ on: 'this', extras });
  return { type: 'thinking', thinking: text, signature: carried };
}

/** A thinking block of no words that carries what belongs to another part; undefined where nothing does. */
export function toCarrier(on: Carried['on'], extras: Extras | undefined): JsonObject | undefined {
  const { anthropic: _, ...others } = extras ?? {};
  if (Object.keys(others).length === 0) return undefined;
  return { type: 'thinking', thinking: '', signature: seal({ on, extras: others }) };
}
