import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import { shortToolId } from '../tool-ids.ts';
import type { Quirks } from '../vendor.ts';

/**
 * The caller's own messages with only what the vendor does not take said differently; undefined
 * when they can stay as they came.
 */
export function patchMessages(
  messages: JsonValue | undefined,
  quirks: Quirks,
): readonly JsonValue[] | undefined {
  if (!Array.isArray(messages)) return undefined;
  const patched = messages.map((message) => patchMessage(message, quirks));
  return patched.some((message, at) => message !== messages[at]) ? patched : undefined;
}

function patchMessage(message: JsonValue, quirks: Quirks): JsonValue {
  if (!isJsonObject(message)) return message;
  const changes: Record<string, JsonValue> = {};
  if (quirks.hasNoDeveloperRole === true && message['role'] === 'developer') {
    changes['role'] = 'system';
  }
  if (quirks.hasShortToolIds === true) Object.assign(changes, shortIds(message));
  return Object.keys(changes).length === 0 ? message : { ...message, ...changes };
}

function shortIds(message: JsonObject): JsonObject {
  const { tool_call_id: resultOf, tool_calls: toolCalls } = message;
  return {
    ...(typeof resultOf === 'string' ? { tool_call_id: shortToolId(resultOf) } : {}),
    ...(Array.isArray(toolCalls) ? { tool_calls: toolCalls.map(withShortId) } : {}),
  };
}

function withShortId(toolCall: JsonValue): JsonValue {
  if (!isJsonObject(toolCall) || typeof toolCall['id'] !== 'string') return toolCall;
  return { ...toolCall, id: shortToolId(toolCall['id']) };
}
