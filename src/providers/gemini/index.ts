import type { ProviderAdapter } from '../../domain/ports.ts';
import { answerDecoder, readAnswer } from '../answer-reading.ts';
import { toFailure } from './failure.ts';
import { toWireRequest } from './request.ts';
import { fromWireResponse } from './response.ts';
import { INITIAL_STATE, streamStep } from './stream.ts';

const READING = { initial: INITIAL_STATE, step: streamStep, fromWhole: fromWireResponse };

/** Google's generateContent, on the Gemini API and on Vertex. No caller speaks it. */
export const gemini: ProviderAdapter = {
  dialect: undefined,
  nativeStream: () => 'departs',
  toRequest: toWireRequest,
  fromResponse: (body) => readAnswer(body, READING),
  openStream: () => answerDecoder(READING),
  toFailure,
};
