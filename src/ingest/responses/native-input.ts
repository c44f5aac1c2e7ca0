import { isJsonObject, type JsonValue } from '../../domain/json.ts';
import { type JsonText, patchJsonText, readJsonText } from '../../domain/json-text.ts';
import { isSealed } from '../carrier.ts';

/**
 * The body without reasoning that no provider of this dialect could take: what was sealed for others,
 * and what has neither words nor encrypted content, since that was left in a store. Mostly there is
 * none, and the body stays the text that it was.
 */
export function withoutForeignReasoning(body: JsonText): JsonText {
  const { input } = body.value;
  if (!Array.isArray(input)) return body;
  const kept = input.filter((item: JsonValue) => !isForeign(item));
  if (kept.length === input.length) return body;
  const patched = readJsonText(patchJsonText(body, () => true, { input: kept }));
  return 'members' in patched ? patched : body;
}

function isForeign(item: JsonValue): boolean {
  if (!isJsonObject(item) || item['type'] !== 'reasoning') return false;
  const { encrypted_content: encrypted, content } = item;
  if (typeof encrypted === 'string' && encrypted !== '') return isSealed(encrypted);
  return !Array.isArray(content) || content.length === 0;
}
