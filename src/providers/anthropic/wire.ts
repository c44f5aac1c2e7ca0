import * as z from 'zod';

/*
 * What the Messages API sends, direct and on Azure, Vertex and Bedrock. Source: recorded traffic up
 * to August 2026 and Anthropic's API reference. Only the fields we read; a field of a type that we do
 * not know counts as not sent.
 */

const text = z.string().nullish().catch(undefined);
const count = z.number().nullish().catch(undefined);

/** `input_tokens` leaves out both cache counts. */
export const usageSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  cache_creation: z
    .object({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count })
    .nullish()
    .catch(undefined),
  output_tokens_details: z.object({ thinking_tokens: count }).nullish().catch(undefined),
});
export type WireUsage = z.infer<typeof usageSchema>;

const citationSchema = z.looseObject({ type: text, url: text, title: text, document_title: text });
export type WireCitation = z.infer<typeof citationSchema>;

/** Any block of an answer; which fields it has follows from its type. */
export const blockSchema = z.object({
  type: z.string(),
  text,
  citations: z.array(citationSchema).nullish().catch(undefined),
  thinking: text,
  signature: text,
  /** `redacted_thinking`: opaque. */
  data: text,
  id: text,
  name: text,
  input: z.record(z.string(), z.unknown()).nullish(),
});
export type WireBlock = z.infer<typeof blockSchema>;

export const messageSchema = z.object({
  type: text,
  id: text,
  model: text,
  content: z.array(blockSchema).nullish(),
  stop_reason: text,
  usage: usageSchema.nullish().catch(undefined),
});
export type WireMessage = z.infer<typeof messageSchema>;

const deltaSchema = z.object({
  type: text,
  text,
  partial_json: text,
  thinking: text,
  signature: text,
  citation: citationSchema.nullish().catch(undefined),
  stop_reason: text,
});
export type WireDelta = z.infer<typeof deltaSchema>;

/** Any event of a stream. */
export const eventSchema = z.object({
  type: z.string(),
  index: z.number().nullish(),
  message: messageSchema.nullish(),
  content_block: blockSchema.nullish(),
  delta: deltaSchema.nullish(),
  usage: usageSchema.nullish().catch(undefined),
});
export type WireEvent = z.infer<typeof eventSchema>;
