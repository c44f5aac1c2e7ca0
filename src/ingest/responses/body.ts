import * as z from 'zod';
import { jsonObjectSchema } from '../../domain/json.ts';
import { itemSchema, LACKING } from './item-body.ts';

/*
 * The body of a Responses request, as OpenAI's API reference and client have it (November 2026).
 * Limits on counts are those of fault catalogue A10 and A11.
 */

const toolName = z
  .string({ error: 'required: tools are flat in this dialect, with their name beside their type' })
  .regex(/^[a-zA-Z0-9_-]{1,64}$/, 'a tool is named in a-z, A-Z, 0-9, _ and -');

const functionTool = z.object({
  type: z.literal('function'),
  name: toolName,
  description: z.string().nullish(),
  parameters: jsonObjectSchema.nullish(),
  strict: z.boolean().nullish(),
});

/** What the provider runs itself, and what came after this was written: only its name is read. */
const hostedTool = z.looseObject({
  type: z.string().refine((type) => type !== 'function', LACKING),
  server_url: z.string().nullish(),
});

const toolSchema = z.union([functionTool, hostedTool]);
export type ToolBody = z.infer<typeof toolSchema>;
export type FunctionToolBody = z.infer<typeof functionTool>;

const namedTool = z.object({ type: z.literal('function'), name: z.string().min(1).max(256) });
const otherChoice = z
  .object({
    type: z.string().refine((type) => type !== 'function' && type !== 'allowed_tools', LACKING),
  })
  .transform(({ type }) => ({ type: 'other' as const, name: type }));
const toolChoiceSchema = z.union([
  z.enum(['none', 'auto', 'required']),
  namedTool,
  z.object({
    type: z.literal('allowed_tools'),
    mode: z.enum(['auto', 'required']),
    tools: z.array(z.union([namedTool, otherChoice])).max(256),
  }),
  otherChoice,
]);
export type ToolChoiceBody = z.infer<typeof toolChoiceSchema>;

const formatSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'a schema is named in a-z, A-Z, 0-9, _ and -'),
    description: z.string().nullish(),
    schema: jsonObjectSchema,
    strict: z.boolean().nullish(),
  }),
]);

const MAX_LABELS = 16;
const MAX_LABEL_NAME = 64;
const MAX_LABEL_TEXT = 512;
/** Names that could reach an object's own workings (fault catalogue A05). */
const REFUSED_LABELS = ['__proto__', 'constructor', 'prototype'];

const metadataSchema = jsonObjectSchema.refine((labels) => {
  const entries = Object.entries(labels);
  return entries.length <= MAX_LABELS && entries.every(isLabel);
}, 'at most 16 texts of 512 characters, under names of 64');

function isLabel([name, text]: readonly [string, unknown]): boolean {
  if (name.length > MAX_LABEL_NAME || REFUSED_LABELS.includes(name)) return false;
  return typeof text === 'string' && text.length <= MAX_LABEL_TEXT;
}

const inputSchema = z.union(
  [z.string(), z.array(itemSchema).min(1, 'at least one item is needed').max(4096)],
  {
    error: ({ input }) => (input === undefined ? 'required: a text or a list of items' : undefined),
  },
);

export const responsesBodySchema = z.object({
  input: inputSchema,
  instructions: z.string().nullish(),
  tools: z.array(toolSchema).max(256).nullish(),
  tool_choice: toolChoiceSchema.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  text: z
    .object({
      format: formatSchema.nullish(),
      verbosity: z.enum(['low', 'medium', 'high']).nullish(),
    })
    .nullish(),
  reasoning: z
    .looseObject({
      effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      summary: z.enum(['auto', 'concise', 'detailed']).nullish(),
      /** The name of `summary` in early 2025. */
      generate_summary: z.enum(['auto', 'concise', 'detailed']).nullish(),
    })
    .nullish(),
  max_output_tokens: z.int().min(1).max(10_000_000).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  truncation: z.enum(['auto', 'disabled']).nullish(),
  include: z.array(z.string().max(64)).max(32).nullish(),
  metadata: metadataSchema.nullish(),
  stream: z.boolean().nullish(),
  user: z.string().max(256).nullish(),
  safety_identifier: z.string().max(256).nullish(),
});
export type ResponsesBody = z.infer<typeof responsesBodySchema>;

/** Fields of the dialect that go to a provider that speaks it. */
export const DIALECT_FIELDS: ReadonlySet<string> = new Set([
  ...Object.keys(responsesBodySchema.shape),
  'model',
  'store',
  'context_management',
  'max_tool_calls',
  'moderation',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'service_tier',
  'stream_options',
]);

/** Of these, those that no other dialect can say. */
export const UNTRANSLATABLE_FIELDS: readonly string[] = [
  'context_management',
  'max_tool_calls',
  'moderation',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'service_tier',
];
