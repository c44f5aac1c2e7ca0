import type { EmbeddingTask } from '../../domain/conversation.ts';
import type { AttemptFailure } from '../../domain/failure.ts';
import { parseJson } from '../../domain/json.ts';
import type { ModelCall, WireRequest } from '../../domain/ports.ts';
import type { ModelResponse } from '../../domain/response.ts';
import { callHeaders } from '../call-headers.ts';
import { malformed } from '../malformed.ts';
import { tokenCount, usageOf } from '../usage.ts';
import { checkVectors, normalized } from '../vectors.ts';
import { fromErrorInBody } from './failure.ts';
import { embeddingsSchema } from './wire.ts';

/** Vectors for texts, in one batch. */
export function toEmbeddingRequest(call: ModelCall, task: EmbeddingTask): WireRequest {
  const { provider, upstreamModel } = call.model;
  const { inputs, dimensions } = task;
  const requests = inputs.map((text) => ({
    model: `models/${upstreamModel}`,
    content: { parts: [{ text }] },
    ...(dimensions !== undefined && { outputDimensionality: dimensions }),
  }));
  const name = encodeURIComponent(upstreamModel);
  return {
    url: `${provider.baseUrl}/models/${name}:batchEmbedContents`,
    headers: callHeaders(call, 'x-goog-api-key'),
    body: JSON.stringify({ requests }),
    warnings: [],
  };
}

/** A reply of status 2xx → vectors in the order of their texts. */
export function fromEmbeddingResponse(
  body: string,
  task: EmbeddingTask,
): ModelResponse | AttemptFailure {
  const json = parseJson(body);
  const parsed = embeddingsSchema.safeParse(json);
  if (!parsed.success) return malformed('the answer is not a list of vectors');
  const { embeddings, usageMetadata, error } = parsed.data;
  if (error !== undefined && error !== null) return fromErrorInBody(json);
  const given = (embeddings ?? []).map(({ values }) => values);
  const fault = checkVectors(given, task);
  if (fault !== undefined) return fault;
  return {
    upstreamId: undefined,
    upstreamModel: undefined,
    content: [],
    // Only vectors of the full length have length 1 there.
    vectors: task.dimensions === undefined ? given : given.map(normalized),
    finishReason: { unified: 'stop', raw: undefined },
    usage: usageOf({
      uncachedInputTokens: tokenCount(usageMetadata?.promptTokenCount),
      outputTokens: 0,
    }),
  };
}
