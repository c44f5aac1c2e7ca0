import type { Reasoning, ReasoningPart } from '../../domain/conversation.ts';
import type { Warning } from '../../domain/dialect.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import { ownExtras } from '../own-extras.ts';
import type { Quirks } from '../vendor.ts';

/** From a budget in tokens to the dialect's levels, where a caller's dialect has only a budget. */
const EFFORT_LEVELS = [
  { atMostTokens: 0, effort: 'none' },
  { atMostTokens: 2048, effort: 'low' },
  { atMostTokens: 8192, effort: 'medium' },
] as const;

/** The fields in which vendors are told how much to reason. */
export const REASONING_FIELDS = ['reasoning_effort', 'reasoning', 'thinking'];

/** Fields by which a caller has said it in the vendor's own words; OpenRouter knows two. */
const OWN_WORDS: Readonly<Record<NonNullable<Quirks['reasoningField']>, readonly string[]>> = {
  reasoning_effort: ['reasoning_effort'],
  reasoning: ['reasoning', 'reasoning_effort'],
  thinking: ['thinking'],
  'thinking-and-effort': ['thinking'],
};

export function saysReasoning(names: ReadonlyMap<string, unknown>, quirks: Quirks): boolean {
  return OWN_WORDS[quirks.reasoningField ?? 'reasoning_effort'].some((name) => names.has(name));
}

/** How much to reason, as the vendor is told it. */
export function toReasoningFields(
  reasoning: Reasoning | undefined,
  quirks: Quirks,
  warnings: Warning[],
): JsonObject {
  if (reasoning === undefined) return {};
  switch (quirks.reasoningField ?? 'reasoning_effort') {
    case 'reasoning_effort':
      return toEffort(reasoning, warnings);
    case 'reasoning':
      return toReasoningObject(reasoning);
    case 'thinking':
      return toThinking(reasoning);
    case 'thinking-and-effort': {
      const isOff = reasoning.effort === undefined || reasoning.effort === 'none';
      return { ...toThinking(reasoning), ...(isOff ? {} : { reasoning_effort: reasoning.effort }) };
    }
  }
}

function toThinking({ effort, budgetTokens }: Reasoning): JsonObject {
  const isOff = effort === 'none' || budgetTokens === 0;
  return { thinking: { type: isOff ? 'disabled' : 'enabled' } };
}

function toEffort({ effort, budgetTokens }: Reasoning, warnings: Warning[]): JsonObject {
  if (effort !== undefined) return { reasoning_effort: effort };
  if (budgetTokens === undefined) return {};
  const level = EFFORT_LEVELS.find(({ atMostTokens }) => budgetTokens <= atMostTokens);
  const sent = level?.effort ?? 'high';
  const message = `a budget of ${budgetTokens} tokens was sent as effort "${sent}"`;
  warnings.push({ type: 'changed', field: 'reasoning', message });
  return { reasoning_effort: sent };
}

/**
 * OpenRouter's own form: a budget or a level, never both. Reasoning that nobody wants to see is asked
 * for all the same: hidden, it would come without what the next turn must give back.
 */
function toReasoningObject({ effort, budgetTokens }: Reasoning): JsonObject {
  if (budgetTokens !== undefined) return { reasoning: { max_tokens: budgetTokens } };
  return effort === undefined ? {} : { reasoning: { effort } };
}

/** What was thought in an earlier turn. */
export type EarlierReasoning = {
  readonly text: string;
  /** Opaque, of OpenRouter. */
  readonly details: readonly JsonValue[];
};

/** The reasoning of one turn, with what this wire wants back. */
export function earlierReasoning(parts: readonly ReasoningPart[]): EarlierReasoning {
  return {
    text: parts.map(({ text }) => text).join(''),
    details: parts.flatMap((part) => listIn(ownExtras('openai', part)['reasoning_details'])),
  };
}

/** The same out of a message of the dialect. */
export function reasoningIn(message: JsonObject): EarlierReasoning {
  const { reasoning_content: content, reasoning, reasoning_details: details } = message;
  const words = [content, reasoning].find((value) => typeof value === 'string' && value !== '');
  return { text: typeof words === 'string' ? words : '', details: listIn(details) };
}

function listIn(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** An assistant's message with its reasoning where the vendor takes it back, if it does. */
export function withReasoning(
  message: JsonObject,
  { text, details }: EarlierReasoning,
  quirks: Quirks,
): JsonObject {
  const { reasoningReturn: field, requiresReasoning } = quirks;
  if (field === undefined) return message;
  switch (field) {
    case 'reasoning_content':
    case 'reasoning': {
      const isNeeded = requiresReasoning === true && message['tool_calls'] !== undefined;
      return text !== '' || isNeeded ? { ...message, [field]: text } : message;
    }
    case 'reasoning_details':
      if (details.length > 0) return { ...message, reasoning_details: details };
      return text === '' ? message : { ...message, reasoning: text };
    case 'thinking-parts':
      if (text === '') return message;
      return { ...message, content: thinkingParts(text, message['content']) };
  }
}

function thinkingParts(text: string, content: JsonValue | undefined): JsonValue {
  const thinking: JsonValue = { type: 'thinking', thinking: [{ type: 'text', text }] };
  if (Array.isArray(content)) return [thinking, ...content.filter(isJsonObject)];
  return content ? [thinking, { type: 'text', text: content }] : [thinking];
}

/** Whether a turn's reasoning is lost on the way to the vendor. */
export function losesReasoning({ text, details }: EarlierReasoning, quirks: Quirks): boolean {
  if (text === '' && details.length === 0) return false;
  return quirks.reasoningReturn === undefined;
}

export const LOST_REASONING: Warning = {
  type: 'unsupported',
  field: 'messages',
  message: 'reasoning of earlier turns was left out: the model does not take it',
};
