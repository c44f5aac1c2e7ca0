import type { Abilities, ModelId, Parameter } from './model.ts';
import type { NanoUsd } from './money.ts';

/** What any model must offer to answer a request; the same fields as `ModelCapability`. */
export type Requirement = {
  readonly abilities: Abilities;
  readonly parameters: ReadonlySet<Parameter>;
  /** Whether a parameter that a model does not honor rules it out, or is only warned of. */
  readonly parametersAreRequired: boolean;
  /** Best guess of the input, for cost. */
  readonly estimatedInputTokens: number;
  /** Safe upper bound of the input, for windows. */
  readonly inputTokensAtMost: number;
  /** Best guess of the answer, for cost. */
  readonly estimatedOutputTokens: number;
  /** What must be left for the answer: `max_tokens`, or a usual answer's room. */
  readonly outputRoomTokens: number;
  /** True when the caller set the output limit himself. */
  readonly outputLimitIsGiven: boolean;
  readonly contextTokens: number;
  readonly compliance: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
  readonly task: string;
};

/** Why a model may not answer; the same words in explanations, errors and metrics. */
export const REJECTION_REASONS = [
  'not-active',
  'retired',
  'no-key',
  'key-held',
  'breaker-open',
  'not-a-candidate',
  'provider-excluded',
  'not-compliant',
  'wrong-region',
  'no-function-calling',
  'no-parallel-tool-calls',
  'no-vision',
  'no-pdf',
  'no-audio',
  'no-structured-output',
  'no-reasoning',
  'unsupported-parameter',
  'unsupported-content',
  'window-too-small',
  'output-too-small',
  'quality-too-low',
  'too-expensive',
  'price-unknown',
  'too-slow',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

export type Rejection = {
  readonly model: ModelId;
  readonly reason: RejectionReason;
  /** With the numbers that decided: "window 131072, needs 140211". */
  readonly message: string;
};

/** A model that may answer, with what it is expected to cost and take. */
export type Candidate = {
  readonly model: ModelId;
  readonly provider: string;
  /** Undefined when its price is not known. */
  readonly estimatedCostNanoUsd: NanoUsd | undefined;
  /** Expected time to the first token. */
  readonly estimatedLatencyMs: number;
  /** 0 to 1: predicted quality for the task and room to spare. */
  readonly capabilityMatch: number;
  /** 0 to 1, higher is better, after soft limits and weight. */
  readonly score: number;
  /** Soft limits that it breaks. */
  readonly penalties: readonly string[];
  /** Parameters that it will not honor. */
  readonly unhonored: readonly Parameter[];
  /** True when it is tried as the one probe of a half-open breaker. */
  readonly isProbe: boolean;
};

/** Which models may answer, best first, and why the others may not. Plain data, replayable. */
export type RoutingDecision = {
  readonly selectedModel: ModelId | undefined;
  /** The models behind the selected one, in the order in which they are tried. */
  readonly fallbackChain: readonly ModelId[];
  /** US dollars for the selected model; `null` when its price is not known or nothing fits. */
  readonly estimatedCost: number | null;
  readonly estimatedLatencyMs: number | null;
  /** Why nothing fits; undefined when something does. */
  readonly rejectionReason: string | undefined;
  /** One sentence: why the selected model won. */
  readonly reason: string;
  readonly policy: string;
  readonly registryVersion: string;
  readonly requirement: Requirement;
  readonly candidates: readonly Candidate[];
  readonly rejections: readonly Rejection[];
};
