import {
  type Abilities,
  EMBEDDING_WIRES,
  type EmbeddingCapability,
  type ImageRule,
  type ModelCapability,
  type ModelEntry,
  type ModelPrice,
  modelIdSchema,
  type Parameter,
  type PriceTier,
  type Provider,
  type RoutableModel,
  type Tokenizer,
  type TokenPrices,
  type Wire,
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
  const wire = entry.wire ?? provider.wire;
  if (entry.supportsEmbeddings && !EMBEDDING_WIRES.includes(wire)) {
    return `supportsEmbeddings: the wire ${wire} has no embeddings`;
  }
  const upstreamModel = entry.upstreamModel ?? withoutPrefix(source.id, provider.id);
  return {
    id: id.data,
    provider,
    wire,
    upstreamModel,
    entry,
    capability: capabilityOf(source, provider, upstreamModel),
    tokenizer: tokenizerOf(entry, entry.wire ?? provider.wire),
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
    embedding: embeddingOf(entry),
    parameters: entry.supportsTemperature
      ? provider.parameters
      : without(provider.parameters, SAMPLING_PARAMETERS),
    contextTokens: entry.maxContextTokens,
    // The window of a model that makes vectors is that of one text, not of all of them.
    inputTokens:
      entry.maxInputTokens ?? (entry.supportsEmbeddings ? Infinity : entry.maxContextTokens),
    outputTokens: Math.min(entry.maxOutputTokens ?? Infinity, entry.maxContextTokens),
    compliance: new Set(isPiiSafe ? [...entry.compliance, 'pii_safe'] : entry.compliance),
    regions: new Set(entry.regions),
  };
}

/** As many texts as OpenAI takes at once. */
const USUAL_EMBEDDING_INPUTS = 2048;

function embeddingOf(entry: ModelEntry): EmbeddingCapability | undefined {
  if (!entry.supportsEmbeddings) return undefined;
  return {
    dimensions: entry.maxEmbeddingDimensions,
    inputs: entry.maxEmbeddingInputs ?? USUAL_EMBEDDING_INPUTS,
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
    fileUrls: entry.supportsPdf && provider.takesFileUrls,
    pdf: entry.supportsPdf,
    audio: entry.supportsAudio,
    structuredOutput: entry.supportsStructuredOutput,
    reasoning: entry.supportsReasoning,
    prefill: entry.supportsPrefill,
  };
}

/** An image in tiles of 512 pixels, the short side scaled to 768. */
const TILES: ImageRule = {
  type: 'tiles',
  baseTokens: 85,
  tokensPerTile: 170,
  tilePixels: 512,
  shortSidePixels: 768,
};
/** A token per 750 pixels; newer models take larger images, up to about this many tokens. */
const AREA: ImageRule = {
  type: 'area',
  pixelsPerToken: 750,
  longSidePixels: 1568,
  maxTokens: 4800,
};
const CHAT = { baseTokens: 3, messageTokens: 4, toolBaseTokens: 80, toolMultiplier: 0.8 };
const TOOL_PROMPT = { baseTokens: 3, messageTokens: 4, toolBaseTokens: 560, toolMultiplier: 1 };

/** What requests of each wire cost beside their text, measured on recorded traffic (2026). */
const OVERHEADS: Readonly<Record<Wire, Omit<Tokenizer, 'family' | 'multiplier'>>> = {
  openai: { ...CHAT, images: TILES },
  'openai-responses': { ...CHAT, images: TILES },
  anthropic: { ...TOOL_PROMPT, images: AREA },
  bedrock: { ...TOOL_PROMPT, images: AREA },
  gemini: {
    baseTokens: 0,
    messageTokens: 2,
    toolBaseTokens: 0,
    toolMultiplier: 0.7,
    images: { type: 'fixed', tokens: 1102 },
  },
};

function tokenizerOf({ tokenizer }: ModelEntry, wire: Wire): Tokenizer {
  const usual = OVERHEADS[wire];
  return {
    family: tokenizer.family,
    multiplier: tokenizer.multiplier,
    baseTokens: tokenizer.baseTokens ?? usual.baseTokens,
    messageTokens: tokenizer.messageTokens ?? usual.messageTokens,
    toolBaseTokens: tokenizer.toolBaseTokens ?? usual.toolBaseTokens,
    toolMultiplier: tokenizer.toolMultiplier ?? usual.toolMultiplier,
    images: tokenizer.images ?? usual.images,
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
 * What a part costs where the entry does not say: cache writes and media as input, reasoning and
 * speech as output, and cache reads as input too, so that an estimate is never too low. Within a tier:
 * the part's base price, scaled as the tier scales input or output.
 */
function pricesOf(fields: PriceFields, base: TokenPrices | undefined): TokenPrices {
  const input = pico(fields.costPer1kInputTokens) ?? base?.inputPicoUsd ?? 0;
  const output = pico(fields.costPer1kOutputTokens) ?? base?.outputPicoUsd ?? 0;
  const inputPart = partOf(input, base?.inputPicoUsd);
  const outputPart = partOf(output, base?.outputPicoUsd);
  return {
    inputPicoUsd: input,
    outputPicoUsd: output,
    cacheReadPicoUsd: inputPart(fields.costPer1kCachedInputTokens, base?.cacheReadPicoUsd),
    cacheWritePicoUsd: inputPart(fields.costPer1kCacheWriteTokens, base?.cacheWritePicoUsd),
    cacheWrite1hPicoUsd: inputPart(fields.costPer1kCacheWrite1hTokens, base?.cacheWrite1hPicoUsd),
    reasoningPicoUsd: outputPart(fields.costPer1kReasoningTokens, base?.reasoningPicoUsd),
    audioInputPicoUsd: inputPart(fields.costPer1kAudioInputTokens, base?.audioInputPicoUsd),
    audioOutputPicoUsd: outputPart(fields.costPer1kAudioOutputTokens, base?.audioOutputPicoUsd),
    imageInputPicoUsd: inputPart(fields.costPer1kImageInputTokens, base?.imageInputPicoUsd),
  };
}

type Price = number | null | undefined;

/** Nothing scales a free base: above it a part costs what the tier's whole costs. */
function partOf(whole: number, baseWhole = 0): (price: Price, basePart?: number) => number {
  return (price, basePart = 0) =>
    pico(price) ?? (baseWhole === 0 ? whole : Math.round((basePart * whole) / baseWhole));
}

function pico(price: Price): number | undefined {
  return price === null || price === undefined ? undefined : picoUsdPerToken(price);
}
