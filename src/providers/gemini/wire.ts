import * as z from 'zod';

/*
 * What generateContent and streamGenerateContent send, on the Gemini API and on Vertex. Source:
 * recorded traffic up to August 2026 and Google's API reference. Only the fields we read; a field of a
 * type that we do not know counts as not sent.
 */

const text = z.string().nullish().catch(undefined);
const count = z.number().nullish().catch(undefined);

export const partSchema = z.object({
  text,
  thought: z.boolean().nullish().catch(undefined),
  /** Opaque; comes back on the same part in the next turn. */
  thoughtSignature: text,
  functionCall: z
    .object({ id: text, name: text, args: z.record(z.string(), z.unknown()).nullish() })
    .nullish(),
});
export type WirePart = z.infer<typeof partSchema>;

const sourceSchema = z.object({ web: z.looseObject({ uri: text, title: text }).nullish() });

const candidateSchema = z.object({
  content: z.object({ parts: z.array(partSchema).nullish() }).nullish(),
  /** A number where enums are sent as integers. */
  finishReason: z.union([z.string(), z.number()]).nullish().catch(undefined),
  groundingMetadata: z
    .object({ groundingChunks: z.array(sourceSchema).nullish() })
    .nullish()
    .catch(undefined),
});
export type WireCandidate = z.infer<typeof candidateSchema>;

const modalitySchema = z.array(z.object({ modality: text, tokenCount: count })).nullish();

export const usageSchema = z.object({
  promptTokenCount: count,
  cachedContentTokenCount: count,
  candidatesTokenCount: count,
  thoughtsTokenCount: count,
  toolUsePromptTokenCount: count,
  promptTokensDetails: modalitySchema.catch(undefined),
  candidatesTokensDetails: modalitySchema.catch(undefined),
});
export type WireUsage = z.infer<typeof usageSchema>;

/** A whole answer, which is also what each event of a stream is. */
export const responseSchema = z.object({
  responseId: text,
  modelVersion: text,
  candidates: z.array(candidateSchema).nullish(),
  promptFeedback: z.object({ blockReason: z.union([z.string(), z.number()]).nullish() }).nullish(),
  usageMetadata: usageSchema.nullish().catch(undefined),
});
export type WireResponse = z.infer<typeof responseSchema>;

/** Of long lists only the first member is looked at: there may be millions of numbers. */
function isVector(value: unknown): value is readonly number[] {
  return Array.isArray(value) && typeof value[0] === 'number';
}

/** What batchEmbedContents sends, by Google's API reference: no recording shows it. */
export const embeddingsSchema = z.object({
  embeddings: z.array(z.object({ values: z.custom<readonly number[]>(isVector) })).nullish(),
  usageMetadata: usageSchema.nullish().catch(undefined),
  error: z.unknown().optional(),
});
