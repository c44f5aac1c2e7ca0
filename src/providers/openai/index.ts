import type { RoutableModel } from '../../domain/model.ts';
import type { ModelCall, NativeStream, ProviderAdapter } from '../../domain/ports.ts';
import { answerDecoder, readAnswer } from '../answer-reading.ts';
import { quirksOf } from '../resolve-provider.ts';
import { fromEmbeddingResponse, toEmbeddingRequest } from './embeddings.ts';
import { toFailure } from './failure.ts';
import { toWireRequest } from './request.ts';
import { fromWireResponse } from './response.ts';
import { INITIAL_STATE, streamStep } from './stream.ts';

/** Chat Completions, as OpenAI defined it and many vendors speak it. */
export const openai: ProviderAdapter = {
  dialect: 'openai-chat',
  nativeStream,
  toRequest: (call) => {
    const { embedding } = call.conversation;
    return embedding === undefined ? toWireRequest(call) : toEmbeddingRequest(call, embedding);
  },
  fromResponse: (body, call) => {
    const { embedding } = call.conversation;
    if (embedding !== undefined) return fromEmbeddingResponse(body, call, embedding);
    return readAnswer(body, readingOf(call));
  },
  openStream: (call) => answerDecoder(readingOf(call)),
  toFailure,
};

/** Who was asked for usage sends it in a chunk of its own, which the caller may not expect. */
function nativeStream(model: RoutableModel): NativeStream {
  return quirksOf(model.provider).stream ?? 'extra-usage';
}

function readingOf(call: ModelCall) {
  return {
    initial: INITIAL_STATE,
    step: streamStep(call),
    fromWhole: (body: string) => fromWireResponse(body, call),
  };
}
