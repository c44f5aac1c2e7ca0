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
import type { JsonObject } from '../../domain/json.ts';
import type { JsonText } from '../../domain/json-text.ts';
import type { DialectRequest } from '../dialect.ts';
import { ROUTING_FIELDS } from '../routing-fields.ts';
import { invalidRequest } from '../zod-fault.ts';
import { readBetas } from './betas.ts';
import {
  countedBodySchema,
  DIALECT_FIELDS,
  type MessagesBody,
  messagesBodySchema,
  type ToolBody,
  UNTRANSLATABLE_FIELDS,
} from './body.ts';
import { type Findings, ownExtras } from './content-blocks.ts';
import { toMessages } from './messages.ts';
import { withoutForeignThinking } from './native-thinking.ts';
import { canBeStrict } from './strictness.ts';

/** @throws RouterError `invalid_request` that names the field. */
export function readMessagesRequest(body: JsonText, headers: Headers): DialectRequest {
  return readBody(body, headers, messagesBodySchema);
}

/** The same for a body that is only counted: it needs no limit for its answer. */
export function readCountedRequest(body: JsonText, headers: Headers): DialectRequest {
  return readBody(body, headers, countedBodySchema);
}

function readBody(
  body: JsonText,
  headers: Headers,
  schema: typeof messagesBodySchema | typeof countedBodySchema,
): DialectRequest {
  refuseServers(body);
  const parsed = schema.safeParse(body.value);
  if (!parsed.success) throw invalidRequest(parsed.error, '');
  const request = parsed.data;
  return {
    conversation: toConversation(request, body, headers),
    wantsUsage: true,
    wantsCost: request.usage?.include === true,
    user: request.metadata?.user_id ?? undefined,
  };
}

/** A provider is not sent to addresses that a caller names (fault catalogue A20). */
function refuseServers(body: JsonText): void {
  if (!body.members.has('mcp_servers')) return;
  const message = 'mcp_servers is not taken: offer the tools of a server as tools of your own';
  throw new RouterError('invalid_request', message, { field: 'mcp_servers' });
}

function toConversation(request: MessagesBody, body: JsonText, headers: Headers): Conversation {
  const findings: Findings = { untranslatable: new Set(), indispensable: new Set() };
  const { betas, warnings } = readBetas(headers);
  const messages = toMessages(request, findings);
  const tools = toTools(request.tools ?? [], findings);
  if (request.inference_geo) findings.indispensable.add('inference_geo');
  return {
    messages,
    tools,
    toolChoice: toToolChoice(request.tool_choice),
    parallelToolCalls: allowsOneCall(request.tool_choice) ? false : undefined,
    responseFormat: toResponseFormat(request, findings),
    maxOutputTokens: request.max_tokens ?? undefined,
    stop: request.stop_sequences ?? [],
    sampling: toSampling(request),
    reasoning: toReasoning(request),
    stream: request.stream === true,
    isPrefilled: isPrefilled(request),
    native: toNative(body, betas, findings),
    warnings: [...warnings, ...unknownFields(body)],
  };
}

/** Tools without a schema are Anthropic's own; who offers them needs Anthropic's models. */
function toTools(bodies: readonly ToolBody[], findings: Findings): Tool[] {
  return bodies.flatMap((body) => {
    const { type, name, description, input_schema: parameters, strict: asked, ...own } = body;
    if (name === undefined || parameters === undefined) {
      findings.indispensable.add(type ?? name ?? 'tools');
      return [];
    }
    const strict = asked === true ? isStrict(parameters, 'tools', findings) : asked;
    return [
      {
        name,
        description: description ?? undefined,
        parameters,
        ...(typeof strict === 'boolean' && { strict }),
        ...ownExtras(own),
      },
    ];
  });
}

function toToolChoice(choice: MessagesBody['tool_choice']): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice.type === 'tool') return { type: 'tool', name: choice.name };
  return { type: choice.type === 'any' ? 'required' : choice.type };
}

function allowsOneCall(choice: MessagesBody['tool_choice']): boolean {
  return choice?.type !== 'none' && choice?.disable_parallel_tool_use === true;
}

/** The dialect's schemas are always kept to, and have no names. */
function toResponseFormat(request: MessagesBody, findings: Findings): ResponseFormat | undefined {
  const format = request.output_config?.format ?? request.output_format;
  if (format === undefined || format === null) return undefined;
  const { schema } = format;
  const strict = isStrict(schema, 'output_config.format', findings);
  return { type: 'json-schema', name: 'answer', schema, strict };
}

function isStrict(schema: JsonObject, field: string, { untranslatable }: Findings): boolean {
  const strict = canBeStrict(schema);
  if (!strict) untranslatable.add(`the strictness of ${field}`);
  return strict;
}

function toSampling({ temperature, top_p: topP, top_k: topK }: MessagesBody): Sampling {
  return {
    ...(typeof temperature === 'number' && { temperature }),
    ...(typeof topP === 'number' && { topP }),
    ...(typeof topK === 'number' && { topK }),
  };
}

/** Effort that models have by default when they think as they see fit. */
const USUAL_EFFORT = 'high';

/** `visible` is set where thinking was asked for; an effort alone asks for none. */
function toReasoning({ thinking, output_config: config }: MessagesBody): Reasoning | undefined {
  const effort = config?.effort ?? undefined;
  if (thinking === undefined || thinking === null) return effort && { effort };
  if (thinking.type === 'disabled') return { effort: 'none' };
  const visible = thinking.display !== 'omitted';
  if (thinking.type !== 'enabled') return { effort: effort ?? USUAL_EFFORT, visible };
  return { ...(effort && { effort }), budgetTokens: thinking.budget_tokens, visible };
}

/** Text at the end is an answer begun; server tools at the end are one to be taken up again. */
function isPrefilled({ messages }: MessagesBody): boolean {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return false;
  return typeof last.content === 'string' || last.content.at(-1)?.type === 'text';
}

function toNative(body: JsonText, betas: readonly string[], findings: Findings): NativeBody {
  const fields = UNTRANSLATABLE_FIELDS.filter((name) => body.members.has(name));
  return {
    dialect: 'anthropic-messages',
    body: withoutForeignThinking(body),
    fields: DIALECT_FIELDS,
    untranslatable: [...fields, ...findings.untranslatable],
    isOnlyForm: findings.indispensable.size > 0,
    betas,
  };
}

/** Ours to read, or ours to set for each host. */
const ROUTER_FIELDS = new Set([...ROUTING_FIELDS, 'usage', 'anthropic_version']);

function unknownFields(body: JsonText): Warning[] {
  return [...body.members.keys()]
    .filter((name) => !DIALECT_FIELDS.has(name) && !ROUTER_FIELDS.has(name))
    .map((field) => ({
      type: 'unknown-field',
      field,
      message: `${field} is not known and was left out`,
    }));
}
