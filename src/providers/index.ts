import type { Wire } from '../domain/model.ts';
import type { ProviderAdapter } from '../domain/ports.ts';
import { anthropic } from './anthropic/index.ts';
import { bedrock } from './bedrock/index.ts';
import { gemini } from './gemini/index.ts';
import { openai } from './openai/index.ts';
import { openaiResponses } from './openai-responses/index.ts';

/** The one list of wires. */
const ADAPTERS: Readonly<Record<Wire, ProviderAdapter>> = {
  openai,
  'openai-responses': openaiResponses,
  anthropic,
  gemini,
  bedrock,
};

export function adapterOf(wire: Wire): ProviderAdapter {
  return ADAPTERS[wire];
}
