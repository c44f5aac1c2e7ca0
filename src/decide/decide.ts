import type {
  Candidate,
  Rejection,
  RejectionReason,
  Requirement,
  RoutingDecision,
} from '../domain/decision.ts';
import type { RoutableModel } from '../domain/model.ts';
import { usdFromNano } from '../domain/money.ts';
import type { Registry } from '../domain/registry.ts';
import type { RoutingConstraints, RoutingRequest } from '../domain/request.ts';
import { type Examination, type ModelHealth, ruleOutForNow } from './eligibility.ts';
import { estimateCost } from './estimate-cost.ts';
import { estimateQuality } from './estimate-quality.ts';
import { rank } from './rank.ts';
import { type Selection, select } from './select.ts';
import { shortlistFor } from './shortlist.ts';

export type DecisionInput = {
  readonly request: RoutingRequest;
  /** What `classify` read out of the request. */
  readonly requirement: Requirement;
  readonly registry: Registry;
  readonly healthOf: (model: RoutableModel) => ModelHealth;
  /** Epoch milliseconds. */
  readonly now: number;
};

/**
 * Which models may answer, best first. A pure function: the same input gives the same decision.
 * @throws RouterError `model_not_found` when the request names a model that does not exist.
 */
export function decide(input: DecisionInput): RoutingDecision {
  const { request, registry } = input;
  const selection = select(request, input.requirement, registry);
  const requirement = tighten(input.requirement, selection.constraints);
  const shortlist = shortlistFor(requirement, selection, registry);
  const rejections: Rejection[] = [...shortlist.rejections];
  const able: Examination[] = [];
  for (const model of shortlist.models) {
    const health = input.healthOf(model);
    const examination: Examination = {
      model,
      requirement,
      selection,
      health,
      estimatedCostNanoUsd: estimateCost(requirement, model, health.tokenRatio),
      quality: estimateQuality(requirement, model, registry),
      now: input.now,
    };
    const rejection = ruleOutForNow(examination);
    if (rejection === undefined) able.push(examination);
    else rejections.push(rejection);
  }
  const ranked = inOneSpace(rank(able, selection), requirement, registry);
  rejections.push(...ranked.rejections);
  rejections.sort(byModel);
  const candidates = ranked.candidates.slice(0, chainLength(selection, registry));
  return decisionOf({
    candidates,
    able: ranked.candidates.length,
    rejections,
    requirement,
    selection,
    registry,
  });
}

function byModel(a: Rejection, b: Rejection): number {
  return a.model < b.model ? -1 : 1;
}

/** A policy's constraints become part of what the request needs. */
function tighten(requirement: Requirement, constraints: RoutingConstraints): Requirement {
  const { abilities } = requirement;
  return {
    ...requirement,
    abilities: {
      ...abilities,
      vision: abilities.vision || constraints.requiresVision === true,
      functionCalling: abilities.functionCalling || constraints.requiresFunctionCalling === true,
    },
    contextTokens: Math.max(requirement.contextTokens, constraints.maxContextTokens ?? 0),
    compliance: new Set([...requirement.compliance, ...(constraints.compliance ?? [])]),
    regions: requirement.regions.size > 0 ? requirement.regions : new Set(constraints.regions),
    ...(constraints.task !== undefined && { task: constraints.task, reading: undefined }),
  };
}

type Chain = {
  readonly candidates: readonly Candidate[];
  readonly rejections: readonly Rejection[];
};

/**
 * Vectors of different models cannot be compared: behind the first choice only models of its family
 * may make them, whatever list or policy they come from.
 */
function inOneSpace(
  ranked: readonly Candidate[],
  requirement: Requirement,
  registry: Registry,
): Chain {
  const [first] = ranked;
  if (requirement.embedding === undefined || first === undefined) {
    return { candidates: ranked, rejections: [] };
  }
  const familyOf = ({ model }: Candidate) => registry.modelById.get(model)?.entry.family ?? model;
  const isAkin = (candidate: Candidate): boolean => familyOf(candidate) === familyOf(first);
  const message = `its vectors cannot be compared with those of ${first.model}`;
  return {
    candidates: ranked.filter(isAkin),
    rejections: ranked
      .filter((candidate) => !isAkin(candidate))
      .map(({ model }) => ({ model, reason: 'other-vectors', message })),
  };
}

function chainLength(selection: Selection, registry: Registry): number {
  const { evaluation, fallback } = registry.routing;
  const mayFallBack = fallback.enabled && selection.preferences?.allow_fallbacks !== false;
  return mayFallBack ? evaluation.maxCandidates : 1;
}

type Outcome = {
  readonly candidates: readonly Candidate[];
  /** How many models could answer, before the chain was cut. */
  readonly able: number;
  readonly rejections: readonly Rejection[];
  readonly requirement: Requirement;
  readonly selection: Selection;
  readonly registry: Registry;
};

function decisionOf(outcome: Outcome): RoutingDecision {
  const { candidates, rejections, requirement, selection, registry } = outcome;
  const [selected, ...fallbacks] = candidates;
  const cost = selected?.estimatedCostNanoUsd;
  return {
    selectedModel: selected?.model,
    fallbackChain: fallbacks.map((candidate) => candidate.model),
    estimatedCost: cost === undefined ? null : usdFromNano(cost),
    estimatedLatencyMs: selected?.estimatedLatencyMs ?? null,
    rejectionReason: selected === undefined ? whyNothingFits(rejections) : undefined,
    reason: selected === undefined ? 'no model fits' : whyItWon(outcome, selected),
    policy: selection.policy,
    weighing: selection.lambda === undefined ? selection.weights : { lambda: selection.lambda },
    registryVersion: registry.version,
    requirement,
    candidates,
    rejections,
  };
}

function whyItWon(
  { able, rejections, selection, requirement }: Outcome,
  selected: Candidate,
): string {
  const share = `${able} of ${able + rejections.length} models can`;
  if (selection.firstOf[0] === selected.model) return `asked for by name; ${share}`;
  if (able === 1) return `the only model that can; ${share}`;
  if (selection.unsureModel === selected.model) {
    return `the kind of work is not clear (${kindOf(requirement)}): the default model; ${share}`;
  }
  if (selection.lambda !== undefined && selected.quality !== undefined) {
    return `${worthOf(selected, selection.lambda)}, the best by ${selection.policy} for ${kindOf(requirement)}; ${share}`;
  }
  const { cost, latency, capabilityMatch } = selection.weights;
  const weights = `cost ${cost}, latency ${latency}, capability ${capabilityMatch}`;
  return `best score ${selected.score.toFixed(3)} by ${selection.policy} (${weights}); ${share}`;
}

function kindOf({ task, reading }: Requirement): string {
  return reading === undefined ? task : `${task} ${reading.confidence.toFixed(2)}`;
}

/** The score as a sum: what the answer should be worth, less what it should cost. */
function worthOf({ quality = 0, estimatedCostNanoUsd: cost, score }: Candidate, lambda: number) {
  if (cost === undefined) return `quality ${quality.toFixed(3)}, price unknown`;
  // Plain letters: it becomes a header.
  const price = `${lambda.toPrecision(3)} * $${usdFromNano(cost).toPrecision(3)}`;
  return `quality ${quality.toFixed(3)} - ${price} = ${score.toFixed(3)}`;
}

/** Models for another kind of request tell nothing of this one. */
const OTHER_KIND: readonly RejectionReason[] = ['no-embeddings', 'embeddings-only'];

/** The reasons by how many models each ruled out, the most common first, and then by name. */
function whyNothingFits(rejections: readonly Rejection[]): string {
  const asked = rejections.filter(({ reason }) => reason !== 'not-a-candidate');
  if (asked.length === 0) return 'no model of the registry was asked for';
  const ofItsKind = asked.filter(({ reason }) => !OTHER_KIND.includes(reason));
  const counts = new Map<string, number>();
  for (const { reason } of ofItsKind.length > 0 ? ofItsKind : asked)
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .sort(([a, ofA], [b, ofB]) => ofB - ofA || (a < b ? -1 : 1))
    .map(([reason, count]) => `${reason}: ${count}`)
    .join(', ');
}
