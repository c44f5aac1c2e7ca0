import type { Warning } from '../domain/dialect.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../domain/json.ts';

/** Keywords that structured outputs refuse, by the API's documentation and recorded errors. */
const REFUSED = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'patternProperties',
]);
/** Keywords whose members are names with schemas, not keywords. */
const NAMED_SCHEMAS = new Set(['properties', '$defs', 'definitions']);
/** Values that are data, not schemas. */
const DATA = new Set(['enum', 'const', 'default', 'examples', 'required']);

/**
 * A JSON schema as structured outputs take it: closed objects, and no limits on numbers, lengths or
 * counts. What was taken out is named in one warning.
 */
export function toOutputSchema(schema: JsonObject, warnings: Warning[]): JsonObject {
  const removed = new Set<string>();
  const result = cleanObject(schema, removed);
  if (removed.size > 0) {
    const message = `left out of the schema, which the model does not take: ${[...removed].join(', ')}`;
    warnings.push({ type: 'changed', field: 'response_format', message });
  }
  return result;
}

function cleanObject(schema: JsonObject, removed: Set<string>): JsonObject {
  const result: Record<string, JsonValue> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (isRefused(keyword, value)) removed.add(keyword);
    else if (DATA.has(keyword)) result[keyword] = value;
    else if (NAMED_SCHEMAS.has(keyword)) result[keyword] = cleanNamed(value, removed);
    else result[keyword] = clean(value, removed);
  }
  if (schema['type'] === 'object') result['additionalProperties'] = false;
  return result;
}

function isRefused(keyword: string, value: JsonValue): boolean {
  return REFUSED.has(keyword) || (keyword === 'minItems' && value !== 0 && value !== 1);
}

function clean(value: JsonValue, removed: Set<string>): JsonValue {
  if (isJsonObject(value)) return cleanObject(value, removed);
  return Array.isArray(value) ? value.map((item: JsonValue) => clean(item, removed)) : value;
}

function cleanNamed(value: JsonValue, removed: Set<string>): JsonValue {
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([name, schema]) => [name, clean(schema, removed)]);
  return Object.fromEntries(entries) as JsonObject; // built from its own entries
}
