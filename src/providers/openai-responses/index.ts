import type { ProviderAdapter } from '../../domain/ports.ts';
import { quirksOf } from '../resolve-provider.ts';
import { sseDecoder } from '../sse.ts';
import { toFailure } from './failure.ts';
import { toWireRequest } from './request.ts';
import { fromWireResponse } from './response.ts';
import { INITIAL_STATE, streamStep } from './stream.ts';

/** The Responses API, for models that only it serves. Nothing is stored at the provider. */
export const openaiResponses: ProviderAdapter = {
  dialect: 'openai-responses',
  nativeStream: (model) => quirksOf(model.provider).stream ?? 'untouched',
  toRequest: toWireRequest,
  fromResponse: fromWireResponse,
  openStream: () => sseDecoder(INITIAL_STATE, streamStep),
  toFailure,
};
