import type { ProviderAdapter } from '../../domain/ports.ts';
import { quirksOf } from '../resolve-provider.ts';
import { sseDecoder } from '../sse.ts';
import { toFailure } from './failure.ts';
import { toWireRequest } from './request.ts';
import { fromWireResponse } from './response.ts';
import { INITIAL_STATE, streamStep } from './stream.ts';

/** Anthropic's Messages API, direct and where other clouds host it. */
export const anthropic: ProviderAdapter = {
  dialect: 'anthropic-messages',
  nativeStream: (model) => quirksOf(model.provider).stream ?? 'untouched',
  toRequest: toWireRequest,
  fromResponse: fromWireResponse,
  openStream: () => sseDecoder(INITIAL_STATE, streamStep),
  toFailure,
};
