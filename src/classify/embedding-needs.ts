import type { EmbeddingTask } from '../domain/conversation.ts';
import type { Requirement, TokenEstimate } from '../domain/decision.ts';
import type { TokensByFamily } from '../domain/input-size.ts';
import { TOKENIZER_FAMILIES, type TokenizerFamily } from '../domain/model.ts';
import type { RoutingRequest } from '../domain/request.ts';
import { NO_INPUT, tokensByFamily } from './measure-input.ts';

/** What of a requirement is different where vectors are asked for. */
type EmbeddingNeeds = Pick<
  Requirement,
  'embedding' | 'inputTokens' | 'inputSize' | 'estimatedOutputTokens' | 'outputRoomTokens' | 'task'
>;

/** A key of the models' quality tables. */
const EMBEDDING_TASK = 'embedding';

/** Vectors need a window for each text by itself, and cost what all of them have: nothing is written. */
export function embeddingNeeds(request: RoutingRequest, asked: EmbeddingTask): EmbeddingNeeds {
  const { inputs, dimensions, encodingFormat: format } = asked;
  return {
    embedding: {
      dimensions,
      inputs: inputs.length,
      format,
      isTokenized: inputs.some((input) => typeof input !== 'string'),
      longestInput: largestOf(inputs.map((input) => tokensOf([input]))),
    },
    inputTokens: tokensOf(inputs),
    inputSize: NO_INPUT.inputSize,
    estimatedOutputTokens: 0,
    outputRoomTokens: 0,
    task: request.task ?? EMBEDDING_TASK,
  };
}

/** Texts by estimate; tokens that the caller cut itself are counted. */
function tokensOf(inputs: EmbeddingTask['inputs']): TokensByFamily {
  const texts = inputs.filter((input) => typeof input === 'string');
  if (texts.length > 0) return tokensByFamily(texts);
  const tokens = inputs.reduce((sum, input) => sum + input.length, 0);
  return forEachFamily(() => ({ estimated: tokens, atMost: tokens }));
}

function largestOf(estimates: readonly TokensByFamily[]): TokensByFamily {
  const largest = (family: TokenizerFamily, of: keyof TokenEstimate): number =>
    estimates.reduce((most, estimate) => Math.max(most, estimate[family][of]), 0);
  return forEachFamily((family) => ({
    estimated: largest(family, 'estimated'),
    atMost: largest(family, 'atMost'),
  }));
}

function forEachFamily(estimate: (family: TokenizerFamily) => TokenEstimate): TokensByFamily {
  const byFamily = TOKENIZER_FAMILIES.map((family) => [family, estimate(family)] as const);
  return Object.fromEntries(byFamily) as Record<TokenizerFamily, TokenEstimate>; // all families are there
}
