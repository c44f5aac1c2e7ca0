import type {
  Conversation,
  Reasoning,
  ResponseFormat,
  Sampling,
  Tool,
  ToolChoice,
} from '../../domain/conversation.ts';
import type { NativeBody, Warning } from '../../domain/dialect.ts';
import { RouterError } from '../../domain/errors.ts';
import type { JsonText } from '../../domain/json-text.ts';
import type { DialectRequest } from '../dialect.ts';
import { ROUTING_FIELDS } from '../routing-fields.ts';
import { invalidRequest } from '../zod-fault.ts';
import {
  type ChatBody,
  chatBodySchema,
  DIALECT_FIELDS,
  FORMER_FIELDS,
  UNTRANSLATABLE_FIELDS,
} from './body.ts';
import { toMessages } from './messages.ts';
import { withoutCarriers } from './native-carriers.ts';

/** @throws RouterError `invalid_request` that names the field. */
export function readChatRequest(body: JsonText): DialectRequest {
  const former = Object.keys(FORMER_FIELDS).find((name) => body.members.has(name));
  if (former !== undefined) {
    const message = `${former} is no longer supported: use ${FORMER_FIELDS[former]}`;
    throw new RouterError('invalid_request', message, { field: former });
  }
  const parsed = chatBodySchema.safeParse(body.value);
  if (!parsed.success) throw invalidRequest(parsed.error, '');
  const chat = parsed.data;
  refuseTwoLimits(chat);
  return {
    conversation: toConversation(chat, body),
    wantsUsage: chat.stream_options?.include_usage === true || chat.usage?.include === true,
    wantsCost: chat.usage?.include === true,
    user: chat.user ?? undefined,
  };
}

function refuseTwoLimits({ max_tokens: old, max_completion_tokens: limit }: ChatBody): void {
  if (typeof old !== 'number' || typeof limit !== 'number' || old === limit) return;
  const message = `max_tokens ${old} and max_completion_tokens ${limit} contradict each other`;
  throw new RouterError('invalid_request', message, { field: 'max_tokens' });
}

function toConversation(chat: ChatBody, body: JsonText): Conversation {
  const { stop } = chat;
  return {
    messages: toMessages(chat.messages),
    tools: (chat.tools ?? []).map(toTool),
    toolChoice: toToolChoice(chat.tool_choice),
    parallelToolCalls: chat.parallel_tool_calls ?? undefined,
    responseFormat: toResponseFormat(chat.response_format),
    maxOutputTokens: chat.max_completion_tokens ?? chat.max_tokens ?? undefined,
    stop: typeof stop === 'string' ? [stop] : (stop ?? []),
    sampling: toSampling(chat),
    reasoning: toReasoning(chat),
    stream: chat.stream === true,
    native: toNative(body),
    warnings: unknownFields(body),
  };
}

type ToolBody = NonNullable<ChatBody['tools']>[number];

function toTool({ function: { name, description, parameters, strict } }: ToolBody): Tool {
  return {
    name,
    description,
    parameters: parameters ?? { type: 'object', properties: {} },
    ...(typeof strict === 'boolean' && { strict }),
  };
}

function toToolChoice(choice: ChatBody['tool_choice']): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  return typeof choice === 'string'
    ? { type: choice }
    : { type: 'tool', name: choice.function.name };
}

function toResponseFormat(format: ChatBody['response_format']): ResponseFormat | undefined {
  if (format === undefined || format === null) return undefined;
  if (format.type !== 'json_schema')
    return { type: format.type === 'text' ? 'text' : 'json-object' };
  const { name, description, schema, strict } = format.json_schema;
  return {
    type: 'json-schema',
    name,
    ...(description !== undefined && { description }),
    schema: schema ?? { type: 'object' },
    strict: strict === true,
  };
}

function toSampling(chat: ChatBody): Sampling {
  const fields = {
    temperature: chat.temperature,
    topP: chat.top_p,
    topK: chat.top_k,
    frequencyPenalty: chat.frequency_penalty,
    presencePenalty: chat.presence_penalty,
    seed: chat.seed,
    logitBias: chat.logit_bias,
    logprobs: chat.logprobs,
    topLogprobs: chat.top_logprobs,
    choices: chat.n,
    verbosity: chat.verbosity,
  };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given) as Sampling; // the same fields without the empty ones
}

/** OpenAI's level, or OpenRouter's object; that one also says whether the reasoning is to be shown. */
function toReasoning(chat: ChatBody): Reasoning | undefined {
  const { reasoning, reasoning_effort: level } = chat;
  const effort = level ?? reasoning?.effort ?? (reasoning?.enabled === true ? 'medium' : undefined);
  if (effort === undefined && reasoning?.max_tokens === undefined) return undefined;
  return {
    ...(effort !== undefined && { effort }),
    ...(reasoning?.max_tokens !== undefined && { budgetTokens: reasoning.max_tokens }),
    visible: reasoning !== undefined && reasoning !== null && reasoning.exclude !== true,
  };
}

function toNative(body: JsonText): NativeBody {
  return {
    dialect: 'openai-chat',
    body: withoutCarriers(body),
    fields: DIALECT_FIELDS,
    untranslatable: UNTRANSLATABLE_FIELDS.filter((name) => body.members.has(name)),
  };
}

const ROUTER_FIELDS = new Set([...ROUTING_FIELDS, 'metadata', 'usage', 'reasoning', 'top_k']);

/** Vendors have fields of their own; which of them a model takes is known only when it is chosen. */
function unknownFields(body: JsonText): Warning[] {
  return [...body.members.keys()]
    .filter((name) => !DIALECT_FIELDS.has(name) && !ROUTER_FIELDS.has(name))
    .map((name) => ({
      type: 'unknown-field',
      field: name,
      message: `${name} goes only to providers that know it`,
    }));
}
