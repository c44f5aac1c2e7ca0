import type { Conversation, Extras } from '../../domain/conversation.ts';
import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import { type Carried, isSealed, seal, unseal } from '../carrier.ts';
import type { ReasoningItem } from './item-body.ts';

/** The wire whose reasoning items are those of this dialect. */
const OWN_WIRE = 'openai-responses';

/** The member of `include` that asks for what the next turn has to give back. */
const ENCRYPTED_CONTENT = 'reasoning.encrypted_content';

/**
 * Whether the caller gets what its next turn has to give back. Nothing is stored here: who calls tools
 * needs it for the turn that follows, whether or not it was asked for.
 */
export function carriesReasoning({ native, tools }: Conversation): boolean {
  const include = native?.body.value['include'];
  return tools.length > 0 || (Array.isArray(include) && include.includes(ENCRYPTED_CONTENT));
}

/**
 * `encrypted_content` for what a part has to get back: the dialect's own as it is, all others sealed. The
 * seal of nothing marks reasoning that nobody has signed, which no provider of the dialect would take.
 */
export function encrypt(extras: Extras, on: Carried['on'] = 'this'): string {
  const { encrypted_content: own } = ownFields(extras);
  return typeof own === 'string' ? own : seal({ on, extras });
}

function ownFields(extras: Extras): JsonObject {
  const own = extras[OWN_WIRE];
  return isJsonObject(own) ? own : {};
}

/** What a reasoning item gives back, and to which part. */
export function decrypt({ encrypted_content: content, id }: ReasoningItem): Carried {
  if (!content) return { on: 'this', extras: {} };
  if (isSealed(content)) return unseal(content) ?? { on: 'this', extras: {} };
  return { on: 'this', extras: { [OWN_WIRE]: { ...(id && { id }), encrypted_content: content } } };
}

/** The model's own words where they are there, else the summary of them. */
export function wordsOf({ content, summary }: ReasoningItem): string {
  const own = (content ?? []).map(({ text }) => text).join('');
  return own === '' ? (summary ?? []).map(({ text }) => text).join('\n\n') : own;
}
