import { aModelEntry } from '../support/builders.ts';

type EntryFields = Parameters<typeof aModelEntry>[0];

/** One able model for each wire that a provider may speak. */
export const WIRE_MODELS = {
  'openai/first': anEntry('openai', 0.0001),
  'anthropic/second': anEntry('anthropic', 0.001),
  'google/third': anEntry('google', 0.01),
  'openai/fourth': anEntry('openai', 0.02, { wire: 'openai-responses' }),
  'bedrock/fifth': anEntry('bedrock', 0.03, { upstreamModel: 'anthropic.claude-fifth' }),
};

/** One able model per wire, in the order of their prices: a decision by cost is always the same. */
export function aRegistry(fields: { readonly cooldownSeconds?: number } = {}) {
  return {
    models: {
      'openai/first': anEntry('openai', 0.0001),
      'anthropic/second': anEntry('anthropic', 0.001),
      'google/third': anEntry('google', 0.01),
    },
    routing: {
      evaluation: { scoreWeights: { cost: 1, latency: 0, capabilityMatch: 0 } },
      fallback: { circuitBreaker: { cooldownSeconds: fields.cooldownSeconds ?? 60 } },
    },
  };
}

/** An entry with every capability, at the same price for input and output. */
export function anEntry(provider: string, costPer1k: number, fields: EntryFields = {}) {
  return aModelEntry({
    provider,
    costPer1kInputTokens: costPer1k,
    costPer1kOutputTokens: costPer1k,
    ...fields,
  });
}
