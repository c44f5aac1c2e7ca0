import { inputTokensFor } from '../domain/decision.ts';
import { usdFromNano } from '../domain/money.ts';
import type { Examination } from './eligibility.ts';
import type { Selection } from './select.ts';

/** What one able model is compared by. */
export type Score = {
  /** Higher is better. */
  readonly score: number;
  /** 0 to 1: quality for the task, and how much room the window leaves. */
  readonly capabilityMatch: number;
};

/**
 * The scores of able models, in their order: `quality − λ · cost` where the selection has a λ and
 * anything is known of their quality, else by weights.
 */
export function scoresOf(able: readonly Examination[], selection: Selection): Score[] {
  const matches = able.map(capabilityMatchOf);
  const { lambda } = selection;
  const known = able.flatMap(({ quality }) => quality ?? []);
  const scores =
    lambda === undefined || known.length === 0
      ? byWeights(able, matches, selection)
      : byWorth(able, lambda, Math.min(UNKNOWN_QUALITY, ...known));
  return scores.map((score, at) => ({ score, capabilityMatch: matches[at] ?? 0 }));
}

/** A price that is not known is taken for the highest that is; nobody is better for what it hides. */
function byWorth(able: readonly Examination[], lambda: number, leastQuality: number): number[] {
  const usd = able.map(({ estimatedCostNanoUsd: cost }) => cost && usdFromNano(cost));
  const dearest = Math.max(0, ...usd.filter((cost) => cost !== undefined));
  return able.map(({ model, quality = leastQuality }, at) => {
    return quality * model.entry.weight - lambda * (usd[at] ?? dearest);
  });
}

function byWeights(
  able: readonly Examination[],
  matches: readonly number[],
  { weights }: Selection,
): number[] {
  const costs = able.map(({ estimatedCostNanoUsd }) => estimatedCostNanoUsd);
  const costScore = scale(costs);
  const latencies = able.map(latencyOf);
  const latencyScore = scale(latencies);
  const matchScore = scaleByDifference(matches);
  const sum = weights.cost + weights.latency + weights.capabilityMatch;
  return able.map(({ model }, at) => {
    const weighed =
      weights.cost * costScore(costs[at]) +
      weights.latency * latencyScore(latencies[at]) +
      weights.capabilityMatch * matchScore(matches[at] ?? 0);
    return (weighed / sum) * model.entry.weight;
  });
}

/** Expected time to the first token, in milliseconds: measured where enough calls were seen. */
export function latencyOf({ model, health }: Examination): number {
  return health.latencyMs ?? model.entry.estimatedP50LatencyMs;
}

/**
 * Lower is better, 1 for the lowest and 0 for the highest or unknown. By ratio and not by difference:
 * prices and latencies differ by factors, and one dear model must not make all others look alike.
 */
function scale(values: readonly (number | undefined)[]): (value: number | undefined) => number {
  const known = values.filter((value) => value !== undefined).map(positive);
  const lowest = Math.min(...known);
  const span = Math.log(Math.max(...known) / lowest);
  return (value) => {
    if (value === undefined) return 0;
    return span === 0 ? 1 : 1 - Math.log(positive(value) / lowest) / span;
  };
}

function positive(value: number): number {
  return Math.max(value, 1);
}

/** Higher is better, 1 for the highest and 0 for the lowest, so that its weight weighs like the others. */
function scaleByDifference(values: readonly number[]): (value: number) => number {
  const lowest = Math.min(...values);
  const span = Math.max(...values) - lowest;
  return (value) => (span === 0 ? 1 : (value - lowest) / span);
}

/** A model of unknown quality is taken for a middling one. */
const UNKNOWN_QUALITY = 0.5;
/** Eight times the needed window is all the room that helps. */
const MOST_HEADROOM_DOUBLINGS = 3;
const HEADROOM_SHARE = 0.25;

function capabilityMatchOf(examination: Examination): number {
  const { model, requirement, quality = UNKNOWN_QUALITY } = examination;
  const needed = inputTokensFor(requirement, model).atMost + requirement.outputRoomTokens;
  const doublings = Math.log2(model.capability.contextTokens / Math.max(needed, 1));
  const headroom = Math.min(Math.max(doublings / MOST_HEADROOM_DOUBLINGS, 0), 1);
  return quality * (1 - HEADROOM_SHARE) + headroom * HEADROOM_SHARE;
}
