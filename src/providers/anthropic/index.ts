import type { ModelCall, ProviderAdapter, StreamDecoder } from '../../domain/ports.ts';
import { answerDecoder, readAnswer } from '../answer-reading.ts';
import { wrappedStreamDecoder } from '../event-stream.ts';
import { quirksOf } from '../resolve-provider.ts';
import { toFailure } from './failure.ts';
import { toWireRequest } from './request.ts';
import { fromWireResponse } from './response.ts';
import { INITIAL_STATE, streamStep } from './stream.ts';

const READING = { initial: INITIAL_STATE, step: streamStep, fromWhole: fromWireResponse };

/** Anthropic's Messages API, direct and where other clouds host it. */
export const anthropic: ProviderAdapter = {
  dialect: 'anthropic-messages',
  nativeStream: (model) => quirksOf(model.provider).stream ?? 'untouched',
  toRequest: toWireRequest,
  fromResponse: (body) => readAnswer(body, READING),
  openStream,
  toFailure,
};

function openStream({ model }: ModelCall): StreamDecoder {
  const { hasBinaryStream } = quirksOf(model.provider);
  return hasBinaryStream === true ? wrappedStreamDecoder(READING) : answerDecoder(READING);
}
