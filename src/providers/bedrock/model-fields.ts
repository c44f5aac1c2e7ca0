import type { Conversation, ReasoningEffort } from '../../domain/conversation.ts';
import type { Warning } from '../../domain/dialect.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { ModelCall } from '../../domain/ports.ts';
import { toThinking } from '../claude-thinking.ts';
import type { Family } from './family.ts';

/** The settings that Converse hands on to the model, in its maker's own words. */
export type ModelFields = {
  /** `additionalModelRequestFields`; empty where there are none. */
  readonly fields: JsonObject;
  /** The model reasons first, and takes no sampling settings then. */
  readonly isReasoning: boolean;
};

export function modelFields(call: ModelCall, family: Family, warnings: Warning[]): ModelFields {
  const reasoning = reasoningFields(call, family, warnings);
  const { topK } = call.conversation.sampling;
  if (topK === undefined || call.unhonored.has('top-k')) return reasoning;
  if (reasoning.isReasoning) {
    warn(warnings, 'top_k', 'left out: the model reasons first');
    return reasoning;
  }
  const fields = topKFields(topK, family);
  if (fields === undefined) warn(warnings, 'top_k', 'left out: the model does not take it');
  return { ...reasoning, fields: { ...reasoning.fields, ...fields } };
}

function topKFields(topK: number, family: Family): JsonObject | undefined {
  if (family === 'claude') return { top_k: topK };
  return family === 'nova' || family === 'nova-2' ? { inferenceConfig: { topK } } : undefined;
}

function reasoningFields(call: ModelCall, family: Family, warnings: Warning[]): ModelFields {
  const { reasoning } = call.conversation;
  if (reasoning === undefined || !call.model.capability.reasoning) return NO_FIELDS;
  switch (family) {
    case 'claude':
      return claudeFields(call, warnings);
    case 'nova-2':
      return novaFields(call, warnings);
    case 'gpt-oss':
      return gptOssFields(call.conversation, warnings);
    case 'nova':
    case 'other':
      warn(warnings, 'reasoning', 'left out: the model decides by itself');
      return NO_FIELDS;
  }
}

const NO_FIELDS: ModelFields = { fields: {}, isReasoning: false };

function claudeFields(call: ModelCall, warnings: Warning[]): ModelFields {
  const room = call.maxOutputTokens ?? call.outputRoomTokens;
  const { fields, outputConfig } = toThinking(call, room, warnings);
  const hasConfig = Object.keys(outputConfig).length > 0;
  return {
    fields: { ...fields, ...(hasConfig ? { output_config: outputConfig } : {}) },
    isReasoning: fields !== undefined,
  };
}

const EFFORTS: Readonly<Record<Exclude<ReasoningEffort, 'none'>, 'low' | 'medium' | 'high'>> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};

/** From a budget to the levels, where the caller has named tokens. */
const EFFORT_BY_BUDGET = [
  { atMostTokens: 2048, effort: 'low' },
  { atMostTokens: 8192, effort: 'medium' },
] as const;

/** The level that the caller wants in the three that these models know. */
function effortOf(
  { reasoning }: Conversation,
  warnings: Warning[],
): 'none' | 'low' | 'medium' | 'high' | undefined {
  const { effort, budgetTokens } = reasoning ?? {};
  if (effort === 'none' || budgetTokens === 0) return 'none';
  if (effort !== undefined) {
    const sent = EFFORTS[effort];
    if (sent !== effort) warn(warnings, 'reasoning', `effort "${effort}" was sent as "${sent}"`);
    return sent;
  }
  if (budgetTokens === undefined) return undefined;
  const level = EFFORT_BY_BUDGET.find(({ atMostTokens }) => budgetTokens <= atMostTokens);
  const sent = level?.effort ?? 'high';
  warn(warnings, 'reasoning', `a budget of ${budgetTokens} tokens was sent as effort "${sent}"`);
  return sent;
}

/** At effort `high` Nova 2 takes neither sampling settings nor a limit, by its documentation. */
function novaFields(call: ModelCall, warnings: Warning[]): ModelFields {
  const wanted = effortOf(call.conversation, warnings);
  if (wanted === undefined || wanted === 'none') return NO_FIELDS;
  const isLimited = wanted === 'high' && call.maxOutputTokens !== undefined;
  if (isLimited) {
    warn(
      warnings,
      'reasoning',
      'effort "high" was sent as "medium": it would break the token limit',
    );
  }
  const maxReasoningEffort = isLimited ? 'medium' : wanted;
  return {
    fields: { reasoningConfig: { type: 'enabled', maxReasoningEffort } },
    isReasoning: maxReasoningEffort === 'high',
  };
}

/** It always reasons. */
function gptOssFields(conversation: Conversation, warnings: Warning[]): ModelFields {
  const wanted = effortOf(conversation, warnings);
  if (wanted === undefined) return NO_FIELDS;
  if (wanted === 'none') warn(warnings, 'reasoning', 'sent as effort "low": it always reasons');
  const effort = wanted === 'none' ? 'low' : wanted;
  return { fields: { reasoning_effort: effort }, isReasoning: false };
}

function warn(warnings: Warning[], field: string, message: string): void {
  warnings.push({ type: 'changed', field, message });
}
