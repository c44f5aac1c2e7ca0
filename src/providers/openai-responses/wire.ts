import * as z from 'zod';

/*
 * What the Responses API sends, at OpenAI, Azure, Bedrock, xAI, DeepSeek and OpenRouter. Source:
 * recorded traffic up to August 2026 and OpenAI's API reference. Only the fields we read; a field of a
 * type that we do not know counts as not sent.
 */

const text = z.string().nullish().catch(undefined);
const count = z.number().nullish().catch(undefined);

/** Counts of the details are contained in those above them. */
export const usageSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  input_tokens_details: z
    .object({ cached_tokens: count, cache_write_tokens: count })
    .nullish()
    .catch(undefined),
  output_tokens_details: z.object({ reasoning_tokens: count }).nullish().catch(undefined),
  /** OpenRouter: US dollars. */
  cost: count,
  /** xAI: ten billion make a US dollar. */
  cost_in_usd_ticks: count,
});
export type WireUsage = z.infer<typeof usageSchema>;

/** `url_citation` has an address, `file_citation` a file's name. */
export const annotationSchema = z.looseObject({
  type: text,
  url: text,
  title: text,
  filename: text,
});
export type WireAnnotation = z.infer<typeof annotationSchema>;

/** `output_text`, `refusal`, `reasoning_text` or `summary_text`. */
const contentSchema = z.object({
  type: text,
  text,
  refusal: text,
  annotations: z.array(annotationSchema).nullish().catch(undefined),
});
export type WireContent = z.infer<typeof contentSchema>;

/** Any item of an answer; which fields it has follows from its type. */
export const itemSchema = z.object({
  type: z.string(),
  id: text,
  content: z.array(contentSchema).nullish().catch(undefined),
  summary: z.array(contentSchema).nullish().catch(undefined),
  encrypted_content: text,
  /** Links a call with its result; the item's own `id` does not. */
  call_id: text,
  name: text,
  arguments: text,
});
export type WireItem = z.infer<typeof itemSchema>;

const errorSchema = z.object({ code: text, message: text, type: text });
export type WireError = z.infer<typeof errorSchema>;

export const responseSchema = z.object({
  id: text,
  model: text,
  status: text,
  output: z.array(itemSchema).nullish(),
  incomplete_details: z.object({ reason: text }).nullish().catch(undefined),
  usage: usageSchema.nullish().catch(undefined),
  error: z.union([errorSchema, z.string()]).nullish().catch(undefined),
});
export type WireResponse = z.infer<typeof responseSchema>;

/** Any event of a stream. */
export const eventSchema = z.object({
  type: z.string(),
  response: responseSchema.nullish(),
  item: itemSchema.nullish(),
  output_index: z.number().nullish(),
  summary_index: z.number().nullish(),
  delta: text,
  arguments: text,
  annotation: annotationSchema.nullish().catch(undefined),
});
export type WireEvent = z.infer<typeof eventSchema>;
