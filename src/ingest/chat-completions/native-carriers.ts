import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import { type JsonText, patchJsonText, readJsonText } from '../../domain/json-text.ts';
import { isSealed } from '../carrier.ts';

/**
 * The body without what the router has sealed for other providers: no provider of this dialect can
 * read it. Mostly there is none, and the body stays the text that it was.
 */
export function withoutCarriers(body: JsonText): JsonText {
  const { messages } = body.value;
  if (!Array.isArray(messages)) return body;
  const cleaned = messages.map(withoutSealed);
  if (cleaned.every((message, at) => message === messages[at])) return body;
  const patched = readJsonText(patchJsonText(body, () => true, { messages: cleaned }));
  return 'members' in patched ? patched : body;
}

function withoutSealed(message: JsonValue): JsonValue {
  if (!isJsonObject(message)) return message;
  const { reasoning_details: details, tool_calls: calls } = message;
  const changes: Record<string, JsonValue> = {};
  if (Array.isArray(details) && details.some(isOurs)) {
    changes['reasoning_details'] = details.filter((detail: JsonValue) => !isOurs(detail));
  }
  if (Array.isArray(calls) && calls.some(isCarrying)) {
    changes['tool_calls'] = calls.map((call: JsonValue) =>
      isCarrying(call) ? withoutContent(call) : call,
    );
  }
  return Object.keys(changes).length === 0 ? message : { ...message, ...changes };
}

function isOurs(detail: JsonValue): boolean {
  if (!isJsonObject(detail)) return false;
  return [detail['signature'], detail['data']].some(
    (value) => typeof value === 'string' && isSealed(value),
  );
}

function isCarrying(call: JsonValue): call is JsonObject {
  if (!isJsonObject(call)) return false;
  const content = call['extra_content'];
  return isJsonObject(content) && content['pointsman'] !== undefined;
}

function withoutContent({ extra_content: _, ...call }: JsonObject): JsonObject {
  return call;
}
