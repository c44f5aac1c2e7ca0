import type { Attempt } from '../../src/domain/attempt.ts';
import type { Candidate, Requirement, RoutingDecision } from '../../src/domain/decision.ts';
import type { RoutableModel } from '../../src/domain/model.ts';
import { nanoUsd } from '../../src/domain/money.ts';
import { routingConfigSchema } from '../../src/domain/routing-config.ts';
import type { ExecutionPlan } from '../../src/execute/run.ts';
import { aConversation, aModel } from './builders.ts';

/** What a short plain text needs: 100 tokens in, room for 1,000 out. */
export function aRequirement(fields: Partial<Requirement> = {}): Requirement {
  const inputTokens = { estimated: 100, atMost: 120 };
  return {
    abilities: {
      functionCalling: false,
      parallelToolCalls: false,
      vision: false,
      imageUrls: false,
      fileUrls: false,
      pdf: false,
      audio: false,
      structuredOutput: false,
      reasoning: false,
      prefill: false,
    },
    parameters: new Set(),
    parametersAreRequired: true,
    inputTokens: {
      o200k: inputTokens,
      cl100k: inputTokens,
      llama3: inputTokens,
      gemma: inputTokens,
    },
    inputSize: {
      messages: 0,
      tools: undefined,
      images: [],
      otherMedia: { estimated: 0, atMost: 0 },
    },
    estimatedOutputTokens: 400,
    outputRoomTokens: 1000,
    contextTokens: 0,
    compliance: new Set(),
    preferredCompliance: new Set(),
    regions: new Set(),
    task: 'general',
    ...fields,
  };
}

/** A candidate that is expected to cost 1,000 nano-dollars. */
export function aCandidate(model: RoutableModel, fields: Partial<Candidate> = {}): Candidate {
  return {
    model: model.id,
    provider: model.provider.id,
    estimatedCostNanoUsd: nanoUsd(1000),
    estimatedLatencyMs: 500,
    quality: undefined,
    capabilityMatch: 1,
    score: 1,
    penalties: [],
    unhonored: [],
    isProbe: false,
    ...fields,
  };
}

/** The models in their order, all of them able. */
export function aDecision(models: readonly RoutableModel[]): RoutingDecision {
  const [selected, ...others] = models.map(({ id }) => id);
  return {
    selectedModel: selected,
    fallbackChain: others,
    estimatedCost: 0.000_001,
    estimatedLatencyMs: 500,
    rejectionReason: undefined,
    reason: 'it is the first',
    policy: 'auto',
    registryVersion: 'test',
    requirement: aRequirement(),
    candidates: models.map((model) => aCandidate(model)),
    rejections: [],
  };
}

/** An attempt that was answered: 10 tokens in, 5 out. */
export function anAttempt(id: string, fields: Partial<Attempt> = {}): Attempt {
  const model = aModel(id);
  return {
    number: 1,
    model: model.id,
    provider: model.provider.id,
    isProbe: false,
    startedAt: 1_000_000,
    firstContentMs: 300,
    durationMs: 900,
    outcome: { type: 'answered', finishReason: { unified: 'stop', raw: 'stop' } },
    status: 200,
    upstreamId: 'c1',
    upstreamModel: 'served',
    usage: { uncachedInputTokens: 10, outputTokens: 5 },
    outputCharacters: 20,
    warnings: [],
    ...fields,
  };
}

/** So many models of the same kind: `openai/m1`, `openai/m2` and so on. */
export function someModels(count: number): readonly RoutableModel[] {
  return Array.from({ length: count }, (_, at) => aModel(`openai/m${at + 1}`));
}

/** A plan for the models in their order, begun when a `FakeClock` begins. */
export function aPlan(
  models: readonly RoutableModel[],
  fields: Partial<ExecutionPlan> = {},
): ExecutionPlan {
  const conversation = fields.conversation ?? aConversation();
  return {
    request: { conversation, ...fields.request },
    conversation,
    decision: aDecision(models),
    modelById: new Map(models.map((model) => [model.id, model])),
    fallback: routingConfigSchema.parse({}).fallback,
    signal: new AbortController().signal,
    startedAt: 1_000_000,
    recovered: () => Promise.resolve([]),
    announce: () => undefined,
    costOf: () => nanoUsd(0),
    maxCostNanoUsd: undefined,
    ...fields,
  };
}

/** A whole Chat Completions answer that says `text`: 10 tokens in, 5 out. */
export function chatAnswer(text = 'Hello'): { readonly body: string } {
  const choice = { index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' };
  const usage = { prompt_tokens: 10, completion_tokens: 5 };
  return { body: JSON.stringify({ id: 'c1', model: 'served', choices: [choice], usage }) };
}

/** An error answer in the dialect. */
export function chatError(status: number, error: Readonly<Record<string, unknown>> = {}) {
  return { status, body: JSON.stringify({ error: { message: 'no', ...error } }) };
}

/** One event of a Chat Completions stream. */
export function chatEvent(fields: Readonly<Record<string, unknown>>): string {
  return `data: ${JSON.stringify({ id: 'c1', model: 'served', ...fields })}\n\n`;
}

/** An event that adds to the message. */
export function chatDelta(delta: Readonly<Record<string, unknown>>, finish?: string): string {
  return chatEvent({ choices: [{ index: 0, delta, finish_reason: finish ?? null }] });
}

export const CHAT_ROLE = chatDelta({ role: 'assistant', content: '' });
export const CHAT_STOP = chatDelta({}, 'stop');
export const CHAT_USAGE = chatEvent({
  choices: [],
  usage: { prompt_tokens: 10, completion_tokens: 5 },
});
export const CHAT_DONE = 'data: [DONE]\n\n';
