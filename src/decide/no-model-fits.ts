import type { RejectionReason, RoutingDecision } from '../domain/decision.ts';
import { type Availability, RouterError, retryAfterFor } from '../domain/errors.ts';

/** What the caller could change so that something fits. */
const RELAXATIONS: Readonly<Partial<Record<RejectionReason, string>>> = {
  'provider-excluded': 'provider.only, provider.ignore',
  'not-compliant': 'routing.compliance',
  'wrong-region': 'routing.regions',
  'unsupported-parameter': 'provider.require_parameters: false',
  'window-too-small': 'a shorter input, or a smaller max_tokens or routing.maxContextTokens',
  'output-too-small': 'max_tokens',
  'quality-too-low': 'routing.minQuality',
  'too-expensive': 'routing.maxCostUsd, provider.max_price',
  'price-unknown': 'routing.maxCostUsd, provider.max_price',
  'too-slow': 'routing.deadlineMs',
  'no-parallel-tool-calls': 'parallel_tool_calls',
  'no-structured-output': 'response_format',
  'no-reasoning': 'the reasoning settings',
  'no-prefill': 'the assistant message at the end',
  'other-dialect': 'the tools and content that only its own provider knows',
  'no-image-urls': 'images as data URLs',
  'no-file-urls': 'documents as data URLs',
  'no-embeddings': 'model: one that makes vectors',
  'embeddings-only': 'model: one that answers conversations',
  'no-token-input': 'input as text',
  'too-many-inputs': 'fewer texts in one request, or encoding_format: base64',
  'wrong-dimensions': 'dimensions',
};

/** Passing reasons: the model can, but not now. */
const PASSING: readonly RejectionReason[] = ['breaker-open', 'provider-open', 'key-held'];

type Circumstances = {
  /** When the first of the resting models may be asked again. */
  readonly retryInMs: number;
  /** The client itself asks for the second time. */
  readonly isRetry: boolean;
};

/** The error for a decision without candidates: nobody can, or nobody can at this moment. */
export function noModelFits(decision: RoutingDecision, circumstances: Circumstances): RouterError {
  const { retryInMs, isRetry } = circumstances;
  const asked = decision.rejections.filter(({ reason }) => reason !== 'not-a-candidate');
  if (asked.some(({ reason }) => PASSING.includes(reason))) {
    return new RouterError(
      'all_candidates_unavailable',
      `every model that could answer is resting (${decision.rejectionReason})`,
      { retryAfterMs: retryAfterFor(retryInMs), shouldRetry: !isRetry },
    );
  }
  const reasons = [...new Set(asked.map(({ reason }) => reason))];
  const availability: Availability = {
    excluded_by: asked.map(({ model, reason, message }) => ({ model, reason, message })),
    constraint: decision.rejectionReason?.split(':')[0] ?? null,
    relax: reasons.map((reason) => RELAXATIONS[reason]).filter((hint) => hint !== undefined),
  };
  const message = `no model can answer this request (${decision.rejectionReason})${windowHint(decision)}`;
  return new RouterError('no_capable_model', message, { availability });
}

const WINDOW = /^window (\d+)/;

/** The largest window, where windows were the trouble. */
function windowHint({ rejections }: RoutingDecision): string {
  const windows = rejections.map(({ message }) => Number(WINDOW.exec(message)?.[1] ?? 0));
  const largest = Math.max(0, ...windows);
  return largest === 0 ? '' : `; the largest window is ${largest} tokens`;
}
