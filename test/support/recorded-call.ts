import type { Wire } from '../../src/domain/model.ts';
import type { ModelCall, ProviderAdapter, StreamDecoder } from '../../src/domain/ports.ts';
import type { ModelStreamPart } from '../../src/domain/response.ts';
import { adapterOf } from '../../src/providers/index.ts';
import { type AnswerFacts, factsOfParts, factsOfResponse } from './answer-facts.ts';
import { aCall, aConversation, aModel } from './builders.ts';
import { bodyBytes, isStream, type Recording } from './recordings.ts';

/** The vendor in the catalog, where the recordings call a provider otherwise. */
const VENDORS: Readonly<Record<string, string>> = {
  'google-gemini': 'google',
  'google-vertex': 'vertex',
  'cloudflare-workers-ai': 'cloudflare',
  'aws-bedrock': 'bedrock',
  'aws-bedrock-mantle': 'bedrock-mantle',
};

const WIRES: Readonly<Record<string, Wire>> = {
  'openai-chat': 'openai',
  'anthropic-messages': 'anthropic',
  'openai-responses': 'openai-responses',
  'bedrock-converse': 'bedrock',
  'bedrock-converse-stream': 'bedrock',
  'bedrock-invoke': 'anthropic',
  'bedrock-invoke-stream': 'anthropic',
  'gemini-generate': 'gemini',
};

/** The provider's id in the catalog. */
export function vendorOf({ provider }: Pick<Recording, 'provider'>): string {
  return VENDORS[provider] ?? provider;
}

/** The call that the recorded answer is the answer of; its conversation is a stand-in. */
export function recordedCall(recording: Recording): ModelCall {
  const wire = WIRES[recording.endpoint];
  return aCall({
    model: aModel(`${vendorOf(recording)}/recorded`, {
      upstreamModel: recording.model ?? 'recorded',
      ...(wire && { wire }),
    }),
    conversation: aConversation({ stream: isStream(recording) }),
  });
}

export function recordedAdapter(recording: Recording): ProviderAdapter {
  return adapterOf(WIRES[recording.endpoint] ?? 'openai');
}

/** All parts of a stream whose bytes come in the given pieces. */
export function partsOfPieces(
  decoder: StreamDecoder,
  pieces: Iterable<Uint8Array>,
): ModelStreamPart[] {
  const parts: ModelStreamPart[] = [];
  for (const piece of pieces) for (const event of decoder.push(piece)) parts.push(...event.parts);
  for (const event of decoder.end()) parts.push(...event.parts);
  return parts;
}

/** What the adapter makes of a recorded answer. @throws Error when it is none. */
export function recordedFacts(recording: Recording): AnswerFacts {
  if (isStream(recording)) return factsOfParts(recordedParts(recording));
  const { body } = recording.response;
  const response = recordedAdapter(recording).fromResponse(body, recordedCall(recording));
  if ('kind' in response) throw new Error(`${response.code}: ${response.message}`);
  return factsOfResponse(response);
}

/** The parts of a recorded stream. */
export function recordedParts(recording: Recording): ModelStreamPart[] {
  const decoder = recordedAdapter(recording).openStream(recordedCall(recording));
  return partsOfPieces(decoder, [bodyBytes(recording)]);
}
