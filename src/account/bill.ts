import type { Attempt, AttemptOutcome } from '../domain/attempt.ts';
import { inputTokensFor, type Requirement, type RoutingDecision } from '../domain/decision.ts';
import type { RoutableModel } from '../domain/model.ts';
import { nanoUsd } from '../domain/money.ts';
import type { AnswerBill } from '../domain/ports.ts';
import type { Registry } from '../domain/registry.ts';
import { inputTokensOf, type Usage } from '../domain/response.ts';
import { price } from './price.ts';

/** What is known of one call when it is billed. */
export type BillInput = {
  readonly usage: Usage;
  readonly outputCharacters: number;
  /** `open` while a stream still runs. */
  readonly outcome: AttemptOutcome | 'open';
  readonly model: RoutableModel;
  readonly requirement: Requirement;
};

/** Characters of an answer per token, where the provider reported none. */
const CHARACTERS_PER_TOKEN = 4;

/** What a call used, by report or else by estimate, and what that costs. */
export function billOf(input: BillInput): AnswerBill {
  const { outcome, model } = input;
  const wasRefused =
    outcome !== 'open' && outcome.type === 'failed' && outcome.failure.accepted === 'no';
  if (wasRefused) return { usage: {}, usageIsEstimated: false, costNanoUsd: nanoUsd(0) };
  const usage = completed(input);
  return {
    usage,
    usageIsEstimated: usage !== input.usage,
    costNanoUsd: price(usage, model.price),
  };
}

/** Fills in what was not reported, or reported as nothing although something came (F63, F64). */
function completed(input: BillInput): Usage {
  const { usage, outputCharacters, model, requirement } = input;
  const hasContent = outputCharacters > 0;
  const hasOutput = isCredible(usage.outputTokens, hasContent);
  const hasInput = isCredible(inputTokensOf(usage), hasContent || (usage.outputTokens ?? 0) > 0);
  if (hasInput && hasOutput) return usage;
  const estimatedInput = inputTokensFor(requirement, model).estimated;
  return {
    ...usage,
    ...(!hasInput && { uncachedInputTokens: estimatedInput }),
    ...(!hasOutput && { outputTokens: estimatedOutputOf(input) }),
  };
}

/** By what came; of a call that was left and is billed all the same, by what was expected (F71). */
function estimatedOutputOf({ outputCharacters, outcome, model, requirement }: BillInput): number {
  const wasLeft = outcome !== 'open' && outcome.type === 'cancelled' && outputCharacters === 0;
  if (wasLeft && model.provider.billsInFull) return requirement.estimatedOutputTokens;
  return Math.ceil(outputCharacters / CHARACTERS_PER_TOKEN);
}

/** Zero is credible only of a call that brought nothing: one that was filtered or cancelled (F66). */
function isCredible(tokens: number | undefined, cameSomething: boolean): boolean {
  return tokens !== undefined && (tokens > 0 || !cameSomething);
}

/** By the number of a call. */
type Decisions = ReadonlyMap<number, RoutingDecision>;

/** The bills of the calls that were decided on before the last step of an answer, and answered. */
export function earlierBills(
  attempts: readonly Attempt[],
  { earlier, registry }: { readonly earlier?: Decisions; readonly registry: Registry },
): readonly AnswerBill[] {
  if (earlier === undefined) return [];
  return attempts.flatMap((attempt) => {
    const model = registry.modelById.get(attempt.model);
    const decision = earlier.get(attempt.number);
    const isPart = model !== undefined && decision !== undefined;
    if (!isPart || attempt.outcome.type !== 'answered') return [];
    return [billOf({ ...attempt, model, requirement: decision.requirement })];
  });
}

/** A bill with all that others of the same answer add to it. */
export function withBills(last: AnswerBill, others: readonly AnswerBill[]): AnswerBill {
  return others.reduce(addBill, last);
}

function addBill(a: AnswerBill, b: AnswerBill): AnswerBill {
  const hasCost = a.costNanoUsd !== undefined && b.costNanoUsd !== undefined;
  return {
    usage: addUsage(a.usage, b.usage),
    usageIsEstimated: a.usageIsEstimated || b.usageIsEstimated,
    costNanoUsd: hasCost ? nanoUsd(a.costNanoUsd + b.costNanoUsd) : undefined,
  };
}

function addUsage(a: Usage, b: Usage): Usage {
  const sum: Partial<Record<keyof Usage, number>> = { ...a };
  for (const [name, amount] of Object.entries(b)) {
    const part = name as keyof Usage; // the keys of a usage
    sum[part] = (sum[part] ?? 0) + amount;
  }
  return sum;
}
