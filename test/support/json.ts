import { type JsonText, readJsonText } from '../../src/domain/json-text.ts';

/** A request's body, as text or as what it says. */
export function jsonBody(body: string | object): JsonText {
  const json = readJsonText(typeof body === 'string' ? body : JSON.stringify(body));
  if ('message' in json) throw new Error(json.message);
  return json;
}
