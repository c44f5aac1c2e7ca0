import { isJsonObject, type JsonValue } from '../../domain/json.ts';
import { type JsonText, patchJsonText, readJsonText } from '../../domain/json-text.ts';
import { isSealed } from '../carrier.ts';

/**
 * The body without thinking that this dialect's provider has not signed: what other models thought,
 * and what the router had carried. The provider would refuse it. Mostly there is none, and the body
 * stays the text that it was.
 */
export function withoutForeignThinking(body: JsonText): JsonText {
  const { messages } = body.value;
  if (!Array.isArray(messages)) return body;
  const cleaned = messages.flatMap(withoutForeign);
  const isSame = cleaned.length === messages.length && cleaned.every((m, at) => m === messages[at]);
  if (isSame) return body;
  const patched = readJsonText(patchJsonText(body, () => true, { messages: cleaned }));
  return 'members' in patched ? patched : body;
}

/** A message that held nothing else goes as a whole. */
function withoutForeign(message: JsonValue): JsonValue[] {
  if (!isJsonObject(message)) return [message];
  const { content } = message;
  if (!Array.isArray(content)) return [message];
  const kept = content.filter((block: JsonValue) => !isForeign(block));
  if (kept.length === content.length) return [message];
  return kept.length === 0 ? [] : [{ ...message, content: kept }];
}

function isForeign(block: JsonValue): boolean {
  if (!isJsonObject(block) || block['type'] !== 'thinking') return false;
  const { signature } = block;
  return typeof signature !== 'string' || signature === '' || isSealed(signature);
}
