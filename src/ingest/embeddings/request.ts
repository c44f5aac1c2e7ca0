import type { Conversation, EmbeddingTask } from '../../domain/conversation.ts';
import type { Warning } from '../../domain/dialect.ts';
import type { JsonText } from '../../domain/json-text.ts';
import type { DialectRequest } from '../dialect.ts';
import { ROUTING_FIELDS } from '../routing-fields.ts';
import { invalidRequest } from '../zod-fault.ts';
import {
  DIALECT_FIELDS,
  type EmbeddingsBody,
  embeddingsBodySchema,
  type InputBody,
} from './body.ts';

/** @throws RouterError `invalid_request` that names the field. */
export function readEmbeddingsRequest(body: JsonText): DialectRequest {
  const parsed = embeddingsBodySchema.safeParse(body.value);
  if (!parsed.success) throw invalidRequest(parsed.error, '');
  const request = parsed.data;
  return {
    conversation: { ...NO_CONVERSATION, ...toEmbedding(request, body) },
    wantsUsage: true,
    wantsCost: false,
    user: request.user ?? undefined,
  };
}

/** Nothing is to be answered. */
const NO_CONVERSATION = {
  messages: [],
  tools: [],
  toolChoice: undefined,
  parallelToolCalls: undefined,
  responseFormat: undefined,
  maxOutputTokens: undefined,
  stop: [],
  sampling: {},
  reasoning: undefined,
  stream: false,
} satisfies Omit<Conversation, 'native' | 'warnings'>;

function toEmbedding(
  request: EmbeddingsBody,
  body: JsonText,
): Pick<Conversation, 'embedding' | 'native' | 'warnings'> {
  return {
    embedding: {
      inputs: toInputs(request.input),
      dimensions: request.dimensions ?? undefined,
      encodingFormat: request.encoding_format ?? 'float',
    },
    native: { dialect: 'openai-embeddings', body, fields: DIALECT_FIELDS, untranslatable: [] },
    warnings: unknownFields(body),
  };
}

/** One text, several, the tokens of one, or those of several. */
function toInputs(input: InputBody): EmbeddingTask['inputs'] {
  if (typeof input === 'string') return [input];
  const tokens = input.filter((item) => typeof item === 'number');
  if (tokens.length > 0) return [tokens];
  return input.filter((item) => typeof item !== 'number');
}

function unknownFields(body: JsonText): Warning[] {
  return [...body.members.keys()]
    .filter((name) => !DIALECT_FIELDS.has(name) && !ROUTING_FIELDS.includes(name))
    .map((field) => ({
      type: 'unknown-field',
      field,
      message: `${field} goes only to providers that know it`,
    }));
}
