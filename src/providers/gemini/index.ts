import type { ProviderAdapter } from '../../domain/ports.ts';
import { answerDecoder, readAnswer } from '../answer-reading.ts';
import { fromEmbeddingResponse, toEmbeddingRequest } from './embeddings.ts';
import { toFailure } from './failure.ts';
import { toWireRequest } from './request.ts';
import { fromWireResponse } from './response.ts';
import { INITIAL_STATE, streamStep } from './stream.ts';

const READING = { initial: INITIAL_STATE, step: streamStep, fromWhole: fromWireResponse };

/** Google's generateContent, on the Gemini API and on Vertex. No caller speaks it. */
export const gemini: ProviderAdapter = {
  dialect: undefined,
  nativeStream: () => 'departs',
  toRequest: (call) => {
    const { embedding } = call.conversation;
    return embedding === undefined ? toWireRequest(call) : toEmbeddingRequest(call, embedding);
  },
  fromResponse: (body, { conversation: { embedding } }) => {
    if (embedding !== undefined) return fromEmbeddingResponse(body, embedding);
    return readAnswer(body, READING);
  },
  openStream: () => answerDecoder(READING),
  toFailure,
};
