import * as z from 'zod';
import { jsonObjectSchema } from '../../domain/json.ts';
import type { Vector } from '../../domain/response.ts';

/*
 * What vendors of the Chat Completions dialect send. Source: recorded traffic of 17 vendors from
 * November 2023 to August 2026, and OpenAI's API reference. Only the fields we read; a field of a
 * type that we do not know counts as not sent.
 */

const text = z.string().nullish().catch(undefined);
const count = z.number().nullish().catch(undefined);

export const usageSchema = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: z
    .object({
      cached_tokens: count,
      cache_write_tokens: count,
      audio_tokens: count,
      image_tokens: count,
    })
    .nullish()
    .catch(undefined),
  completion_tokens_details: z
    .object({ reasoning_tokens: count, audio_tokens: count })
    .nullish()
    .catch(undefined),
  /** DeepSeek. */
  prompt_cache_hit_tokens: count,
  /** Mistral. */
  num_cached_tokens: count,
  /** OpenRouter: US dollars. Perplexity: an object with its parts. */
  cost: z
    .union([z.number(), z.object({ total_cost: z.number() }).transform((cost) => cost.total_cost)])
    .nullish()
    .catch(undefined),
});
export type WireUsage = z.infer<typeof usageSchema>;

const functionSchema = z.object({
  name: text,
  /** Ollama's own route sends an object. */
  arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
});

const toolCallSchema = z.object({
  index: count,
  id: text,
  function: functionSchema.nullish(),
  /** A tool whose input is free text. */
  custom: z.object({ name: text, input: text }).nullish().catch(undefined),
  /** Google's compatible address: `google.thought_signature`, opaque. */
  extra_content: jsonObjectSchema.nullish().catch(undefined),
});
export type WireToolCall = z.infer<typeof toolCallSchema>;

const sourceSchema = z.object({ url: text, title: text });
export type WireSource = z.infer<typeof sourceSchema>;
const sources = z.array(sourceSchema).nullish().catch(undefined);

const annotationSchema = z.object({ url_citation: sourceSchema.nullish().catch(undefined) });

/** Groq's compound models: tools that its server has run. */
const executedToolSchema = z.object({
  search_results: z.object({ results: sources }).nullish().catch(undefined),
});

/** A message, or the part of one that a chunk adds. */
const messageSchema = z.object({
  /** A string; Mistral: a list of parts; Workers AI with a JSON schema: the object itself. */
  content: z.unknown().optional(),
  refusal: text,
  reasoning_content: text,
  reasoning: text,
  /** OpenRouter: opaque, to be given back as it came; in streams in pieces. */
  reasoning_details: z.array(jsonObjectSchema).nullish().catch(undefined),
  tool_calls: z.array(toolCallSchema).nullish(),
  /** The form of 2023, which requests of that form still get. */
  function_call: functionSchema.nullish().catch(undefined),
  annotations: z.array(annotationSchema).nullish().catch(undefined),
  executed_tools: z.array(executedToolSchema).nullish().catch(undefined),
  /** Speech: what was said is the text. */
  audio: z.object({ transcript: text }).nullish().catch(undefined),
});
export type WireMessage = z.infer<typeof messageSchema>;

const choiceSchema = z.object({
  index: count,
  message: messageSchema.nullish(),
  delta: messageSchema.nullish(),
  finish_reason: text,
  /** The vision preview of 2023, in place of a finish reason. */
  finish_details: z.object({ type: text }).nullish().catch(undefined),
});
export type WireChoice = z.infer<typeof choiceSchema>;

/** A whole answer, or one chunk of a stream. */
export const completionSchema = z.object({
  id: text,
  model: text,
  object: text,
  choices: z.array(choiceSchema).nullish(),
  usage: usageSchema.nullish().catch(undefined),
  x_groq: z.object({ usage: usageSchema.nullish() }).nullish().catch(undefined),
  /** Perplexity: the same sources, as addresses and with their titles. */
  citations: z.array(z.string()).nullish().catch(undefined),
  search_results: sources,
});
export type WireCompletion = z.infer<typeof completionSchema>;

/** Of long lists only the first member is looked at: there may be millions of numbers. */
function isVector(value: unknown): value is Vector {
  if (typeof value === 'string') return value !== '';
  return Array.isArray(value) && typeof value[0] === 'number';
}

/** A list of vectors. */
export const embeddingsSchema = z.object({
  id: text,
  model: text,
  data: z.array(z.object({ index: count, embedding: z.custom<Vector>(isVector) })).nullish(),
  usage: usageSchema.extend({ total_tokens: count }).nullish().catch(undefined),
  error: z.unknown().optional(),
});
export type WireEmbeddings = z.infer<typeof embeddingsSchema>;

/** A part of Mistral's list content. */
export const contentPartSchema = z.object({
  type: z.string(),
  text,
  thinking: z.union([z.string(), z.array(z.object({ text }))]).nullish(),
});
