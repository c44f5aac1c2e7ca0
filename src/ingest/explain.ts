import type { Candidate, Requirement, RoutingDecision } from '../domain/decision.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import { usdFromNano } from '../domain/money.ts';
import { behind } from './explain-text.ts';

/** A decision as JSON: who won and why, who stands behind it, who cannot and why not. */
export function explainDecision(decision: RoutingDecision): JsonObject {
  const { requirement } = decision;
  return {
    selectedModel: decision.selectedModel ?? null,
    fallbackChain: decision.fallbackChain,
    estimatedCost: decision.estimatedCost,
    estimatedLatencyMs: decision.estimatedLatencyMs,
    rejectionReason: decision.rejectionReason ?? null,
    reason: decision.reason,
    policy: decision.policy,
    weighing: decision.weighing ?? null,
    registry: decision.registryVersion,
    ...(decision.parts !== undefined && { parts: decision.parts }),
    requirement: {
      ...requirement.abilities,
      parameters: [...requirement.parameters],
      inputTokens: requirement.inputTokens.o200k.estimated,
      inputTokensAtMost: requirement.inputTokens.o200k.atMost,
      outputTokens: requirement.estimatedOutputTokens,
      outputRoomTokens: requirement.outputRoomTokens,
      contextTokens: requirement.contextTokens,
      compliance: [...requirement.compliance],
      regions: [...requirement.regions],
      task: requirement.task,
      reading: readingOf(requirement),
    },
    candidates: decision.candidates.map((candidate) => explainCandidate(candidate, decision)),
    rejections: decision.rejections.map(({ model, reason, message }) => ({
      model,
      reason,
      message,
    })),
  };
}

/** How the kind of work was told; null where it was given. */
function readingOf({ reading }: Requirement): JsonValue {
  if (reading === undefined) return null;
  const { confidence, shares, ease, evidence } = reading;
  return {
    confidence,
    shares: Object.fromEntries(shares.map(({ kind, share }) => [kind, share])),
    ease: { forWeak: ease.forWeak, forStrong: ease.forStrong },
    evidence: evidence.map(({ feature, weight }) => ({ feature, weight })),
  };
}

function explainCandidate(candidate: Candidate, { candidates }: RoutingDecision): JsonObject {
  const [winner] = candidates;
  const cost = candidate.estimatedCostNanoUsd;
  return {
    model: candidate.model,
    provider: candidate.provider,
    estimatedCost: cost === undefined ? null : usdFromNano(cost),
    estimatedLatencyMs: candidate.estimatedLatencyMs,
    quality: candidate.quality === undefined ? null : rounded(candidate.quality),
    capabilityMatch: rounded(candidate.capabilityMatch),
    score: rounded(candidate.score),
    difference: winner === candidate || winner === undefined ? null : behind(candidate, winner),
    penalties: candidate.penalties,
    unhonored: candidate.unhonored,
    isProbe: candidate.isProbe,
  };
}

function rounded(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}
