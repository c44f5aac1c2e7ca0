import type { AssistantPart, Conversation, Tool, ToolChoice } from '../../domain/conversation.ts';
import type { NativeBody, Warning } from '../../domain/dialect.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import { patchJsonText } from '../../domain/json-text.ts';
import type { Parameter } from '../../domain/model.ts';
import type { ModelCall, WireRequest } from '../../domain/ports.ts';
import { awsSignature } from '../aws-key.ts';
import { callHeaders } from '../call-headers.ts';
import { callUrl } from '../call-url.ts';
import { toOutputSchema } from '../claude-output-schema.ts';
import { lacksSignature, toThinking, UNSIGNED_TURN } from '../claude-thinking.ts';
import { ownExtras } from '../own-extras.ts';
import { quirksOf } from '../resolve-provider.ts';
import type { Quirks } from '../vendor.ts';
import { toWireMessages } from './messages.ts';

const API_VERSION = '2023-06-01';

/** The conversation as a Messages request. */
export function toWireRequest(call: ModelCall): WireRequest {
  const quirks = quirksOf(call.model.provider);
  const warnings: Warning[] = [];
  const headers = callHeaders(call, 'x-api-key');
  return {
    url: callUrl(call, { path: '/v1/messages' }),
    headers: { ...headers, 'anthropic-version': API_VERSION, ...betaHeader(call) },
    body: nativeBody(call, quirks, warnings) ?? builtBody(call, quirks, warnings),
    warnings,
    ...awsSignature(call),
  };
}

/** Previews that the caller asked for, as far as its own dialect's door lets them through. */
function betaHeader({ conversation: { native } }: ModelCall): Record<string, string> {
  if (native?.dialect !== 'anthropic-messages') return {};
  const { betas = [] } = native;
  return betas.length === 0 ? {} : { 'anthropic-beta': betas.join(',') };
}

/** The caller's fields that stand for a parameter, taken out when the model does not honor it. */
const PARAMETER_FIELDS: Readonly<Partial<Record<Parameter, string>>> = {
  temperature: 'temperature',
  'top-p': 'top_p',
  'top-k': 'top_k',
  stop: 'stop_sequences',
};

/** Ours to set for every host, never taken over from the caller's body. */
const OWN_FIELDS = ['model', 'stream', 'max_tokens', 'anthropic_version'];

/** The caller's own text with only the changed members set anew; undefined for other dialects. */
function nativeBody(call: ModelCall, quirks: Quirks, warnings: Warning[]): string | undefined {
  const { native } = call.conversation;
  if (native?.dialect !== 'anthropic-messages') return undefined;
  const unsigned = unsignedFields(call.conversation, native);
  for (const field of unsigned) warn(warnings, field, UNSIGNED_TURN);
  const unhonored = [...call.unhonored].map((parameter) => PARAMETER_FIELDS[parameter]);
  const left = new Set<string | undefined>([
    ...OWN_FIELDS,
    ...unhonored,
    ...unsigned,
    ...(quirks.refusedFields ?? []),
  ]);
  const keeps = (name: string) => native.fields.has(name) && !left.has(name);
  return patchJsonText(native.body, keeps, settings(call, quirks));
}

/** A turn that another model began cannot be gone on with in the budgeted way of thinking. */
function unsignedFields({ messages }: Conversation, { body }: NativeBody): readonly string[] {
  const { thinking } = body.value;
  if (!isJsonObject(thinking) || thinking['type'] !== 'enabled') return [];
  if (!lacksSignature(messages)) return [];
  // Its clearing of old thinking is refused where there is no thinking.
  return ['thinking', 'context_management'].filter((name) => body.members.has(name));
}

function settings(call: ModelCall, quirks: Quirks): Record<string, JsonValue> {
  const { conversation, maxOutputTokens, outputRoomTokens } = call;
  const names = quirks.hasModelInPath === true ? {} : { model: call.model.upstreamModel };
  return {
    ...quirks.bodyFields,
    ...names,
    max_tokens: maxOutputTokens ?? outputRoomTokens,
    ...(conversation.stream && quirks.hasStreamInPath !== true ? { stream: true } : {}),
  };
}

function builtBody(call: ModelCall, quirks: Quirks, warnings: Warning[]): string {
  const { conversation } = call;
  const base = settings(call, quirks);
  const { system, messages } = toWireMessages(conversation, warnings);
  const thinking = toThinking(call, Number(base['max_tokens']), warnings);
  const format = formatOf(conversation, warnings);
  const outputConfig = { ...format, ...thinking.outputConfig };
  return JSON.stringify({
    ...base,
    system,
    messages,
    ...toolFields(conversation, warnings),
    ...samplingFields(call, thinking.fields !== undefined, warnings),
    ...stopFields(call, warnings),
    ...thinking.fields,
    ...(Object.keys(outputConfig).length > 0 ? { output_config: outputConfig } : {}),
  });
}

function formatOf({ responseFormat }: Conversation, warnings: Warning[]): JsonObject {
  if (responseFormat?.type !== 'json-schema') return {};
  const schema = toOutputSchema(responseFormat.schema, warnings);
  return { format: { type: 'json_schema', schema } };
}

function toolFields(conversation: Conversation, warnings: Warning[]): JsonObject {
  const { tools, toolChoice, parallelToolCalls } = conversation;
  if (tools.length === 0) return usedToolFields(conversation);
  if (tools.some(({ strict }) => strict === true)) warnings.push(NOT_STRICT);
  const isSingle = parallelToolCalls === false && toolChoice?.type !== 'none';
  const choice = toWireChoice(toolChoice ?? (isSingle ? { type: 'auto' } : undefined));
  const single = isSingle ? { disable_parallel_tool_use: true } : {};
  return {
    tools: tools.map(toWireTool),
    ...(choice === undefined ? {} : { tool_choice: { ...choice, ...single } }),
  };
}

const NOT_STRICT: Warning = {
  type: 'changed',
  field: 'tools',
  message: 'strict tools were sent as ordinary ones: arguments are not forced into their schema',
};

function toWireTool(tool: Tool): JsonObject {
  const { name, description, parameters } = tool;
  return {
    name,
    ...(description === undefined ? {} : { description }),
    input_schema: { type: 'object', ...parameters },
    ...ownExtras('anthropic', tool),
  };
}

/** Earlier tool calls need their tools offered, even when none may be called any more. */
function usedToolFields({ messages }: Conversation): JsonObject {
  const names = messages.flatMap((message) =>
    message.role === 'assistant' ? message.content.flatMap(calledName) : [],
  );
  if (names.length === 0) return {};
  const tools = [...new Set(names)].map((name) => ({ name, input_schema: { type: 'object' } }));
  return { tools, tool_choice: { type: 'none' } };
}

function calledName(part: AssistantPart): string[] {
  return part.type === 'tool-call' ? [part.name] : [];
}

function toWireChoice(choice: ToolChoice | undefined): JsonObject | undefined {
  if (choice === undefined) return undefined;
  if (choice.type === 'tool') return { type: 'tool', name: choice.name };
  return { type: choice.type === 'required' ? 'any' : choice.type };
}

/** One of temperature and top_p, up to 1; none of them beside thinking. */
function samplingFields(call: ModelCall, isThinking: boolean, warnings: Warning[]): JsonObject {
  const { temperature, topP, topK } = call.conversation.sampling;
  const honors = (parameter: Parameter) => !call.unhonored.has(parameter);
  const fields: Record<string, JsonValue> = {};
  if (temperature !== undefined && honors('temperature')) {
    fields['temperature'] = Math.min(temperature, 1);
    if (temperature > 1) warn(warnings, 'temperature', `${temperature} was sent as 1, the highest`);
  }
  if (topP !== undefined && honors('top-p')) {
    if (fields['temperature'] === undefined) fields['top_p'] = topP;
    else if (topP !== 1) warn(warnings, 'top_p', 'left out: it cannot stand beside temperature');
  }
  if (topK !== undefined && honors('top-k')) fields['top_k'] = topK;
  const names = Object.keys(fields);
  if (!isThinking || names.length === 0) return fields;
  for (const name of names) warn(warnings, name, 'left out: the model reasons first');
  return {};
}

function stopFields(call: ModelCall, warnings: Warning[]): JsonObject {
  const { stop } = call.conversation;
  if (call.unhonored.has('stop')) return {};
  const taken = stop.filter((sequence) => sequence.trim() !== '');
  if (taken.length < stop.length) warn(warnings, 'stop', 'blank sequences were left out');
  return taken.length === 0 ? {} : { stop_sequences: taken };
}

function warn(warnings: Warning[], field: string, message: string): void {
  warnings.push({ type: 'changed', field, message });
}
