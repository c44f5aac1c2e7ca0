import * as z from 'zod';
import type { Conversation } from './conversation.ts';
import { modelIdSchema } from './model.ts';

const tags = z.array(z.string().min(1).max(64)).max(32);
const milliseconds = z.number().int().positive().max(3_600_000);

const ratio = z.number().min(0).max(1);

/** A share for each of cost, latency and capability match; they need not add up to 1. */
export const scoreWeightsSchema = z
  .strictObject({ cost: ratio, latency: ratio, capabilityMatch: ratio })
  .refine((weights) => weights.cost + weights.latency + weights.capabilityMatch > 0, {
    message: 'at least one score weight must be above 0',
  });

/** What to prefer among able models. */
export const objectiveSchema = z.union([
  z.enum(['cost', 'latency', 'quality', 'balanced']),
  scoreWeightsSchema,
]);
export type Objective = z.infer<typeof objectiveSchema>;

/** The object `routing` of a request's body, and the constraints of a policy. */
export const routingConstraintsSchema = z.strictObject({
  requiresVision: z.boolean().optional(),
  requiresFunctionCalling: z.boolean().optional(),
  /** The window that the conversation may grow to: smaller models are out. */
  maxContextTokens: z.int().positive().max(100_000_000).optional(),
  /** Soft: dearer models are pushed down. US dollars per 1,000 tokens, input and output blended. */
  maxCostPer1kTokens: z.number().positive().optional(),
  /** Soft: slower models are pushed down. Expected time to the first token. */
  maxLatencyMs: milliseconds.optional(),
  /** The order of the fallbacks behind the first choice. */
  fallbackOrder: z.array(modelIdSchema).min(1).max(20).optional(),
  task: z.string().min(1).max(64).optional(),
  /** Hard: the predicted quality for the task, 0 to 1. */
  minQuality: z.number().min(0).max(1).optional(),
  /** Hard: what the request may cost over all attempts. */
  maxCostUsd: z.number().positive().max(10_000).optional(),
  /** Hard: when the whole answer must be there. */
  deadlineMs: milliseconds.optional(),
  /** An attempt without content until then is given up. */
  firstTokenMs: milliseconds.optional(),
  /** The longest gap inside a stream. */
  idleMs: milliseconds.optional(),
  compliance: tags.optional(),
  /** Searches the text for personal data, also where the registry does not ask for it. */
  detectPersonalData: z.boolean().optional(),
  regions: tags.optional(),
  hedge: z.boolean().optional(),
  onContentFilter: z.enum(['pass', 'fallback']).optional(),
  onStreamBreak: z.enum(['resume', 'prefill', 'error']).optional(),
  /**
   * What becomes of a text that fits no window: `refuse` by default; `chunk` reads it part by part and
   * combines the answers, each call paid for.
   */
  oversize: z.enum(['refuse', 'chunk']).optional(),
  explain: z.boolean().optional(),
});
export type RoutingConstraints = z.infer<typeof routingConstraintsSchema>;

const providerNames = z.array(z.string().min(1).max(64)).min(1).max(50);

/** OpenRouter's `provider` object, with its names and its units. */
export const providerPreferencesSchema = z.strictObject({
  order: providerNames.optional(),
  only: providerNames.optional(),
  ignore: providerNames.optional(),
  allow_fallbacks: z.boolean().default(true),
  require_parameters: z.boolean().default(true),
  sort: z.enum(['price', 'throughput', 'latency']).optional(),
  /** US dollars per million tokens, as OpenRouter has it. */
  max_price: z
    .strictObject({
      prompt: z.number().nonnegative().optional(),
      completion: z.number().nonnegative().optional(),
    })
    .optional(),
  data_collection: z.enum(['allow', 'deny']).default('allow'),
  zdr: z.boolean().default(false),
});
export type ProviderPreferences = z.infer<typeof providerPreferencesSchema>;

/** Everything that steers the choice of a model; with no conversation it is a bare dry run. */
export const routingRequestSchema = z.strictObject({
  ...routingConstraintsSchema.shape,
  /** A registry id, `auto` or `auto/<policy>`, with `:floor` or `:nitro` if wanted. */
  model: z.string().min(1).max(200).default('auto'),
  models: z.array(modelIdSchema).min(1).max(20).optional(),
  provider: providerPreferencesSchema.optional(),
});
type RoutingWishes = z.infer<typeof routingRequestSchema>;

/** What the client asked, in our words; neutral to dialect and provider. */
export type RoutingRequest = Omit<RoutingWishes, 'model'> & {
  readonly model?: string;
  /** Absent in a dry run that only names constraints. */
  readonly conversation?: Conversation;
  /** When a stream must have begun, in milliseconds: the client gives up soon behind it. */
  readonly beginMs?: number;
  /** The client itself asks for the second time: no model is asked twice for it. */
  readonly isRetry?: boolean;
};
