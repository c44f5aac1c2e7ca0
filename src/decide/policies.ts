import type { Requirement } from '../domain/decision.ts';
import type { Registry } from '../domain/registry.ts';
import type { Policy, ScoreWeights } from '../domain/routing-config.ts';

/** Where `auto` goes when nothing speaks for another policy: the registry's own weights. */
export const DEFAULT_POLICY = 'balanced';

/** From here on a request is about reading; below it nearly every window will do. */
const LONG_INPUT_TOKENS = 32_000;

/** The policies that need no registry; one of the same name there replaces it. */
const BUILT_IN: Readonly<Record<string, Policy>> = {
  [DEFAULT_POLICY]: { description: 'predicted quality against cost, or by the configured weights' },
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

/** Below this share of the likeliest kind nothing is concluded from it. */
const SURE = 0.8;
/** High volume, and done well by nearly every model. */
const EASY_KINDS: ReadonlySet<string> = new Set(['classification', 'extraction']);
/** Where the best models are worth their price, if the request is a hard one. */
const HARD_KINDS: ReadonlySet<string> = new Set([
  'mathematics',
  'word-problem',
  'physics',
  'chemistry',
  'engineering',
  'logic',
  'code',
  'code-reasoning',
]);

/** The policy that fits a request of `auto`: by what it needs, then by the kind of work that it is. */
export function policyFor(requirement: Requirement): string {
  const { abilities, task, reading } = requirement;
  if (requirement.embedding !== undefined) return 'embedding';
  if (requirement.compliance.has('pii_safe')) return 'regulated';
  if (requirement.inputTokens.o200k.estimated > LONG_INPUT_TOKENS) return 'long-context';
  if (abilities.reasoning) return 'quality';
  if (abilities.functionCalling) return 'realtime';
  if (abilities.structuredOutput) return 'economy';
  if (reading !== undefined && reading.confidence < SURE) return DEFAULT_POLICY;
  if (EASY_KINDS.has(task)) return 'economy';
  const isHard = reading === undefined || reading.ease.forWeak < 0;
  return HARD_KINDS.has(task) && isHard ? 'quality' : DEFAULT_POLICY;
}

const WEIGHTS: Readonly<Record<'cost' | 'latency' | 'quality' | 'balanced', ScoreWeights>> = {
  cost: { cost: 1, latency: 0, capabilityMatch: 0 },
  latency: { cost: 0, latency: 1, capabilityMatch: 0 },
  quality: { cost: 0.1, latency: 0.1, capabilityMatch: 0.8 },
  balanced: { cost: 0.3, latency: 0.4, capabilityMatch: 0.3 },
};

/** What an objective weighs where it does not go by λ; shares need not add up to 1. */
export function weightsOf(
  objective: Policy['objective'],
  { routing: { evaluation } }: Registry,
): ScoreWeights {
  if (objective === undefined || objective === 'balanced') {
    return evaluation.scoreWeights ?? WEIGHTS.balanced;
  }
  return typeof objective === 'string' ? WEIGHTS[objective] : objective;
}

/**
 * What quality a US dollar is worth to an objective; undefined where it goes by weights: those of the
 * registry, or because nothing is known of any model's quality.
 */
export function lambdaOf(
  objective: Policy['objective'],
  { routing: { evaluation }, quality }: Registry,
): number | undefined {
  if (quality === undefined) return undefined;
  if (objective === 'quality') return quality.lambda.quality;
  if (objective !== undefined && objective !== 'balanced') return undefined;
  return evaluation.scoreWeights === undefined ? quality.lambda.balanced : undefined;
}
