import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/classify/classify.ts';
import { decide } from '../../../src/decide/decide.ts';
import type { ModelHealth } from '../../../src/decide/eligibility.ts';
import type { EmbeddingTask } from '../../../src/domain/conversation.ts';
import type { RoutingDecision } from '../../../src/domain/decision.ts';
import type { RoutableModel } from '../../../src/domain/model.ts';
import type { RoutingRequest } from '../../../src/domain/request.ts';
import { aConversation, aModel } from '../../support/builders.ts';
import { anEmbedding, anEmbeddingModel } from '../../support/embeddings.ts';
import { FakeRegistry } from '../../support/fakes.ts';

const CLOSED = { state: 'closed', isPassable: true, retryInMs: 0 } as const;
const HEALTHY: ModelHealth = {
  breaker: CLOSED,
  host: CLOSED,
  key: 'free',
  latencyMs: undefined,
};

const CHAT = aModel('openai/chat');
const SMALL = anEmbeddingModel('openai/small', { family: 'small', costPer1kInputTokens: 0.1 });
const SMALL_ELSEWHERE = anEmbeddingModel('azure/small', {
  family: 'small',
  costPer1kInputTokens: 0.2,
});
const CHEAP = anEmbeddingModel('mistral/cheap', { costPer1kInputTokens: 0.01 });
const ALL = [CHAT, SMALL, SMALL_ELSEWHERE, CHEAP];

function decided(
  request: RoutingRequest,
  models: readonly RoutableModel[] = ALL,
  healthOf: (model: RoutableModel) => ModelHealth = () => HEALTHY,
): RoutingDecision {
  const requirement = classify(request);
  const registry = new FakeRegistry(models).current();
  return decide({ request, requirement, registry, healthOf, now: 0 });
}

function chainOf({ candidates }: RoutingDecision): string[] {
  return candidates.map(({ model }) => model);
}

function reasonsOf({ rejections }: RoutingDecision): Record<string, string> {
  return Object.fromEntries(rejections.map(({ model, reason }) => [model, reason]));
}

function texts(count: number): string[] {
  return Array.from({ length: count }, () => 'one');
}

function tokens(count: number): number[] {
  return Array.from({ length: count }, () => 1);
}

describe('decide for vectors', () => {
  it('never takes a model that answers conversations, nor the other way round', () => {
    const forVectors = decided({ conversation: anEmbedding() });
    const forAnswer = decided({ conversation: aConversation() });

    expect(reasonsOf(forVectors)).toMatchObject({ 'openai/chat': 'no-embeddings' });
    expect(chainOf(forAnswer)).toEqual(['openai/chat']);
    expect(new Set(Object.values(reasonsOf(forAnswer)))).toEqual(new Set(['embeddings-only']));
    expect(chainOf(decided({}))).toEqual(['openai/chat']);
  });

  it('takes the cheapest by auto, and nothing behind it that is not of its family', () => {
    const decision = decided({ conversation: anEmbedding() });

    expect(decision.policy).toBe('embedding');
    expect(chainOf(decision)).toEqual(['mistral/cheap']);
    expect(reasonsOf(decision)).toEqual({
      'openai/chat': 'no-embeddings',
      'openai/small': 'other-vectors',
      'azure/small': 'other-vectors',
    });
  });

  it('falls back from a named model within its family', () => {
    const decision = decided({ model: 'azure/small', conversation: anEmbedding() });

    expect(chainOf(decision)).toEqual(['azure/small', 'openai/small']);
  });

  it('mixes no vectors even where the caller lists models of several families', () => {
    const models = [SMALL.id, CHEAP.id, SMALL_ELSEWHERE.id];
    const decision = decided({ model: SMALL.id, models, conversation: anEmbedding() });

    expect(chainOf(decision)).toEqual(['openai/small', 'azure/small']);
    expect(reasonsOf(decision)).toMatchObject({ 'mistral/cheap': 'other-vectors' });
  });

  it('takes the next family whole when the first one rests', () => {
    const resting: ModelHealth = {
      ...HEALTHY,
      breaker: { state: 'open', isPassable: false, retryInMs: 1000 },
    };
    const decision = decided({ conversation: anEmbedding() }, ALL, (model) =>
      model.id === CHEAP.id ? resting : HEALTHY,
    );

    expect(chainOf(decision)).toEqual(['openai/small', 'azure/small']);
  });

  it.each<[string, Partial<EmbeddingTask>, Parameters<typeof anEmbeddingModel>[1], unknown]>([
    ['a length above its longest', { dimensions: 1537 }, {}, 'wrong-dimensions'],
    ['its longest length', { dimensions: 1536 }, {}, undefined],
    [
      'any length where it has but one',
      { dimensions: 1536 },
      { maxEmbeddingDimensions: undefined },
      'wrong-dimensions',
    ],
    [
      'more texts than it takes',
      { inputs: ['a', 'b', 'c'] },
      { maxEmbeddingInputs: 2 },
      'too-many-inputs',
    ],
    ['more vectors than fit into an answer', { inputs: texts(652) }, {}, 'too-many-inputs'],
    ['as many as fit', { inputs: texts(651) }, {}, undefined],
    ['shorter ones', { inputs: texts(652), dimensions: 512 }, {}, undefined],
    ['a full batch in base64', { inputs: texts(2048), encodingFormat: 'base64' }, {}, undefined],
    ["OpenAI's tokens", { inputs: [tokens(2)] }, {}, undefined],
    [
      "OpenAI's tokens by another tokenizer",
      { inputs: [tokens(2)] },
      { tokenizer: { family: 'gemma' } },
      'no-token-input',
    ],
    ['a text above its window', { inputs: [tokens(8192)] }, {}, 'window-too-small'],
    [
      'texts that are above it only together',
      { inputs: [tokens(8000), tokens(8000)] },
      {},
      undefined,
    ],
    [
      'texts that are above its whole input together',
      { inputs: [tokens(8000), tokens(8000)] },
      { maxInputTokens: 15_000 },
      'window-too-small',
    ],
  ])('judges %s', (_, task, entry, reason) => {
    const model = anEmbeddingModel('openai/embed-test', entry);

    const decision = decided({ conversation: anEmbedding(task) }, [model]);

    expect(reasonsOf(decision)[model.id]).toBe(reason);
  });

  it('says what is wrong with models that make vectors, not that others make none', () => {
    const decision = decided({ conversation: anEmbedding({ dimensions: 4000 }) });

    expect(decision.rejectionReason).toBe('wrong-dimensions: 3');
  });

  it('estimates the cost of all texts, and nothing for output', () => {
    const inputs = [tokens(600), tokens(400)];

    const decision = decided({ conversation: anEmbedding({ inputs }) }, [SMALL]);

    expect(decision.estimatedCost).toBe(0.1);
  });
});
