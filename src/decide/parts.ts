import type { Conversation, PartedConversation } from '../domain/conversation.ts';
import type { RoutingDecision } from '../domain/decision.ts';
import type { TokenRatios } from '../domain/measures.ts';
import type { RoutableModel } from '../domain/model.ts';
import type { Registry } from '../domain/registry.ts';
import type { RoutingRequest } from '../domain/request.ts';

/** A request that is answered in steps: one for each part, and one that combines their answers. */
export type PartedRequest = PartedConversation & {
  /** The request of a step, the combining one included. */
  requestOf(step: Conversation): RoutingRequest & { readonly conversation: Conversation };
  /** What is decided for the first part. */
  readonly decision: RoutingDecision;
};

export type PartsInput = {
  readonly request: RoutingRequest;
  /** What was decided for the request as a whole. */
  readonly whole: RoutingDecision;
  readonly registry: Registry;
  readonly tokenRatios: TokenRatios;
  readonly split: (
    conversation: Conversation,
    window: {
      readonly model: RoutableModel;
      readonly tokenRatio: number;
      readonly outputRoomTokens: number;
    },
  ) => PartedConversation | undefined;
  readonly evaluate: (request: RoutingRequest) => RoutingDecision;
};

/**
 * A text that fits no window, split for the largest one that can be asked now. Undefined where some
 * model can read it whole, the request does not allow it, or no split would help.
 */
export function decideInParts(input: PartsInput): PartedRequest | undefined {
  const { request, whole, tokenRatios } = input;
  const { conversation, oversize } = request;
  if (oversize !== 'chunk' || conversation === undefined) return undefined;
  if (whole.selectedModel !== undefined) return undefined;
  const { outputRoomTokens } = whole.requirement;
  let refused: PartedRequest | undefined;
  for (const model of tooSmallWindows(whole, input.registry)) {
    const tokenRatio = tokenRatios.expected(model.id);
    const split = input.split(conversation, { model, tokenRatio, outputRoomTokens });
    const [first] = split?.parts ?? [];
    if (split === undefined || first === undefined) continue;
    const requestOf = (step: Conversation) =>
      stepRequest({ ...input.request, conversation: step }, whole, split.parts.length + 1);
    const decision = { ...input.evaluate(requestOf(first)), parts: split.parts.length };
    const parted = { ...split, requestOf, decision };
    if (decision.selectedModel !== undefined) return parted;
    refused ??= parted;
  }
  return refused;
}

/** The models that only their windows ruled out so far, the largest window first; one of each size. */
function tooSmallWindows(
  { rejections }: RoutingDecision,
  { modelById }: Registry,
): readonly RoutableModel[] {
  const bySize = new Map<number, RoutableModel>();
  for (const { model: id, reason } of rejections) {
    const model = reason === 'window-too-small' ? modelById.get(id) : undefined;
    if (model === undefined) continue;
    const { contextTokens, inputTokens } = model.capability;
    const size = Math.min(contextTokens, inputTokens);
    if (!bySize.has(size)) bySize.set(size, model);
  }
  return [...bySize].sort(([a], [b]) => b - a).map(([, model]) => model);
}

type StepRequest = RoutingRequest & { readonly conversation: Conversation };

/** It needs every tag that the whole needs, whatever its own text says, and has its share of the cost. */
function stepRequest(request: StepRequest, whole: RoutingDecision, steps: number): StepRequest {
  const { maxCostUsd } = request;
  return {
    ...request,
    compliance: [...whole.requirement.compliance],
    ...(maxCostUsd !== undefined && { maxCostUsd: maxCostUsd / steps }),
  };
}
