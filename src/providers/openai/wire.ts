import * as z from 'zod';

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

const toolCallSchema = z.object({
  index: count,
  id: text,
  function: z
    .object({
      name: text,
      /** Ollama's own route sends an object. */
      arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
    })
    .nullish(),
});
export type WireToolCall = z.infer<typeof toolCallSchema>;

const annotationSchema = z.object({
  url_citation: z.object({ url: text, title: text }).nullish().catch(undefined),
});

/** A message, or the part of one that a chunk adds. */
const messageSchema = z.object({
  /** A string; Mistral: a list of parts; Workers AI with a JSON schema: the object itself. */
  content: z.unknown().optional(),
  refusal: text,
  reasoning_content: text,
  reasoning: text,
  tool_calls: z.array(toolCallSchema).nullish(),
  annotations: z.array(annotationSchema).nullish().catch(undefined),
});
export type WireMessage = z.infer<typeof messageSchema>;

const choiceSchema = z.object({
  index: count,
  message: messageSchema.nullish(),
  delta: messageSchema.nullish(),
  finish_reason: text,
});

/** A whole answer, or one chunk of a stream. */
export const completionSchema = z.object({
  id: text,
  model: text,
  object: text,
  choices: z.array(choiceSchema).nullish(),
  usage: usageSchema.nullish().catch(undefined),
  x_groq: z.object({ usage: usageSchema.nullish() }).nullish().catch(undefined),
  error: z.unknown().optional(),
  citations: z.array(z.string()).nullish().catch(undefined),
});
export type WireCompletion = z.infer<typeof completionSchema>;

/** A part of Mistral's list content. */
export const contentPartSchema = z.object({
  type: z.string(),
  text,
  thinking: z.union([z.string(), z.array(z.object({ text }))]).nullish(),
});
