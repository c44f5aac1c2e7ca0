import * as z from 'zod';
import { jsonObjectSchema } from '../../domain/json.ts';

/*
 * The body of a Chat Completions request, as OpenAI's API reference has it (November 2026), and
 * OpenRouter's words beside it. Limits on counts are those of fault catalogue A10 and A11.
 */

const text = z.string();
const partText = z.object({ type: z.literal('text'), text });

const imagePart = z.object({
  type: z.literal('image_url'),
  image_url: z.object({ url: z.string(), detail: z.enum(['auto', 'low', 'high']).optional() }),
});

const audioPart = z.object({
  type: z.literal('input_audio'),
  input_audio: z.object({ data: z.string(), format: z.string().max(16) }),
});

const filePart = z.object({
  type: z.literal('file'),
  file: z.object({ filename: z.string().max(256).optional(), file_data: z.string() }),
});

const refusalPart = z.object({ type: z.literal('refusal'), refusal: z.string() });

const userPart = z.discriminatedUnion('type', [partText, imagePart, audioPart, filePart]);
export type UserPartBody = z.infer<typeof userPart>;

const name = z.string().max(64).optional();
const texts = z.union([text, z.array(partText).min(1)]);

const toolCall = z.object({
  id: z.string().min(1).max(256),
  type: z.literal('function').default('function'),
  function: z.object({ name: z.string().min(1).max(256), arguments: z.string() }),
  extra_content: jsonObjectSchema.nullish(),
});

const messageSchema = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), content: texts, name }),
  z.object({ role: z.literal('developer'), content: texts, name }),
  z.object({ role: z.literal('user'), content: z.union([text, z.array(userPart).min(1)]), name }),
  z.object({
    role: z.literal('assistant'),
    content: z
      .union([text, z.array(z.discriminatedUnion('type', [partText, refusalPart]))])
      .nullish(),
    refusal: z.string().nullish(),
    reasoning_content: z.string().nullish(),
    /** OpenRouter's name for the same. */
    reasoning: z.string().nullish(),
    /** What the provider of an earlier answer wants back: see `reasoning-details.ts`. */
    reasoning_details: z.array(jsonObjectSchema).max(4096).nullish(),
    tool_calls: z.array(toolCall).max(256).nullish(),
    name,
  }),
  z.object({ role: z.literal('tool'), content: texts, tool_call_id: z.string().min(1).max(256) }),
]);
export type MessageBody = z.infer<typeof messageSchema>;

const toolSchema = z.object({
  type: z.literal('function'),
  function: z.object({
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'a tool is named in a-z, A-Z, 0-9, _ and -'),
    description: z.string().optional(),
    parameters: jsonObjectSchema.optional(),
    strict: z.boolean().nullish(),
  }),
});

const toolChoiceSchema = z.union([
  z.enum(['none', 'auto', 'required']),
  z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) }),
]);

const responseFormatSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({
      name: z
        .string()
        .regex(/^[a-zA-Z0-9_-]{1,64}$/, 'a schema is named in a-z, A-Z, 0-9, _ and -'),
      description: z.string().optional(),
      schema: jsonObjectSchema.optional(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

const penalty = z.number().min(-2).max(2).nullish();
const outputLimit = z.int().min(1).max(10_000_000).nullish();
const effort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);

export const chatBodySchema = z.object({
  messages: z.array(messageSchema).min(1, 'at least one message is needed').max(4096),
  tools: z.array(toolSchema).max(256).nullish(),
  tool_choice: toolChoiceSchema.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: responseFormatSchema.nullish(),
  max_tokens: outputLimit,
  max_completion_tokens: outputLimit,
  stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.int().min(0).max(1_000_000).nullish(),
  frequency_penalty: penalty,
  presence_penalty: penalty,
  seed: z.int().nullish(),
  logit_bias: z.record(z.string(), z.number().min(-100).max(100)).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  n: z.int().min(1).max(8).nullish(),
  verbosity: z.enum(['low', 'medium', 'high']).nullish(),
  reasoning_effort: effort.nullish(),
  reasoning: z
    .object({
      effort: effort.optional(),
      max_tokens: z.int().min(0).optional(),
      exclude: z.boolean().optional(),
      enabled: z.boolean().optional(),
    })
    .nullish(),
  modalities: z.array(z.literal('text', 'only text answers are supported')).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  /** OpenRouter: the answer's usage with its cost, in streams too. */
  usage: z.object({ include: z.boolean() }).nullish(),
  user: z.string().max(256).nullish(),
});
export type ChatBody = z.infer<typeof chatBodySchema>;

/** Fields of the dialect that go to a provider that speaks it. */
export const DIALECT_FIELDS: ReadonlySet<string> = new Set([
  ...Object.keys(chatBodySchema.shape).filter(
    (field) => !['usage', 'reasoning', 'top_k'].includes(field),
  ),
  'model',
  'store',
  'service_tier',
  'prediction',
  'web_search_options',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
]);

/** Of these, those that no other dialect can say. */
export const UNTRANSLATABLE_FIELDS: readonly string[] = [
  'logit_bias',
  'service_tier',
  'prediction',
  'web_search_options',
  'prompt_cache_key',
];

/** What OpenAI took in earlier years, and what to write today. */
export const FORMER_FIELDS: Readonly<Record<string, string>> = {
  functions: 'tools',
  function_call: 'tool_choice',
};
