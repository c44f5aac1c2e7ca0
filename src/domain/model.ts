import * as z from 'zod';

/** The wire formats that providers speak. A new one is a folder in `providers/`. */
export const WIRES = ['openai', 'openai-responses', 'anthropic', 'gemini', 'bedrock'] as const;
export const wireSchema = z.enum(WIRES);
export type Wire = z.infer<typeof wireSchema>;

/** The wires that have a form for embeddings. */
export const EMBEDDING_WIRES: readonly Wire[] = ['openai', 'gemini'];

/** Lower case, no spaces, at most 128 characters; compared exactly, never normalized. */
export const modelIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._:/-]{0,127}$/, 'a model id is a-z, 0-9 and . _ : / -')
  .brand<'ModelId'>();
export type ModelId = z.infer<typeof modelIdSchema>;

/** US dollars per 1,000 tokens; `null` says that the price is not known, which is not free. */
const pricePer1k = z.number().nonnegative().max(1000).nullable();
const tokenCount = z.int().positive().max(100_000_000);

const pricesShape = {
  costPer1kInputTokens: pricePer1k,
  costPer1kOutputTokens: pricePer1k,
  costPer1kCachedInputTokens: pricePer1k.optional(),
  costPer1kCacheWriteTokens: pricePer1k.optional(),
  costPer1kCacheWrite1hTokens: pricePer1k.optional(),
  costPer1kReasoningTokens: pricePer1k.optional(),
  costPer1kAudioInputTokens: pricePer1k.optional(),
  costPer1kAudioOutputTokens: pricePer1k.optional(),
  costPer1kImageInputTokens: pricePer1k.optional(),
};

/** Prices that hold for the whole request once its input is larger than `aboveInputTokens`. */
export const priceTierSchema = z
  .strictObject({ aboveInputTokens: tokenCount, ...pricesShape })
  .partial({ costPer1kInputTokens: true, costPer1kOutputTokens: true });
export type PriceTier = z.infer<typeof priceTierSchema>;

/** Tokenizers that text is estimated for. Other models name the nearest and a multiplier. */
export const TOKENIZER_FAMILIES = ['o200k', 'cl100k', 'llama3', 'gemma'] as const;
export type TokenizerFamily = (typeof TOKENIZER_FAMILIES)[number];

const fewTokens = z.number().min(0).max(100_000);
const pixels = z.int().positive().max(100_000);

/** How a model counts an image of known size; sizes that are not known take the most. */
export const imageRuleSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('fixed'), tokens: fewTokens }),
  /** Per square tile, once the short side is scaled down; a low detail costs the base alone. */
  z.strictObject({
    type: z.literal('tiles'),
    baseTokens: fewTokens,
    tokensPerTile: fewTokens,
    tilePixels: pixels,
    shortSidePixels: pixels.optional(),
  }),
  z.strictObject({
    type: z.literal('patches'),
    patchPixels: pixels,
    maxPatches: z.int().positive().max(1_000_000),
    multiplier: z.number().positive().max(100),
  }),
  z.strictObject({
    type: z.literal('area'),
    pixelsPerToken: z.number().positive().max(1_000_000),
    longSidePixels: pixels,
    maxTokens: fewTokens,
  }),
]);
export type ImageRule = z.infer<typeof imageRuleSchema>;

export const tokenizerSchema = z.strictObject({
  family: z.enum(TOKENIZER_FAMILIES).default('o200k'),
  /** The model's real count over the family's estimate, as published; the rest is learned. */
  multiplier: z.number().min(0.3).max(3).default(1),
  /** What any request costs beside its text; what its wire usually costs by default. */
  baseTokens: fewTokens.optional(),
  /** What each message costs beside its text. */
  messageTokens: fewTokens.optional(),
  /** What offering any tool costs, beside the declarations. */
  toolBaseTokens: fewTokens.optional(),
  /** What a declaration costs over its JSON as text. */
  toolMultiplier: z.number().min(0).max(10).optional(),
  images: imageRuleSchema.optional(),
});

/** One routable model, as it is published. Optional capabilities default to *not supported*. */
export const modelEntrySchema = z.strictObject({
  id: modelIdSchema.optional(),
  provider: z.string().min(1).max(64),
  upstreamModel: z.string().min(1).max(200).optional(),
  wire: wireSchema.optional(),
  family: z.string().min(1).max(64).optional(),
  status: z.enum(['active', 'degraded', 'offline']).default('active'),
  maxContextTokens: tokenCount,
  maxInputTokens: tokenCount.optional(),
  maxOutputTokens: tokenCount.optional(),
  supportsFunctionCalling: z.boolean().default(false),
  supportsParallelToolCalls: z.boolean().default(false),
  supportsVision: z.boolean().default(false),
  supportsPdf: z.boolean().default(false),
  supportsAudio: z.boolean().default(false),
  supportsStructuredOutput: z.boolean().default(false),
  supportsReasoning: z.boolean().default(false),
  supportsPrefill: z.boolean().default(false),
  /** It makes vectors, and answers nothing else; its window is that of one text. */
  supportsEmbeddings: z.boolean().default(false),
  /** How long its vectors are; shorter ones may be asked for. Without it their length is fixed. */
  maxEmbeddingDimensions: z.int().positive().max(65_536).optional(),
  /** How many texts one request may hold; 2,048 by default. */
  maxEmbeddingInputs: z.int().positive().max(65_536).optional(),
  /** Sampling settings (temperature, top_p, top_k); some reasoning models refuse them. */
  supportsTemperature: z.boolean().default(true),
  ...pricesShape,
  priceTiers: z.array(priceTierSchema).max(8).default([]),
  estimatedP50LatencyMs: z.number().positive().max(600_000),
  compliance: z.array(z.string().min(1).max(64)).max(32).default([]),
  regions: z.array(z.string().min(1).max(64)).max(32).default([]),
  quality: z.record(z.string(), z.number().min(0).max(1)).default({}),
  tokenizer: tokenizerSchema.default({ family: 'o200k', multiplier: 1 }),
  /** The operator's preference: multiplies the score, 1 by default. */
  weight: z.number().positive().max(100).default(1),
  retiresAt: z.iso.date().optional(),
});
export type ModelEntry = z.infer<typeof modelEntrySchema>;

/** Request settings that not every model honors; those asked for are part of a requirement. */
export const PARAMETERS = [
  'temperature',
  'top-p',
  'top-k',
  'frequency-penalty',
  'presence-penalty',
  'seed',
  'stop',
  'logit-bias',
  'logprobs',
  'several-choices',
  'json-object',
  'single-tool-call',
  'verbosity',
] as const;
export type Parameter = (typeof PARAMETERS)[number];

/** What a model can do, or what a request needs: the two compare field by field. */
export type Abilities = {
  readonly functionCalling: boolean;
  readonly parallelToolCalls: boolean;
  readonly vision: boolean;
  /** Images given by their address, which the provider fetches. */
  readonly imageUrls: boolean;
  /** Documents given by their address. */
  readonly fileUrls: boolean;
  readonly pdf: boolean;
  readonly audio: boolean;
  readonly structuredOutput: boolean;
  readonly reasoning: boolean;
  /** Going on from an answer that the caller has begun. */
  readonly prefill: boolean;
};
export type Ability = keyof Abilities;

/** What a model that makes vectors can do. */
export type EmbeddingCapability = {
  /** The longest vector that may be asked for; undefined where the length is fixed. */
  readonly dimensions: number | undefined;
  /** Texts of one request. */
  readonly inputs: number;
};

export type ModelCapability = Abilities & {
  /** Undefined for a model that answers conversations. */
  readonly embedding: EmbeddingCapability | undefined;
  readonly parameters: ReadonlySet<Parameter>;
  /** Input and output together. */
  readonly contextTokens: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly compliance: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
};

/** Integer pico-dollars per token. An absent part costs what its base part costs. */
export type TokenPrices = {
  readonly inputPicoUsd: number;
  readonly outputPicoUsd: number;
  readonly cacheReadPicoUsd: number;
  readonly cacheWritePicoUsd: number;
  readonly cacheWrite1hPicoUsd: number;
  readonly reasoningPicoUsd: number;
  readonly audioInputPicoUsd: number;
  readonly audioOutputPicoUsd: number;
  readonly imageInputPicoUsd: number;
};

/** The base prices and the tiers above them, highest threshold first. */
export type ModelPrice = TokenPrices & {
  readonly tiers: readonly (TokenPrices & { readonly aboveInputTokens: number })[];
};

/** Where and how a provider is called. Well-known ones come from the catalog. */
export type Provider = {
  readonly id: string;
  readonly wire: Wire;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** The name of the Worker secret with its key, or `undefined` when it needs none. */
  readonly secret: string | undefined;
  /** A Worker variable that its address needs and that is not set: it cannot be called. */
  readonly unset: string | undefined;
  /** Fixed headers that every call carries. */
  readonly headers: Readonly<Record<string, string>>;
  /** Which request settings this vendor honors. */
  readonly parameters: ReadonlySet<Parameter>;
  /** Whether it fetches images that are given by their address. */
  readonly takesImageUrls: boolean;
  /** The same of documents. */
  readonly takesFileUrls: boolean;
  /** Whether it finishes, and bills, a whole answer that its caller no longer waits for. */
  readonly billsInFull: boolean;
  /** Names the vendor in the catalog whose quirks hold; the provider's own id by default. */
  readonly vendor: string;
};

/** How a model counts; the entry's own fields over the usual ones of its wire. */
export type Tokenizer = {
  readonly family: TokenizerFamily;
  readonly multiplier: number;
  readonly baseTokens: number;
  readonly messageTokens: number;
  readonly toolBaseTokens: number;
  readonly toolMultiplier: number;
  readonly images: ImageRule;
};

/** A model entry made ready for deciding and calling; compiled once per registry version. */
export type RoutableModel = {
  readonly id: ModelId;
  readonly provider: Provider;
  readonly wire: Wire;
  readonly upstreamModel: string;
  readonly entry: ModelEntry;
  readonly capability: ModelCapability;
  readonly tokenizer: Tokenizer;
  /** Undefined when the input or the output price is not known. */
  readonly price: ModelPrice | undefined;
};

/** The prices that hold for a request of this input: a tier counts for all of its tokens. */
export function pricesFor(price: ModelPrice, inputTokens: number): TokenPrices {
  return price.tiers.find((tier) => inputTokens > tier.aboveInputTokens) ?? price;
}
