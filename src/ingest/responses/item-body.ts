import * as z from 'zod';
import { isJsonObject } from '../../domain/json.ts';

/*
 * The items of a Responses request, as OpenAI's API reference and client have them (November 2026).
 * What is not read here goes to the provider of the dialect as it came.
 */

const text = z.string();
const id = z.string().min(1).max(256);

const inputText = z.object({ type: z.literal('input_text'), text });

const inputImage = z.object({
  type: z.literal('input_image'),
  image_url: text.nullish(),
  file_id: text.nullish(),
  detail: z.enum(['auto', 'low', 'high', 'original']).nullish(),
});

const inputFile = z.object({
  type: z.literal('input_file'),
  file_data: text.nullish(),
  file_url: text.nullish(),
  file_id: text.nullish(),
  filename: z.string().max(256).nullish(),
});

const inputPart = z.discriminatedUnion('type', [inputText, inputImage, inputFile]);
export type InputPartBody = z.infer<typeof inputPart>;

const outputPart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('output_text'), text }),
  z.object({ type: z.literal('refusal'), refusal: text }),
]);
export type OutputPartBody = z.infer<typeof outputPart>;

const type = z.literal('message');
const instructions = z.union([text, z.array(inputText).min(1)]);

const messageItem = z.discriminatedUnion('role', [
  z.object({ type, role: z.literal('system'), content: instructions }),
  z.object({ type, role: z.literal('developer'), content: instructions }),
  z.object({
    type,
    role: z.literal('user'),
    content: z.union([text, z.array(inputPart).min(1)]),
  }),
  z.object({
    type,
    role: z.literal('assistant'),
    content: z.union([text, z.array(outputPart)]),
  }),
]);
export type MessageItem = z.infer<typeof messageItem>;

const functionCall = z.object({
  type: z.literal('function_call'),
  call_id: id,
  name: z.string().min(1).max(256),
  arguments: text,
});
export type FunctionCallItem = z.infer<typeof functionCall>;

const functionCallOutput = z.object({
  type: z.literal('function_call_output'),
  call_id: id,
  output: z.union([text, z.array(inputPart)]),
});
export type FunctionCallOutputItem = z.infer<typeof functionCallOutput>;

const words = z.array(z.object({ text }));

const reasoning = z.object({
  type: z.literal('reasoning'),
  id: text.nullish(),
  summary: words.nullish(),
  content: words.nullish(),
  encrypted_content: text.nullish(),
});
export type ReasoningItem = z.infer<typeof reasoning>;

const itemReference = z.object({ type: z.literal('item_reference') });

const KNOWN_TYPES = [
  'message',
  'function_call',
  'function_call_output',
  'reasoning',
  'item_reference',
];

/** Aborts, so that of a union the branch of the known type is the one that tells what is wrong. */
export const LACKING = { abort: true, error: 'it lacks what its type needs' };

/** Hosted tools' own items, and those that came after this was written: only their names are read. */
const otherItem = z
  .object({
    type: z.string().refine((name) => !KNOWN_TYPES.includes(name), LACKING),
  })
  .transform(({ type: name }) => ({ type: 'other' as const, name }));

/** The type may be left out of messages, and of references to what a server has stored. */
function withType(item: unknown): unknown {
  if (!isJsonObject(item) || (item['type'] !== undefined && item['type'] !== null)) return item;
  return { ...item, type: 'role' in item ? 'message' : 'item_reference' };
}

export const itemSchema = z.preprocess(
  withType,
  z.union([
    z.discriminatedUnion('type', [
      messageItem,
      functionCall,
      functionCallOutput,
      reasoning,
      itemReference,
    ]),
    otherItem,
  ]),
);
export type Item = z.infer<typeof itemSchema>;
