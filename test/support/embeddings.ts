import type { Conversation, EmbeddingTask } from '../../src/domain/conversation.ts';
import type { RejectionReason } from '../../src/domain/decision.ts';
import type { ModelEntry, RoutableModel } from '../../src/domain/model.ts';
import { aConversation, aModel } from './builders.ts';

/** A request for vectors of two texts. */
export function anEmbeddingTask(fields: Partial<EmbeddingTask> = {}): EmbeddingTask {
  return { inputs: ['one', 'two'], dimensions: undefined, encodingFormat: 'float', ...fields };
}

/** The same as a conversation carries it. */
export function anEmbedding(fields: Partial<EmbeddingTask> = {}): Conversation {
  return aConversation({ messages: [], embedding: anEmbeddingTask(fields) });
}

/** A model that makes vectors of up to 1,536 dimensions. */
export function anEmbeddingModel(
  id = 'openai/embed-test',
  fields: Partial<Record<keyof ModelEntry, unknown>> = {},
): RoutableModel {
  return aModel(id, {
    supportsEmbeddings: true,
    maxContextTokens: 8191,
    maxOutputTokens: undefined,
    maxEmbeddingDimensions: 1536,
    costPer1kOutputTokens: 0,
    tokenizer: { family: 'cl100k' },
    ...fields,
  });
}

/** Why a model may not make vectors, or none but them: specified in `embeddings.test.ts`. */
export const VECTOR_REASONS: readonly RejectionReason[] = [
  'no-embeddings',
  'embeddings-only',
  'no-token-input',
  'too-many-inputs',
  'wrong-dimensions',
  'other-vectors',
];
