import type { ProviderAdapter } from '../../domain/ports.ts';
import { sseDecoder } from '../sse.ts';
import { toFailure } from './failure.ts';
import { toWireRequest } from './request.ts';
import { fromWireResponse } from './response.ts';
import { INITIAL_STATE, streamStep } from './stream.ts';

/** Google's generateContent, on the Gemini API and on Vertex. No caller speaks it. */
export const gemini: ProviderAdapter = {
  dialect: undefined,
  nativeStream: () => 'departs',
  toRequest: toWireRequest,
  fromResponse: fromWireResponse,
  openStream: () => sseDecoder(INITIAL_STATE, streamStep),
  toFailure,
};
