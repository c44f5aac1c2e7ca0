import * as z from 'zod';
import { modelIdSchema } from './model.ts';
import { objectiveSchema, routingConstraintsSchema, scoreWeightsSchema } from './request.ts';

const evaluationSchema = z.strictObject({
  mode: z.literal('capability_first').default('capability_first'),
  /** How many models one request may be tried on, the first choice included. */
  maxCandidates: z.int().min(1).max(20).default(5),
  /** What `balanced` weighs. Without them it weighs quality against cost, where quality is known. */
  scoreWeights: scoreWeightsSchema.optional(),
});

/** When a model's breaker opens, for how long, and how many probes close it again. */
export const breakerPolicySchema = z.strictObject({
  /** Counted failures in a row that open it. */
  failureThreshold: z.int().min(1).max(100).default(3),
  cooldownSeconds: z.number().min(0.1).max(3600).default(60),
  halfOpenRequests: z.int().min(1).max(100).default(1),
  /** Opens at this share of failures in a window, too. Off by default. */
  failureRatio: z.number().min(0.01).max(1).optional(),
  /** Opens at this share of slow calls in a window, too. Off by default. */
  slowRatio: z.number().min(0.01).max(1).optional(),
  /** 30 by default. */
  windowSeconds: z.number().min(1).max(600).optional(),
  /** Fewer calls in a window say nothing of a share; 10 by default. */
  minimumCalls: z.int().min(1).max(100_000).optional(),
  /** The cooldown doubles up to this while the model keeps opening, ± 20 %. No growth by default. */
  maxCooldownSeconds: z.number().min(0.1).max(3600).optional(),
  /** Behind a good probe the share of traffic grows from 10 to 100 % in this time; at once by default. */
  rampSeconds: z.number().min(0).max(600).optional(),
  /** One breaker in the world, or one per continent; `global` by default. */
  scope: z.enum(['global', 'region']).optional(),
});
export type BreakerPolicy = z.infer<typeof breakerPolicySchema>;

const fallbackSchema = z.strictObject({
  enabled: z.boolean().default(true),
  /** Further tries on one model, only where nothing was accepted. */
  maxRetries: z.int().min(0).max(3).default(2),
  backoffStrategy: z.enum(['exponential', 'linear', 'constant']).default('exponential'),
  circuitBreaker: breakerPolicySchema.prefault({}),
});

const telemetrySchema = z.strictObject({
  enabled: z.boolean().default(true),
  attributes: z.array(z.string().max(64)).max(32).optional(),
  exportTarget: z.enum(['otlp_http', 'none']).optional(),
});

const complianceSchema = z.strictObject({
  /** Models that get the tag `pii_safe`, by id or by the name their provider gives them. */
  piiSafeModels: z.array(z.string().min(1).max(200)).max(2000).default([]),
  /**
   * Whether personal data that the router finds itself keeps a request from models without
   * `pii_safe`; else they are only pushed down. Tags that a key, a policy or a caller asks for always do.
   */
  blockUnsafeRouting: z.boolean().default(true),
  /** An audit record for each request that needs a tag. */
  auditLogging: z.boolean().default(false),
  /** Whether every request is searched for personal data; not by default. A caller may ask for it too. */
  detectPersonalData: z.boolean().optional(),
});

/** What quality is worth; `npm run calibrate` writes it from graded prompts. */
const qualitySchema = z.strictObject({
  /** Quality, 0 to 1, per US dollar. Solved from the models' tables where it is left out. */
  lambda: z
    .strictObject({ quality: z.number().nonnegative(), balanced: z.number().nonnegative() })
    .optional(),
  /** How much of a request's difficulty counts; 0.75 by default. */
  difficultySlope: z.number().min(0).max(1).optional(),
  /** Answers what is not surely of one kind; without it the scores decide. */
  defaultModel: modelIdSchema.optional(),
  /** How sure is sure; 0.95 by default. */
  minConfidence: z.number().min(0).max(1).optional(),
});

/** The `routing` part of the registry document; version 2.1 is taken word for word. */
export const routingConfigSchema = z.strictObject({
  version: z.string().default('2.1'),
  evaluation: evaluationSchema.prefault({}),
  fallback: fallbackSchema.prefault({}),
  telemetry: telemetrySchema.prefault({}),
  compliance: complianceSchema.prefault({}),
  quality: qualitySchema.optional(),
});
export type RoutingConfig = z.infer<typeof routingConfigSchema>;
export type ScoreWeights = z.infer<typeof scoreWeightsSchema>;

/** A policy is chosen by what was found and by its size, so neither is a policy's to change. */
const policyConstraintsSchema = routingConstraintsSchema.omit({
  detectPersonalData: true,
  oversize: true,
});

/** What to prefer, what to insist on, and among which models; named in `auto/<policy>`. */
export const policySchema = z.strictObject({
  description: z.string().max(400).optional(),
  objective: objectiveSchema.optional(),
  constraints: policyConstraintsSchema.optional(),
  /** Only these models; all of the registry by default. */
  candidates: z.array(modelIdSchema).max(2000).optional(),
  /** The chain spans at least this many providers where so many can answer. */
  minProviders: z.int().min(1).max(10).optional(),
});
export type Policy = z.infer<typeof policySchema>;
