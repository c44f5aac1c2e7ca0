import type { RoutableModel } from '../../domain/model.ts';
import type { NativeStream, ProviderAdapter } from '../../domain/ports.ts';
import { quirksOf } from '../resolve-provider.ts';
import { sseDecoder } from '../sse.ts';
import { toFailure } from './failure.ts';
import { toWireRequest } from './request.ts';
import { fromWireResponse } from './response.ts';
import { INITIAL_STATE, streamStep } from './stream.ts';

/** Chat Completions, as OpenAI defined it and many vendors speak it. */
export const openai: ProviderAdapter = {
  dialect: 'openai-chat',
  nativeStream,
  toRequest: toWireRequest,
  fromResponse: fromWireResponse,
  openStream: (call) => sseDecoder(INITIAL_STATE, streamStep(call)),
  toFailure,
};

/** Who was asked for usage sends it in a chunk of its own, which the caller may not expect. */
function nativeStream(model: RoutableModel): NativeStream {
  return quirksOf(model.provider).stream ?? 'extra-usage';
}
