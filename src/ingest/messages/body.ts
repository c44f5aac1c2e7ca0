import * as z from 'zod';
import { jsonObjectSchema } from '../../domain/json.ts';

/*
 * The body of a Messages request, as Anthropic's API reference and client have it (November 2026).
 * Blocks are loose: what we do not read goes back to the provider of the dialect as it came. Limits on
 * counts are those of fault catalogue A10 and A11.
 */

const text = z.string();
const id = z.string().min(1).max(256);

const textBlock = z.looseObject({ type: z.literal('text'), text });

const base64Source = z.object({ type: z.literal('base64'), media_type: text, data: text });
const urlSource = z.object({ type: z.literal('url'), url: text });
const fileSource = z.object({ type: z.literal('file'), file_id: text });
const textSource = z.object({ type: z.literal('text'), data: text });

const imageBlock = z.looseObject({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [base64Source, urlSource, fileSource]),
});
export type ImageBlock = z.infer<typeof imageBlock>;

const contentSource = z.object({
  type: z.literal('content'),
  content: z.union([text, z.array(z.discriminatedUnion('type', [textBlock, imageBlock]))]),
});

const documentBlock = z.looseObject({
  type: z.literal('document'),
  source: z.discriminatedUnion('type', [
    base64Source,
    urlSource,
    fileSource,
    textSource,
    contentSource,
  ]),
  title: text.nullish(),
  context: text.nullish(),
  citations: z.object({ enabled: z.boolean().optional() }).nullish(),
});
export type DocumentBlock = z.infer<typeof documentBlock>;

const searchResultBlock = z.looseObject({
  type: z.literal('search_result'),
  source: text,
  title: text,
  content: z.array(textBlock),
  citations: z.object({ enabled: z.boolean().optional() }).nullish(),
});

const toolReferenceBlock = z.looseObject({ type: z.literal('tool_reference'), tool_name: text });

/** Server tools' own blocks, and those that came after this was written: only their names are read. */
function otherBlock(known: readonly { readonly shape: { readonly type: { value: string } } }[]) {
  const types = new Set(known.map(({ shape }) => shape.type.value));
  return z
    .object({
      type: z.string().refine((type) => !types.has(type), 'the block lacks what its type needs'),
    })
    .transform(({ type }) => ({ type: 'other' as const, name: type }));
}

const RESULT_BLOCKS = [
  textBlock,
  imageBlock,
  documentBlock,
  searchResultBlock,
  toolReferenceBlock,
] as const;
const resultBlock = z.union([
  z.discriminatedUnion('type', RESULT_BLOCKS),
  otherBlock(RESULT_BLOCKS),
]);
export type ResultBlock = z.infer<typeof resultBlock>;

const toolResultBlock = z.looseObject({
  type: z.literal('tool_result'),
  tool_use_id: id,
  content: z.union([text, z.array(resultBlock)]).nullish(),
  is_error: z.boolean().nullish(),
});
export type ToolResultBlock = z.infer<typeof toolResultBlock>;

const USER_BLOCKS = [...RESULT_BLOCKS, toolResultBlock] as const;
const userBlock = z.union([z.discriminatedUnion('type', USER_BLOCKS), otherBlock(USER_BLOCKS)]);
export type UserBlock = z.infer<typeof userBlock>;

const ASSISTANT_BLOCKS = [
  textBlock,
  z.looseObject({ type: z.literal('thinking'), thinking: text, signature: text.nullish() }),
  z.looseObject({ type: z.literal('redacted_thinking'), data: text }),
  z.looseObject({
    type: z.literal('tool_use'),
    id,
    name: z.string().min(1).max(256),
    input: jsonObjectSchema,
  }),
] as const;
const assistantBlock = z.union([
  z.discriminatedUnion('type', ASSISTANT_BLOCKS),
  otherBlock(ASSISTANT_BLOCKS),
]);
export type AssistantBlock = z.infer<typeof assistantBlock>;

const systemBlock = z.union([textBlock, otherBlock([textBlock])]);
export type SystemBlock = z.infer<typeof systemBlock>;

const messageSchema = z.discriminatedUnion('role', [
  z.object({ role: z.literal('user'), content: z.union([text, z.array(userBlock)]) }),
  z.object({ role: z.literal('assistant'), content: z.union([text, z.array(assistantBlock)]) }),
  /** Instructions inside the conversation. */
  z.object({ role: z.literal('system'), content: z.union([text, z.array(systemBlock)]) }),
]);
export type MessageBody = z.infer<typeof messageSchema>;

/** A tool without a schema is one that Anthropic defines; its own servers run most of them. */
const toolSchema = z.looseObject({
  type: text.nullish(),
  name: z.string().min(1).max(256).optional(),
  description: text.nullish(),
  input_schema: jsonObjectSchema.optional(),
  strict: z.boolean().nullish(),
});
export type ToolBody = z.infer<typeof toolSchema>;

const single = z.boolean().nullish();
const toolChoiceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('auto'), disable_parallel_tool_use: single }),
  z.object({ type: z.literal('any'), disable_parallel_tool_use: single }),
  z.object({ type: z.literal('tool'), name: text, disable_parallel_tool_use: single }),
  z.object({ type: z.literal('none') }),
]);

const display = z.enum(['summarized', 'omitted']).nullish();
const thinkingSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('enabled'), budget_tokens: z.int().min(1).max(10_000_000), display }),
  z.object({ type: z.literal('adaptive'), display }),
  z.object({ type: z.literal('between_tools'), display }),
  z.object({ type: z.literal('disabled') }),
]);

const formatSchema = z.object({ type: z.literal('json_schema'), schema: jsonObjectSchema });

const outputLimit = z
  .int({
    error: ({ input }) =>
      input === undefined ? 'required: how many tokens the answer may have at most' : undefined,
  })
  .min(1)
  .max(10_000_000);

export const messagesBodySchema = z.object({
  max_tokens: outputLimit,
  messages: z.array(messageSchema).min(1, 'at least one message is needed').max(4096),
  system: z.union([text, z.array(systemBlock)]).nullish(),
  tools: z.array(toolSchema).max(256).nullish(),
  tool_choice: toolChoiceSchema.nullish(),
  thinking: thinkingSchema.nullish(),
  output_config: z
    .object({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      format: formatSchema.nullish(),
    })
    .nullish(),
  /** The name of `output_config.format` until 2025. */
  output_format: formatSchema.nullish(),
  stop_sequences: z.array(text).max(64).nullish(),
  temperature: z.number().min(0).max(1).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.int().min(0).max(1_000_000).nullish(),
  inference_geo: z.string().max(64).nullish(),
  metadata: z.object({ user_id: z.string().max(1024).nullish() }).nullish(),
  stream: z.boolean().nullish(),
  /** OpenRouter: the answer's cost, in streams too. */
  usage: z.object({ include: z.boolean() }).nullish(),
});

/** The body of a request to count, which asks for no answer. */
export const countedBodySchema = messagesBodySchema.extend({ max_tokens: outputLimit.nullish() });
export type MessagesBody = z.infer<typeof countedBodySchema>;

/** Fields of the dialect that go to a provider that speaks it. */
export const DIALECT_FIELDS: ReadonlySet<string> = new Set([
  ...Object.keys(messagesBodySchema.shape).filter((field) => field !== 'usage'),
  'model',
  'cache_control',
  'container',
  'context_management',
  'diagnostics',
  'service_tier',
  'speed',
]);

/** Of these, those that no other dialect can say; marks for the prompt cache promise nothing. */
export const UNTRANSLATABLE_FIELDS: readonly string[] = [
  'container',
  'context_management',
  'service_tier',
  'speed',
];
