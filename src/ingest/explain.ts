import type { Candidate, RoutingDecision } from '../domain/decision.ts';
import type { JsonObject } from '../domain/json.ts';
import { usdFromNano } from '../domain/money.ts';

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
    },
    candidates: decision.candidates.map(explainCandidate),
    rejections: decision.rejections.map(({ model, reason, message }) => ({
      model,
      reason,
      message,
    })),
  };
}

function explainCandidate(candidate: Candidate): JsonObject {
  const cost = candidate.estimatedCostNanoUsd;
  return {
    model: candidate.model,
    provider: candidate.provider,
    estimatedCost: cost === undefined ? null : usdFromNano(cost),
    estimatedLatencyMs: candidate.estimatedLatencyMs,
    capabilityMatch: rounded(candidate.capabilityMatch),
    score: rounded(candidate.score),
    penalties: candidate.penalties,
    unhonored: candidate.unhonored,
    isProbe: candidate.isProbe,
  };
}

function rounded(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}
