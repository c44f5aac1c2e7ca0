import type { Requirement } from '../domain/decision.ts';
import type { Registry } from '../domain/registry.ts';
import type { Policy, ScoreWeights } from '../domain/routing-config.ts';

/** Where `auto` goes when nothing speaks for another policy: the registry's own weights. */
export const DEFAULT_POLICY = 'balanced';

/** From here on a request is about reading; below it nearly every window will do. */
const LONG_INPUT_TOKENS = 32_000;

/** The policies that need no registry; one of the same name there replaces it. */
const BUILT_IN: Readonly<Record<string, Policy>> = {
  [DEFAULT_POLICY]: { description: 'cost, latency and capability by the configured weights' },
  economy: {
    description: 'high-volume classification and extraction: cost first',
    objective: { cost: 0.8, latency: 0.1, capabilityMatch: 0.1 },
  },
  'long-context': {
    description: 'reading more than 32k tokens: window and output room first, then cost',
    objective: { cost: 0.4, latency: 0.1, capabilityMatch: 0.5 },
  },
  realtime: {
    description: 'chat with tools: time to first token first',
    objective: { cost: 0.2, latency: 0.7, capabilityMatch: 0.1 },
    constraints: { maxLatencyMs: 1500 },
  },
  regulated: {
    description: 'personal or regulated data: only approved models, then cost',
    objective: 'cost',
    constraints: { compliance: ['pii_safe'] },
  },
  resilient: {
    description: 'the fallback chain spans at least two providers',
    objective: 'balanced',
    minProviders: 2,
  },
  embedding: {
    description: 'vectors: the cheapest model; for an index that is kept, name one instead',
    objective: 'cost',
  },
  quality: {
    description: 'hard reasoning and code: predicted quality first',
    objective: 'quality',
  },
};

/** The policy of that name, from the registry or built in. */
export function policyNamed(name: string, registry: Registry): Policy | undefined {
  const builtIn = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
  return registry.policies.get(name) ?? builtIn;
}

/** Every name that `auto/<name>` knows. */
export function policyNames(registry: Registry): string[] {
  return [...new Set([...Object.keys(BUILT_IN), ...registry.policies.keys()])].sort();
}

/** The policy that fits a request of `auto`. */
export function policyFor(requirement: Requirement): string {
  const { abilities } = requirement;
  if (requirement.embedding !== undefined) return 'embedding';
  if (requirement.compliance.has('pii_safe')) return 'regulated';
  if (requirement.inputTokens.o200k.estimated > LONG_INPUT_TOKENS) return 'long-context';
  if (abilities.reasoning) return 'quality';
  if (abilities.functionCalling) return 'realtime';
  if (abilities.structuredOutput) return 'economy';
  return DEFAULT_POLICY;
}

const WEIGHTS: Readonly<Record<'cost' | 'latency' | 'quality', ScoreWeights>> = {
  cost: { cost: 1, latency: 0, capabilityMatch: 0 },
  latency: { cost: 0, latency: 1, capabilityMatch: 0 },
  quality: { cost: 0.1, latency: 0.1, capabilityMatch: 0.8 },
};

/** What an objective weighs; shares need not add up to 1. */
export function weightsOf(objective: Policy['objective'], registry: Registry): ScoreWeights {
  if (objective === undefined || objective === 'balanced') {
    return registry.routing.evaluation.scoreWeights;
  }
  return typeof objective === 'string' ? WEIGHTS[objective] : objective;
}
