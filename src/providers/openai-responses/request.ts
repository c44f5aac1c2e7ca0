import type { Conversation, Tool, ToolChoice } from '../../domain/conversation.ts';
import type { Warning } from '../../domain/dialect.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { type JsonText, patchJsonText } from '../../domain/json-text.ts';
import type { Parameter } from '../../domain/model.ts';
import type { ModelCall, WireRequest } from '../../domain/ports.ts';
import { awsSignature } from '../aws-key.ts';
import { callHeaders } from '../call-headers.ts';
import { callUrl } from '../call-url.ts';
import { quirksOf } from '../resolve-provider.ts';
import type { Quirks } from '../vendor.ts';
import { toWireInput } from './input.ts';

/** The conversation as a Responses request that the provider keeps nothing of. */
export function toWireRequest(call: ModelCall): WireRequest {
  const quirks = quirksOf(call.model.provider);
  const warnings: Warning[] = [];
  return {
    url: callUrl(call, { path: '/responses' }),
    headers: callHeaders(call, 'bearer'),
    body: nativeBody(call, quirks, warnings) ?? builtBody(call, quirks, warnings),
    warnings,
    ...awsSignature(call),
  };
}

/** The caller's fields that stand for a parameter, taken out when the model does not honor it. */
const PARAMETER_FIELDS: Readonly<Partial<Record<Parameter, string>>> = {
  temperature: 'temperature',
  'top-p': 'top_p',
  logprobs: 'top_logprobs',
  'single-tool-call': 'parallel_tool_calls',
};

/** Ours to set for every vendor, or words of a conversation that the provider would keep. */
const OWN_FIELDS = [
  'model',
  'stream',
  'store',
  'max_output_tokens',
  'background',
  'conversation',
  'previous_response_id',
];

/** The caller's own text with only the changed members set anew; undefined for other dialects. */
function nativeBody(call: ModelCall, quirks: Quirks, warnings: Warning[]): string | undefined {
  const { native } = call.conversation;
  if (native?.dialect !== 'openai-responses') return undefined;
  const left = new Set([...OWN_FIELDS, ...refusedFields(call, quirks)]);
  const kept = new Set([...native.fields, ...(quirks.ownFields ?? [])]);
  const keeps = (name: string) => kept.has(name) && !left.has(name);
  const changes = { ...settings(call, warnings), ...includeFields(call, native.body, quirks) };
  return patchJsonText(native.body, keeps, changes);
}

const ENCRYPTED_REASONING = 'reasoning.encrypted_content';

/**
 * Reasoning that is kept nowhere must come back after a tool call, whether or not the caller asked for a
 * form that can; a model that does not reason refuses the wish.
 */
function includeFields({ conversation, model }: ModelCall, body: JsonText, quirks: Quirks) {
  const given = body.value['include'];
  const asked: readonly JsonValue[] = Array.isArray(given) ? given : [];
  const isAsked = asked.includes(ENCRYPTED_REASONING);
  const isNeeded = model.capability.reasoning && (isAsked || conversation.tools.length > 0);
  if (isAsked === isNeeded || quirks.refusedFields?.includes('include') === true) return {};
  const others = asked.filter((name) => name !== ENCRYPTED_REASONING);
  return { include: isNeeded ? [...others, ENCRYPTED_REASONING] : others };
}

function builtBody(call: ModelCall, quirks: Quirks, warnings: Warning[]): string {
  const { conversation } = call;
  const fields: Record<string, JsonValue> = {
    ...settings(call, warnings),
    input: toWireInput(conversation, warnings),
    ...toolFields(conversation),
    ...textFields(conversation),
    ...reasoningFields(call, warnings),
    ...samplingFields(conversation),
  };
  for (const name of refusedFields(call, quirks)) delete fields[name];
  return JSON.stringify(fields);
}

function refusedFields(call: ModelCall, quirks: Quirks): readonly string[] {
  const thinking = call.model.capability.reasoning ? [] : ['reasoning'];
  const unhonored = [...call.unhonored].flatMap((parameter) => PARAMETER_FIELDS[parameter] ?? []);
  return [...thinking, ...unhonored, ...(quirks.refusedFields ?? [])];
}

/** A smaller limit is refused (OpenAI's API reference). */
const LEAST_OUTPUT_TOKENS = 16;

function settings(call: ModelCall, warnings: Warning[]): JsonObject {
  const { conversation, maxOutputTokens } = call;
  const isTooSmall = maxOutputTokens !== undefined && maxOutputTokens < LEAST_OUTPUT_TOKENS;
  if (isTooSmall) {
    const message = `${maxOutputTokens} was sent as ${LEAST_OUTPUT_TOKENS}, the least`;
    warnings.push({ type: 'changed', field: 'max_output_tokens', message });
  }
  return {
    model: call.model.upstreamModel,
    store: false,
    ...(conversation.stream ? { stream: true } : {}),
    ...(maxOutputTokens === undefined
      ? {}
      : { max_output_tokens: Math.max(maxOutputTokens, LEAST_OUTPUT_TOKENS) }),
  };
}

function toolFields({ tools, toolChoice, parallelToolCalls }: Conversation): JsonObject {
  if (tools.length === 0) return {};
  return {
    tools: tools.map(toWireTool),
    ...(toolChoice && { tool_choice: toWireChoice(toolChoice) }),
    ...(parallelToolCalls === undefined ? {} : { parallel_tool_calls: parallelToolCalls }),
  };
}

/** Unlike Chat Completions, a tool that does not say otherwise would be taken as strict. */
function toWireTool({ name, description, parameters, strict }: Tool): JsonObject {
  return {
    type: 'function',
    name,
    ...(description === undefined ? {} : { description }),
    parameters,
    strict: strict ?? false,
  };
}

function toWireChoice(choice: ToolChoice): JsonValue {
  return choice.type === 'tool' ? { type: 'function', name: choice.name } : choice.type;
}

function textFields({ responseFormat, sampling }: Conversation): JsonObject {
  const { verbosity } = sampling;
  const text = { ...formatOf(responseFormat), ...(verbosity && { verbosity }) };
  return Object.keys(text).length === 0 ? {} : { text };
}

function formatOf(format: Conversation['responseFormat']): JsonObject {
  if (format?.type === 'json-object') return { format: { type: 'json_object' } };
  if (format?.type !== 'json-schema') return {};
  const { name, schema, strict, description } = format;
  const described = description === undefined ? {} : { description };
  return { format: { type: 'json_schema', name, ...described, schema, strict } };
}

/** From a budget in tokens to the dialect's levels, where a caller's dialect has only a budget. */
const EFFORT_LEVELS = [
  { atMostTokens: 0, effort: 'none' },
  { atMostTokens: 2048, effort: 'low' },
  { atMostTokens: 8192, effort: 'medium' },
] as const;

/** What is kept nowhere must come back with the next turn, so that it is asked for in a form that can. */
function reasoningFields({ conversation, model }: ModelCall, warnings: Warning[]): JsonObject {
  if (!model.capability.reasoning) return {};
  const { reasoning } = conversation;
  const effort = effortOf(reasoning, warnings);
  const fields = {
    ...(effort === undefined ? {} : { effort }),
    ...(reasoning?.visible === true ? { summary: 'auto' } : {}),
  };
  return {
    include: [ENCRYPTED_REASONING],
    ...(Object.keys(fields).length === 0 ? {} : { reasoning: fields }),
  };
}

function effortOf(reasoning: Conversation['reasoning'], warnings: Warning[]): string | undefined {
  const { effort, budgetTokens } = reasoning ?? {};
  if (effort !== undefined || budgetTokens === undefined) return effort;
  const level = EFFORT_LEVELS.find(({ atMostTokens }) => budgetTokens <= atMostTokens);
  const sent = level?.effort ?? 'high';
  const message = `a budget of ${budgetTokens} tokens was sent as effort "${sent}"`;
  warnings.push({ type: 'changed', field: 'reasoning', message });
  return sent;
}

function samplingFields({ sampling }: Conversation): JsonObject {
  const { temperature, topP } = sampling;
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
  };
}
