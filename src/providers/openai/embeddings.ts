import type { EmbeddingTask } from '../../domain/conversation.ts';
import type { AttemptFailure } from '../../domain/failure.ts';
import { type JsonObject, parseJson } from '../../domain/json.ts';
import { patchJsonText } from '../../domain/json-text.ts';
import type { ModelCall, WireRequest } from '../../domain/ports.ts';
import type { ModelResponse, Vector } from '../../domain/response.ts';
import { callHeaders } from '../call-headers.ts';
import { malformed } from '../malformed.ts';
import { quirksOf } from '../resolve-provider.ts';
import { tokenCount, usageOf } from '../usage.ts';
import { checkVectors, fromSignedBytes } from '../vectors.ts';
import type { Quirks } from '../vendor.ts';
import { fromErrorInBody } from './failure.ts';
import { embeddingsSchema, type WireEmbeddings } from './wire.ts';

/** Vectors for texts, as a request of the model's vendor. */
export function toEmbeddingRequest(call: ModelCall, task: EmbeddingTask): WireRequest {
  const quirks = quirksOf(call.model.provider);
  return {
    url: `${call.model.provider.baseUrl}/embeddings`,
    headers: callHeaders(call, 'bearer'),
    body: nativeBody(call, task, quirks) ?? JSON.stringify(builtBody(call, task, quirks)),
    warnings: [],
  };
}

/** Ours to set for every vendor, never taken over from the caller's body. */
const OWN_FIELDS = ['model', 'dimensions', 'encoding_format'];

/** The caller's own text with only the changed members set anew; undefined for other dialects. */
function nativeBody(call: ModelCall, task: EmbeddingTask, quirks: Quirks): string | undefined {
  const { native } = call.conversation;
  if (native?.dialect !== 'openai-embeddings') return undefined;
  const left = new Set([...OWN_FIELDS, ...(quirks.refusedFields ?? [])]);
  const kept = new Set([...native.fields, ...(quirks.ownFields ?? [])]);
  const keeps = (name: string): boolean => kept.has(name) && !left.has(name);
  return patchJsonText(native.body, keeps, settings(call, task, quirks));
}

function builtBody(call: ModelCall, task: EmbeddingTask, quirks: Quirks): JsonObject {
  return { ...settings(call, task, quirks), input: task.inputs };
}

function settings(call: ModelCall, task: EmbeddingTask, quirks: Quirks): JsonObject {
  const { dimensions, encodingFormat } = task;
  return {
    model: call.model.upstreamModel,
    encoding_format: quirks.vectorFormat ?? encodingFormat,
    ...(dimensions !== undefined && { [quirks.dimensionsField ?? 'dimensions']: dimensions }),
  };
}

/** A reply of status 2xx → vectors in the order of their texts. */
export function fromEmbeddingResponse(
  body: string,
  call: ModelCall,
  task: EmbeddingTask,
): ModelResponse | AttemptFailure {
  const json = parseJson(body);
  const parsed = embeddingsSchema.safeParse(json);
  if (!parsed.success) return malformed('the answer is not a list of vectors');
  const answer = parsed.data;
  if (answer.error !== undefined && answer.error !== null) return fromErrorInBody(json);
  const vectors = vectorsOf(answer, quirksOf(call.model.provider));
  const fault = checkVectors(vectors, task);
  if (fault !== undefined) return fault;
  return {
    upstreamId: answer.id ?? undefined,
    upstreamModel: answer.model ?? undefined,
    content: [],
    vectors,
    finishReason: { unified: 'stop', raw: undefined },
    usage: fromWireUsage(answer.usage),
  };
}

function vectorsOf({ data }: WireEmbeddings, quirks: Quirks): Vector[] {
  const inOrder = (data ?? []).map((item, at) => ({ place: item.index ?? at, ...item }));
  return inOrder
    .sort((a, b) => a.place - b.place)
    .map(({ embedding }) => {
      const isBytes = quirks.vectorFormat === 'base64_int8' && typeof embedding === 'string';
      return isBytes ? fromSignedBytes(embedding) : embedding;
    });
}

/** Voyage counts only the total, which for vectors is the input. */
function fromWireUsage(usage: WireEmbeddings['usage']): ModelResponse['usage'] {
  if (usage === null || usage === undefined) return {};
  return usageOf({
    uncachedInputTokens: tokenCount(usage.prompt_tokens ?? usage.total_tokens),
    outputTokens: 0,
    upstreamCostUsd: usage.cost ?? undefined,
  });
}
