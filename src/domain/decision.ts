import type { Dialect } from './dialect.ts';
import { type InputSize, type TokenEstimate, type TokensByFamily, tokensIn } from './input-size.ts';
import type { Abilities, ModelId, Parameter, RoutableModel } from './model.ts';
import type { NanoUsd } from './money.ts';
import type { TaskReading } from './task.ts';

export type { TokenEstimate } from './input-size.ts';

/** What vectors are asked for, from a model that makes them. */
export type EmbeddingRequirement = {
  readonly dimensions: number | undefined;
  /** How many texts there are. */
  readonly inputs: number;
  /** In which form the vectors are wanted; as floats they take much more room. */
  readonly format: 'float' | 'base64';
  /** Whether they come as tokens of OpenAI's tokenizer, which no other model can read. */
  readonly isTokenized: boolean;
  /** The longest text, which must fit into the window. */
  readonly longestInput: TokensByFamily;
};

/** What any model must offer to answer a request; the fields are those of `ModelCapability`. */
export type Requirement = {
  readonly abilities: Abilities;
  /** Undefined for a conversation: models that make vectors answer none. */
  readonly embedding?: EmbeddingRequirement | undefined;
  readonly parameters: ReadonlySet<Parameter>;
  /** Whether a parameter that a model does not honor rules it out, or is only warned of. */
  readonly parametersAreRequired: boolean;
  /** The text of the messages by tokenizer family, before a model's own multiplier. */
  readonly inputTokens: TokensByFamily;
  /** What comes to it: messages, tools, images. */
  readonly inputSize: InputSize;
  readonly estimatedOutputTokens: number;
  /** What must be left for the answer: `max_tokens`, or a usual answer's room. */
  readonly outputRoomTokens: number;
  /** The least window that the caller wants, however short the input is. */
  readonly contextTokens: number;
  readonly compliance: ReadonlySet<string>;
  /** Tags without which a model is only pushed down. */
  readonly preferredCompliance: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
  /** The only dialect in which it can be asked; undefined when any provider will do. */
  readonly dialect?: Dialect | undefined;
  /** What kind of work it is; a key of the models' quality tables. */
  readonly task: string;
  /** How sure that is and how hard the request; undefined where the caller or a policy named the kind. */
  readonly reading?: TaskReading | undefined;
};

/** Why a model may not answer; the same words in explanations, errors and metrics. */
export const REJECTION_REASONS = [
  'not-active',
  'retired',
  'no-key',
  'key-held',
  'breaker-open',
  'provider-open',
  'not-a-candidate',
  'no-embeddings',
  'embeddings-only',
  'provider-excluded',
  'not-compliant',
  'wrong-region',
  'no-function-calling',
  'no-parallel-tool-calls',
  'no-vision',
  'no-image-urls',
  'no-file-urls',
  'no-pdf',
  'no-audio',
  'no-structured-output',
  'no-reasoning',
  'no-prefill',
  'no-token-input',
  'too-many-inputs',
  'wrong-dimensions',
  'other-vectors',
  'other-dialect',
  'unsupported-parameter',
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
  /** Predicted for this request, 0 to 1; undefined where the model's table is empty. */
  readonly quality: number | undefined;
  /** 0 to 1: predicted quality for the task and room to spare. */
  readonly capabilityMatch: number;
  /** Higher is better: 0 to 1 by weights, or `quality − λ · cost`; times the operator's weight. */
  readonly score: number;
  /** Soft limits that it breaks. */
  readonly penalties: readonly string[];
  /** Parameters that it will not honor. */
  readonly unhonored: readonly Parameter[];
  /** True when it is tried as the one probe of a half-open breaker. */
  readonly isProbe: boolean;
};

/** What scores are made of: quality less λ times cost, λ being quality per US dollar, or weights. */
export type Weighing =
  | { readonly lambda: number }
  | { readonly cost: number; readonly latency: number; readonly capabilityMatch: number };

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
  readonly weighing?: Weighing;
  readonly registryVersion: string;
  readonly requirement: Requirement;
  readonly candidates: readonly Candidate[];
  readonly rejections: readonly Rejection[];
  /**
   * Into how many parts its longest text is split, as `routing.oversize` allows. All else is of the
   * first part then. Undefined for what is answered as a whole.
   */
  readonly parts?: number;
};

/**
 * The whole input of a request for one model. `ratio`: how its reported counts compare with these
 * estimates, 1 while nothing is known.
 */
export function inputTokensFor(
  requirement: Pick<Requirement, 'inputTokens' | 'inputSize'>,
  model: RoutableModel,
  ratio = 1,
): TokenEstimate {
  const { inputTokens: text, inputSize: size } = requirement;
  return tokensIn({ text, size }, model.tokenizer, ratio);
}
