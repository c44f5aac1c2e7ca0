import {
  type Abilities,
  type ModelCapability,
  type ModelEntry,
  type ModelPrice,
  modelIdSchema,
  type Parameter,
  type PriceTier,
  type Provider,
  type RoutableModel,
  type TokenPrices,
} from './model.ts';
import { picoUsdPerToken } from './money.ts';
import type { RoutingConfig } from './routing-config.ts';

type Source = {
  /** The key under which the document has the entry. */
  readonly id: string;
  readonly entry: ModelEntry;
  /** A string says why the provider cannot be used. */
  readonly provider: Provider | string;
  readonly routing: RoutingConfig;
};

/** A published entry made ready for deciding and calling; a string says why it is left out. */
export function compileModel(source: Source): RoutableModel | string {
  const { entry, provider } = source;
  const id = modelIdSchema.safeParse(source.id);
  if (!id.success) return id.error.issues[0]?.message ?? 'not a model id';
  if (entry.id !== undefined && entry.id !== id.data) return `its id says "${entry.id}"`;
  if (typeof provider === 'string') return provider;
  const upstreamModel = entry.upstreamModel ?? withoutPrefix(source.id, provider.id);
  return {
    id: id.data,
    provider,
    wire: entry.wire ?? provider.wire,
    upstreamModel,
    entry,
    capability: capabilityOf(source, provider, upstreamModel),
    price: priceOf(entry),
  };
}

function withoutPrefix(id: string, providerId: string): string {
  return id.startsWith(`${providerId}/`) ? id.slice(providerId.length + 1) : id;
}

function capabilityOf(source: Source, provider: Provider, upstreamModel: string): ModelCapability {
  const { entry, routing } = source;
  const isPiiSafe = routing.compliance.piiSafeModels.some(
    (name) => name === source.id || name === upstreamModel,
  );
  return {
    ...abilitiesOf(entry, provider),
    parameters: entry.supportsTemperature
      ? provider.parameters
      : without(provider.parameters, SAMPLING_PARAMETERS),
    contextTokens: entry.maxContextTokens,
    inputTokens: entry.maxInputTokens ?? entry.maxContextTokens,
    outputTokens: Math.min(entry.maxOutputTokens ?? Infinity, entry.maxContextTokens),
    compliance: new Set(isPiiSafe ? [...entry.compliance, 'pii_safe'] : entry.compliance),
    regions: new Set(entry.regions),
  };
}

const SAMPLING_PARAMETERS: readonly Parameter[] = ['temperature', 'top-p', 'top-k'];

function without(all: ReadonlySet<Parameter>, removed: readonly Parameter[]): Set<Parameter> {
  return new Set([...all].filter((parameter) => !removed.includes(parameter)));
}

function abilitiesOf(entry: ModelEntry, provider: Provider): Abilities {
  return {
    functionCalling: entry.supportsFunctionCalling,
    parallelToolCalls: entry.supportsParallelToolCalls,
    vision: entry.supportsVision,
    imageUrls: entry.supportsVision && provider.takesImageUrls,
    pdf: entry.supportsPdf,
    audio: entry.supportsAudio,
    structuredOutput: entry.supportsStructuredOutput,
    reasoning: entry.supportsReasoning,
    prefill: entry.supportsPrefill,
  };
}

type PriceFields = Omit<PriceTier, 'aboveInputTokens'>;

function priceOf(entry: ModelEntry): ModelPrice | undefined {
  if (entry.costPer1kInputTokens === null || entry.costPer1kOutputTokens === null) return undefined;
  const base = pricesOf(entry, undefined);
  const tiers = entry.priceTiers
    .map((tier) => ({ aboveInputTokens: tier.aboveInputTokens, ...pricesOf(tier, base) }))
    .sort((a, b) => b.aboveInputTokens - a.aboveInputTokens);
  return { ...base, tiers };
}

/**
 * What a part costs where the entry does not say. Within a tier: the base price, scaled as the tier
 * scales input. Otherwise: cache writes and media as input, reasoning and speech as output, and cache
 * reads as input too, so that an estimate is never too low.
 */
function pricesOf(fields: PriceFields, base: TokenPrices | undefined): TokenPrices {
  const input = pico(fields.costPer1kInputTokens) ?? base?.inputPicoUsd ?? 0;
  const output = pico(fields.costPer1kOutputTokens) ?? base?.outputPicoUsd ?? 0;
  const scale = base === undefined || base.inputPicoUsd === 0 ? 1 : input / base.inputPicoUsd;
  const part = (price: number | null | undefined, basePrice: number | undefined, whole: number) =>
    pico(price) ?? (basePrice === undefined ? whole : Math.round(basePrice * scale));
  return {
    inputPicoUsd: input,
    outputPicoUsd: output,
    cacheReadPicoUsd: part(fields.costPer1kCachedInputTokens, base?.cacheReadPicoUsd, input),
    cacheWritePicoUsd: part(fields.costPer1kCacheWriteTokens, base?.cacheWritePicoUsd, input),
    cacheWrite1hPicoUsd: part(fields.costPer1kCacheWrite1hTokens, base?.cacheWrite1hPicoUsd, input),
    reasoningPicoUsd: part(fields.costPer1kReasoningTokens, undefined, output),
    audioInputPicoUsd: part(fields.costPer1kAudioInputTokens, base?.audioInputPicoUsd, input),
    audioOutputPicoUsd: part(fields.costPer1kAudioOutputTokens, undefined, output),
    imageInputPicoUsd: part(fields.costPer1kImageInputTokens, undefined, input),
  };
}

function pico(price: number | null | undefined): number | undefined {
  return price === null || price === undefined ? undefined : picoUsdPerToken(price);
}
