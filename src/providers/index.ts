import type { Wire } from '../domain/model.ts';
import type { ProviderAdapter } from '../domain/ports.ts';
import { anthropic } from './anthropic/index.ts';
import { bedrock } from './bedrock/index.ts';
import { gemini } from './gemini/index.ts';
import { openai } from './openai/index.ts';

/** The one list of wires. */
const ADAPTERS: Readonly<Partial<Record<Wire, ProviderAdapter>>> = {
  openai,
  anthropic,
  gemini,
  bedrock,
};

/** The adapter of a wire. @throws Error for a wire that has none yet. */
export function adapterOf(wire: Wire): ProviderAdapter {
  const adapter = ADAPTERS[wire];
  if (adapter === undefined) throw new Error(`no adapter speaks ${wire}`);
  return adapter;
}
