import * as z from 'zod';

/*
 * The body of an Embeddings request, as OpenAI's API reference and client have it (November 2026).
 * Limits on counts are OpenAI's.
 */

const text = z.string().min(1, 'a text must not be empty');
const tokens = z.array(z.int().min(0).max(1_000_000)).min(1).max(300_000);
const MAX_INPUTS = 2048;

const inputSchema = z.union(
  [text, z.array(text).min(1).max(MAX_INPUTS), tokens, z.array(tokens).min(1).max(MAX_INPUTS)],
  {
    error: ({ input }) =>
      input === undefined ? 'required: a text, or a list of texts' : undefined,
  },
);
export type InputBody = z.infer<typeof inputSchema>;

export const embeddingsBodySchema = z.object({
  input: inputSchema,
  dimensions: z.int().min(1).max(65_536).nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  user: z.string().max(256).nullish(),
});
export type EmbeddingsBody = z.infer<typeof embeddingsBodySchema>;

/** Fields of the dialect that go to a provider that speaks it. */
export const DIALECT_FIELDS: ReadonlySet<string> = new Set([
  ...Object.keys(embeddingsBodySchema.shape),
  'model',
]);
