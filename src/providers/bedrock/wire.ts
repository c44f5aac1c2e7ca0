import * as z from 'zod';

/*
 * What Converse and ConverseStream send. Source: recorded traffic up to August 2026 and AWS's API
 * reference. Only the fields we read; a field of a type that we do not know counts as not sent.
 */

const text = z.string().nullish().catch(undefined);
const count = z.number().nullish().catch(undefined);

/** `inputTokens` leaves out both cache counts. The counts named `…TokenCount` say the same again. */
export const usageSchema = z.object({
  inputTokens: count,
  outputTokens: count,
  cacheReadInputTokens: count,
  cacheWriteInputTokens: count,
  /** What was written, by how long it is kept. */
  cacheDetails: z
    .array(z.object({ inputTokens: count, ttl: text }))
    .nullish()
    .catch(undefined),
});
export type WireUsage = z.infer<typeof usageSchema>;

/** `location` names a place in a document, or a web page. */
const citationSchema = z.object({
  title: text,
  source: text,
  location: z
    .object({ web: z.object({ url: text, domain: text }).nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});
export type WireCitation = z.infer<typeof citationSchema>;

const toolUseSchema = z.object({
  toolUseId: text,
  name: text,
  /** An object in a whole answer, a piece of JSON text in a stream. */
  input: z.unknown().optional(),
  /** `server_tool_use` for a tool that Bedrock itself runs. */
  type: text,
});
export type WireToolUse = z.infer<typeof toolUseSchema>;

const reasoningSchema = z.object({
  reasoningText: z.object({ text, signature: text }).nullish().catch(undefined),
  /** Base64 of what the model's maker has encrypted. */
  redactedContent: text,
});
export type WireReasoning = z.infer<typeof reasoningSchema>;

/** A union: a block has one of these. */
export const blockSchema = z.object({
  text,
  reasoningContent: reasoningSchema.nullish().catch(undefined),
  toolUse: toolUseSchema.nullish().catch(undefined),
  /** Text that its sources stand beside. */
  citationsContent: z
    .object({
      content: z.array(z.object({ text })).nullish(),
      citations: z.array(citationSchema).nullish(),
    })
    .nullish()
    .catch(undefined),
});
export type WireBlock = z.infer<typeof blockSchema>;

export const answerSchema = z.object({
  output: z.object({ message: z.object({ content: z.array(blockSchema).nullish() }) }),
  stopReason: text,
  usage: usageSchema.nullish().catch(undefined),
});
export type WireAnswer = z.infer<typeof answerSchema>;

/** A union as well; the pieces of reasoning stand without `reasoningText` here. */
const deltaSchema = z.object({
  text,
  reasoningContent: z
    .object({ text, signature: text, redactedContent: text })
    .nullish()
    .catch(undefined),
  toolUse: toolUseSchema.nullish().catch(undefined),
  citation: citationSchema.nullish().catch(undefined),
});
export type WireDelta = z.infer<typeof deltaSchema>;

/** Any event of a stream; which one it is stands in the message's header. */
export const eventSchema = z.object({
  contentBlockIndex: z.number().nullish(),
  start: z
    .object({ toolUse: toolUseSchema.nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
  delta: deltaSchema.nullish(),
  stopReason: text,
  usage: usageSchema.nullish().catch(undefined),
});
export type WireEvent = z.infer<typeof eventSchema>;
