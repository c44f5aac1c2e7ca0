import type { Conversation, Reasoning, ReasoningEffort } from '../domain/conversation.ts';
import type { Warning } from '../domain/dialect.ts';
import { isJsonObject, type JsonObject } from '../domain/json.ts';
import type { ModelCall } from '../domain/ports.ts';

/** The least budget that is taken. */
const MIN_BUDGET_TOKENS = 1024;

/** Models up to 4.5 take a budget; later ones decide by themselves and take an effort. */
const TAKES_BUDGET = /claude-(?:3-|(?:opus|sonnet|haiku)-4(?:-[015](?:-|@|:|$)|-20\d{6}|@|$))/;

const BUDGET_BY_EFFORT: Readonly<Record<Exclude<ReasoningEffort, 'none'>, number>> = {
  minimal: 1024,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 32_768,
  max: 65_536,
};

const EFFORTS: Readonly<Record<Exclude<ReasoningEffort, 'none'>, string>> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'max',
};

/** What of the reasoning settings goes into the body, and what into its `output_config`. */
export type Thinking = {
  /** Undefined when the model is not asked to think. */
  readonly fields: JsonObject | undefined;
  readonly outputConfig: JsonObject;
};

const NO_THINKING: Thinking = { fields: undefined, outputConfig: {} };

/** The reasoning settings as this model takes them. `maxTokens` holds thinking and answer together. */
export function toThinking(call: ModelCall, maxTokens: number, warnings: Warning[]): Thinking {
  const { conversation, model } = call;
  const { reasoning } = conversation;
  if (reasoning === undefined) return NO_THINKING;
  const isAsked = reasoning.effort !== 'none' && reasoning.budgetTokens !== 0;
  if (!isAsked) return NO_THINKING;
  if (reasoning.effort === undefined && reasoning.budgetTokens === undefined) return NO_THINKING;
  const obstacle = obstacleOf(conversation);
  if (obstacle !== undefined) {
    warnings.push({ type: 'unsupported', field: 'reasoning', message: obstacle });
    return NO_THINKING;
  }
  return TAKES_BUDGET.test(model.upstreamModel)
    ? withBudget(reasoning, maxTokens, warnings)
    : adaptive(reasoning, warnings);
}

/** Why the model cannot think in this turn, by the rules of the API. */
function obstacleOf({ toolChoice, messages }: Conversation): string | undefined {
  if (toolChoice?.type === 'required' || toolChoice?.type === 'tool') {
    return 'left out: the model does not reason before a forced tool call';
  }
  return lacksSignature(messages) ? UNSIGNED_TURN : undefined;
}

export const UNSIGNED_TURN =
  'left out: the turn with the tool call came without its signed reasoning';

/** Whether tool results at the end answer calls that the model has not reasoned for, or another has. */
export function lacksSignature(messages: Conversation['messages']): boolean {
  if (messages.at(-1)?.role !== 'tool') return false;
  const called = messages.findLast(({ role }) => role === 'assistant');
  const isSigned = called?.content.some(
    (part) => part.type === 'reasoning' && isJsonObject(part.extras?.['anthropic']),
  );
  return isSigned !== true;
}

function withBudget(reasoning: Reasoning, maxTokens: number, warnings: Warning[]): Thinking {
  const { effort, budgetTokens } = reasoning;
  const byEffort = effort === undefined || effort === 'none' ? undefined : BUDGET_BY_EFFORT[effort];
  const wanted = Math.max(budgetTokens ?? byEffort ?? MIN_BUDGET_TOKENS, MIN_BUDGET_TOKENS);
  // Half of the room at the most, so that an answer is left.
  const budget = Math.min(wanted, Math.max(Math.floor(maxTokens / 2), MIN_BUDGET_TOKENS));
  if (budget >= maxTokens) {
    const message = `left out: ${maxTokens} output tokens leave no room for reasoning`;
    warnings.push({ type: 'unsupported', field: 'reasoning', message });
    return NO_THINKING;
  }
  return { fields: { thinking: { type: 'enabled', budget_tokens: budget } }, outputConfig: {} };
}

/** From a budget to the levels, where the caller has named tokens. */
const EFFORT_BY_BUDGET = [
  { atMostTokens: 2048, effort: 'low' },
  { atMostTokens: 8192, effort: 'medium' },
] as const;

function adaptive({ effort, budgetTokens, visible }: Reasoning, warnings: Warning[]): Thinking {
  const display = visible === undefined ? {} : { display: visible ? 'summarized' : 'omitted' };
  const fields = { thinking: { type: 'adaptive', ...display } };
  if (effort !== undefined && effort !== 'none') {
    const sent = EFFORTS[effort];
    if (sent !== effort) warnChanged(`effort "${effort}" was sent as "${sent}"`, warnings);
    return { fields, outputConfig: { effort: sent } };
  }
  const budget = budgetTokens ?? 0;
  const level = EFFORT_BY_BUDGET.find(({ atMostTokens }) => budget <= atMostTokens);
  const sent = level?.effort ?? 'high';
  warnChanged(`a budget of ${budget} tokens was sent as effort "${sent}"`, warnings);
  return { fields, outputConfig: { effort: sent } };
}

function warnChanged(message: string, warnings: Warning[]): void {
  warnings.push({ type: 'changed', field: 'reasoning', message });
}
