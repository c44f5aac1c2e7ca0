/** A simulated model, and how the registry knows it. */
export type ChaosModel = {
  readonly id: string;
  /** The name that its provider knows it by. */
  readonly upstream: string;
  /** It gives vectors, not answers. */
  readonly isEmbedding: boolean;
  /** Regulated requests may go to it. */
  readonly isApproved: boolean;
};

/** The provider keys: the first may fail, the second is good. */
export const KEYS = { weak: 'weak-key-1', good: 'good-key-2' };

/** Regulated requests carry it. */
export const TAG = 'pii_safe';

const VENDORS = [
  { provider: 'openai', secret: 'OPENAI_API_KEY' },
  { provider: 'anthropic', secret: 'ANTHROPIC_API_KEY' },
  { provider: 'google', secret: 'GEMINI_API_KEY' },
] as const;

/** Six models of three providers, two of each, the later the dearer; four of them are approved. */
export const CHAT_MODELS: readonly ChaosModel[] = [0, 1, 2, 3, 4, 5].map((at) => ({
  id: `${VENDORS[at % 3]?.provider}/chaos-${at}`,
  upstream: `chaos-${at}`,
  isEmbedding: false,
  isApproved: at !== 0 && at !== 3,
}));

/** One family at two providers; the third has none. */
export const EMBEDDING_MODELS: readonly ChaosModel[] = ['openai', 'google'].map((provider) => ({
  id: `${provider}/chaos-vectors`,
  upstream: `chaos-vectors-${provider}`,
  isEmbedding: true,
  isApproved: false,
}));

export const MODELS = [...CHAT_MODELS, ...EMBEDDING_MODELS];

export const PROVIDERS: readonly string[] = VENDORS.map(({ provider }) => provider);

/** Worker variables: two keys for every provider. */
export const PROVIDER_KEYS: Readonly<Record<string, string>> = Object.fromEntries(
  VENDORS.map(({ secret }) => [secret, `${KEYS.weak},${KEYS.good}`]),
);

/** The name that its provider knows a model by. */
export function nameOf(id: string): string {
  return MODELS.find((model) => model.id === id)?.upstream ?? id;
}

export function registryOf(models: readonly ChaosModel[], circuitBreaker: object): object {
  return {
    models: Object.fromEntries(models.map((model, at) => [model.id, entryOf(model, at)])),
    routing: {
      evaluation: { maxCandidates: 6, scoreWeights: { cost: 1, latency: 0, capabilityMatch: 0 } },
      fallback: { circuitBreaker },
    },
  };
}

function entryOf({ id, upstream, isEmbedding, isApproved }: ChaosModel, at: number): object {
  return {
    provider: id.split('/')[0],
    upstreamModel: upstream,
    maxContextTokens: 100_000,
    ...(isEmbedding
      ? { supportsEmbeddings: true, family: 'chaos-vectors' }
      : { maxOutputTokens: 8000 }),
    ...(isApproved && { compliance: [TAG] }),
    costPer1kInputTokens: 0.0001 * (at + 1),
    costPer1kOutputTokens: 0.0002 * (at + 1),
    estimatedP50LatencyMs: 200,
  };
}
