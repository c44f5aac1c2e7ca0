import type { Warning } from '../../domain/dialect.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import { shortToolId } from '../tool-ids.ts';
import type { Quirks } from '../vendor.ts';
import { LOST_REASONING, losesReasoning, reasoningIn, withReasoning } from './reasoning.ts';

/**
 * The caller's own messages with only what the vendor does not take said differently; undefined
 * when they can stay as they came.
 */
export function patchMessages(
  messages: JsonValue | undefined,
  quirks: Quirks,
  warnings: Warning[],
): readonly JsonValue[] | undefined {
  if (!Array.isArray(messages)) return undefined;
  const patched = messages.map((message) => patchMessage(message, quirks, warnings));
  return patched.some((message, at) => message !== messages[at]) ? patched : undefined;
}

function patchMessage(message: JsonValue, quirks: Quirks, warnings: Warning[]): JsonValue {
  if (!isJsonObject(message)) return message;
  const steps = [withRole, withFileParts, withReturnedReasoning, withKnownFields, withShortIds];
  return steps.reduce((patched, step) => step(patched, quirks, warnings), message);
}

function withRole(message: JsonObject, { hasNoDeveloperRole }: Quirks): JsonObject {
  const isDeveloper = hasNoDeveloperRole === true && message['role'] === 'developer';
  return isDeveloper ? { ...message, role: 'system' } : message;
}

function withFileParts(message: JsonObject, { filePart }: Quirks): JsonObject {
  const { content } = message;
  if (filePart !== 'document_url' || !Array.isArray(content)) return message;
  if (!content.some((part: JsonValue) => isJsonObject(part) && part['type'] === 'file'))
    return message;
  return { ...message, content: content.map(toDocumentUrl) };
}

function toDocumentUrl(part: JsonValue): JsonValue {
  const file = isJsonObject(part) && part['type'] === 'file' ? part['file'] : undefined;
  const url = isJsonObject(file) ? file['file_data'] : undefined;
  return url === undefined ? part : { type: 'document_url', document_url: url };
}

const REASONING_FIELDS = new Set(['reasoning_content', 'reasoning', 'reasoning_details']);

/** Callers give reasoning back in the field in which they got it; vendors take it in their own. */
function withReturnedReasoning(
  message: JsonObject,
  quirks: Quirks,
  warnings: Warning[],
): JsonObject {
  const isStrict = quirks.reasoningReturn !== undefined || quirks.messageFields !== undefined;
  if (message['role'] !== 'assistant' || !isStrict) return message;
  const reasoning = reasoningIn(message);
  if (losesReasoning(reasoning, quirks)) warnings.push(LOST_REASONING);
  const others = keep(message, (name) => !REASONING_FIELDS.has(name));
  const patched = withReasoning(others, reasoning, quirks);
  return isSame(patched, message) ? message : patched;
}

const ALWAYS_TAKEN = ['role', 'content', 'tool_calls', 'tool_call_id'];

/** Fields that only an answer has, and empty ones, are refused by vendors that check strictly. */
function withKnownFields(
  message: JsonObject,
  { messageFields, reasoningReturn }: Quirks,
): JsonObject {
  if (messageFields === undefined) return message;
  const taken = new Set<string | undefined>([...ALWAYS_TAKEN, ...messageFields, reasoningReturn]);
  const kept = keep(
    message,
    (name, value) => taken.has(name) && (name === 'content' || !isEmpty(value)),
  );
  const { tool_calls: toolCalls } = kept;
  if (!Array.isArray(toolCalls) || !toolCalls.some(hasExtraContent)) return kept;
  return { ...kept, tool_calls: toolCalls.map(withoutExtraContent) };
}

function isEmpty(value: JsonValue): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function hasExtraContent(call: JsonValue): boolean {
  return isJsonObject(call) && call['extra_content'] !== undefined;
}

function withoutExtraContent(call: JsonValue): JsonValue {
  return isJsonObject(call) ? keep(call, (name) => name !== 'extra_content') : call;
}

/** The same object where nothing is left out. */
function keep(object: JsonObject, isKept: (name: string, value: JsonValue) => boolean): JsonObject {
  const entries = Object.entries(object);
  const kept = entries.filter(([name, value]) => isKept(name, value));
  return kept.length === entries.length ? object : Object.fromEntries(kept);
}

function isSame(one: JsonObject, other: JsonObject): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
  );
}

function withShortIds(message: JsonObject, { hasShortToolIds }: Quirks): JsonObject {
  if (hasShortToolIds !== true) return message;
  const { tool_call_id: resultOf, tool_calls: toolCalls } = message;
  const changes = {
    ...(typeof resultOf === 'string' ? { tool_call_id: shortToolId(resultOf) } : {}),
    ...(Array.isArray(toolCalls) ? { tool_calls: toolCalls.map(withShortId) } : {}),
  };
  return Object.keys(changes).length === 0 ? message : { ...message, ...changes };
}

function withShortId(toolCall: JsonValue): JsonValue {
  if (!isJsonObject(toolCall) || typeof toolCall['id'] !== 'string') return toolCall;
  return { ...toolCall, id: shortToolId(toolCall['id']) };
}
