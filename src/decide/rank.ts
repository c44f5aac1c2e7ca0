import { type Candidate, inputTokensFor } from '../domain/decision.ts';
import { type NanoUsd, usdFromNano } from '../domain/money.ts';
import { type Examination, qualityOf, unhonoredBy } from './eligibility.ts';
import type { Selection } from './select.ts';

/**
 * Orders the able models, best first. What the caller lists comes in its order; then models that keep
 * the soft limits before those that break them; then the score; ties break by id.
 */
export function rank(able: readonly Examination[], selection: Selection): readonly Candidate[] {
  const costs = able.map((examination) => examination.estimatedCostNanoUsd);
  const latencies = able.map(latencyOf);
  const matches = able.map(capabilityMatchOf);
  const costScore = scale(costs);
  const latencyScore = scale(latencies);
  const matchScore = scaleByDifference(matches);
  const { weights } = selection;
  const sum = weights.cost + weights.latency + weights.capabilityMatch;
  const candidates = able.map((examination, at): Candidate => {
    const capabilityMatch = matches[at] ?? 0;
    const weighed =
      weights.cost * costScore(costs[at]) +
      weights.latency * latencyScore(latencies[at]) +
      weights.capabilityMatch * matchScore(capabilityMatch);
    const { model, health } = examination;
    return {
      model: model.id,
      provider: model.provider.id,
      estimatedCostNanoUsd: costs[at],
      estimatedLatencyMs: latencyOf(examination),
      capabilityMatch,
      score: (weighed / sum) * model.entry.weight,
      penalties: penaltiesOf(examination),
      unhonored: unhonoredBy(model, examination.requirement),
      isProbe: health.breaker.state === 'half-open',
    };
  });
  return spread(inListedOrder(candidates.sort(compare), selection), selection.minProviders);
}

function latencyOf({ model, health }: Examination): number {
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

/** How well a model fits: its quality for the task, and how much room its window leaves. */
function capabilityMatchOf({ model, requirement }: Examination): number {
  const needed = inputTokensFor(requirement, model).atMost + requirement.outputRoomTokens;
  const doublings = Math.log2(model.capability.contextTokens / Math.max(needed, 1));
  const headroom = Math.min(Math.max(doublings / MOST_HEADROOM_DOUBLINGS, 0), 1);
  const quality = qualityOf(model, requirement) ?? UNKNOWN_QUALITY;
  return quality * (1 - HEADROOM_SHARE) + headroom * HEADROOM_SHARE;
}

function penaltiesOf(examination: Examination): readonly string[] {
  const { maxCostPer1kTokens, maxLatencyMs } = examination.selection.constraints;
  const penalties: string[] = [];
  const costPer1k = blendedCostPer1k(examination);
  if (maxCostPer1kTokens !== undefined && (costPer1k ?? Infinity) > maxCostPer1kTokens) {
    penalties.push(`maxCostPer1kTokens ${maxCostPer1kTokens}: ${costPer1k ?? 'price unknown'}`);
  }
  const latencyMs = latencyOf(examination);
  if (maxLatencyMs !== undefined && latencyMs > maxLatencyMs) {
    penalties.push(`maxLatencyMs ${maxLatencyMs}: ${Math.round(latencyMs)}`);
  }
  const missing = missingPreferences(examination);
  if (missing.length > 0) penalties.push(`personal data was found: lacks ${missing.join(', ')}`);
  return penalties;
}

function missingPreferences({ model, requirement }: Examination): readonly string[] {
  const { compliance } = model.capability;
  return [...requirement.preferredCompliance].filter((tag) => !compliance.has(tag));
}

/** US dollars per 1,000 tokens, input and output together in the request's own proportion. */
function blendedCostPer1k(examination: Examination): number | undefined {
  const { estimatedCostNanoUsd: cost, requirement, model } = examination;
  if (cost === undefined) return undefined;
  const input = inputTokensFor(requirement, model).estimated;
  return (usdFromNano(cost as NanoUsd) / (input + requirement.estimatedOutputTokens)) * 1000;
}

function compare(a: Candidate, b: Candidate): number {
  if (a.penalties.length !== b.penalties.length) return a.penalties.length - b.penalties.length;
  if (a.score !== b.score) return b.score - a.score;
  return a.model < b.model ? -1 : 1;
}

/** What the caller put in an order comes before the score: models, then providers. */
function inListedOrder(ranked: readonly Candidate[], selection: Selection): readonly Candidate[] {
  const { firstOf, nextOf, preferences } = selection;
  const byProvider = stableBy(ranked, (candidate) =>
    placeIn(preferences?.order ?? [], candidate.provider),
  );
  const byModel = stableBy(byProvider, (candidate) => placeIn(firstOf, candidate.model));
  const [first, ...rest] = byModel;
  if (first === undefined || nextOf.length === 0) return byModel;
  return [first, ...stableBy(rest, (candidate) => placeIn(nextOf, candidate.model))];
}

function placeIn(order: readonly string[], name: string): number {
  const place = order.indexOf(name);
  return place < 0 ? order.length : place;
}

function stableBy<T>(items: readonly T[], place: (item: T) => number): readonly T[] {
  return [...items].sort((a, b) => place(a) - place(b));
}

/** Brings the best model of each further provider forward until the chain spans enough of them. */
function spread(ranked: readonly Candidate[], minProviders: number): readonly Candidate[] {
  const front: Candidate[] = [];
  const providers = new Set<string>();
  for (const candidate of ranked) {
    if (providers.size >= minProviders) break;
    if (providers.has(candidate.provider)) continue;
    providers.add(candidate.provider);
    front.push(candidate);
  }
  return [...front, ...ranked.filter((candidate) => !front.includes(candidate))];
}
