import { type Candidate, inputTokensFor } from '../domain/decision.ts';
import { type NanoUsd, usdFromNano } from '../domain/money.ts';
import { type Examination, unhonoredBy } from './eligibility.ts';
import { latencyOf, scoresOf } from './score.ts';
import type { Selection } from './select.ts';

/**
 * Orders the able models, best first. What the caller lists comes in its order; then models that keep
 * the soft limits before those that break them; then the score; ties break by id.
 */
export function rank(able: readonly Examination[], selection: Selection): readonly Candidate[] {
  const scores = scoresOf(able, selection);
  const candidates = able.map((examination, at): Candidate => {
    const { model, health, quality, estimatedCostNanoUsd } = examination;
    return {
      model: model.id,
      provider: model.provider.id,
      estimatedCostNanoUsd,
      estimatedLatencyMs: latencyOf(examination),
      quality,
      capabilityMatch: scores[at]?.capabilityMatch ?? 0,
      score: scores[at]?.score ?? 0,
      penalties: penaltiesOf(examination),
      unhonored: unhonoredBy(model, examination.requirement),
      isProbe: health.breaker.state === 'half-open',
    };
  });
  const ranked = guarded(candidates.sort(compare), selection);
  return spread(inListedOrder(ranked, selection), selection.minProviders);
}

/** What is not surely of one kind goes to the default model, where it can answer within the limits. */
function guarded(ranked: readonly Candidate[], { unsureModel }: Selection): readonly Candidate[] {
  if (unsureModel === undefined) return ranked;
  return stableBy(ranked, ({ model, penalties }) =>
    Number(model !== unsureModel || penalties.length > 0),
  );
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
  const byProvider = inOrder(ranked, preferences?.order ?? [], ({ provider }) => provider);
  const byModel = inOrder(byProvider, firstOf, ({ model }) => model);
  const [first, ...rest] = byModel;
  if (first === undefined || nextOf.length === 0) return byModel;
  return [first, ...inOrder(rest, nextOf, ({ model }) => model)];
}

function inOrder(
  ranked: readonly Candidate[],
  order: readonly string[],
  nameOf: (candidate: Candidate) => string,
): readonly Candidate[] {
  if (order.length === 0) return ranked;
  return stableBy(ranked, (candidate) => placeIn(order, nameOf(candidate)));
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
  if (minProviders <= 1) return ranked;
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
