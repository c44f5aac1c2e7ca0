import type { ProviderAdapter } from '../../domain/ports.ts';
import { answerDecoder, readAnswer } from '../answer-reading.ts';
import { quirksOf } from '../resolve-provider.ts';
import { toFailure } from './failure.ts';
import { toWireRequest } from './request.ts';
import { fromWireResponse } from './response.ts';
import { INITIAL_STATE, streamStep } from './stream.ts';

const READING = { initial: INITIAL_STATE, step: streamStep, fromWhole: fromWireResponse };

/** The Responses API, for models that only it serves. Nothing is stored at the provider. */
export const openaiResponses: ProviderAdapter = {
  dialect: 'openai-responses',
  nativeStream: (model) => quirksOf(model.provider).stream ?? 'untouched',
  toRequest: toWireRequest,
  fromResponse: (body) => readAnswer(body, READING),
  openStream: () => answerDecoder(READING),
  toFailure,
};
