import type { ProviderAdapter } from '../../domain/ports.ts';
import { eventStreamDecoder } from '../event-stream.ts';
import { toFailure } from './failure.ts';
import { toWireRequest } from './request.ts';
import { fromWireResponse } from './response.ts';
import { INITIAL_STATE, streamStep } from './stream.ts';

const READING = { initial: INITIAL_STATE, step: streamStep, fromWhole: fromWireResponse };

/** AWS Bedrock's Converse and ConverseStream, one shape for all of its models. No caller speaks it. */
export const bedrock: ProviderAdapter = {
  dialect: undefined,
  nativeStream: () => 'departs',
  toRequest: toWireRequest,
  fromResponse: fromWireResponse,
  openStream: () => eventStreamDecoder(READING),
  toFailure,
};
