import { isJsonObject, type JsonValue } from '../../domain/json.ts';

/** Values of a schema that are data, or lists of names. */
const NO_SCHEMAS = new Set(['enum', 'const', 'default', 'examples', 'required']);

/**
 * Whether every provider that can be strict about a schema takes this one as strict. Anthropic's is
 * about any schema; others refuse one whose objects are open, or have properties that need not be
 * there, and are better asked for it than refused.
 */
export function canBeStrict(schema: JsonValue): boolean {
  if (Array.isArray(schema)) return schema.every(canBeStrict);
  if (!isJsonObject(schema)) return true;
  const { properties, required, additionalProperties } = schema;
  const names = isJsonObject(properties) ? Object.keys(properties) : [];
  const isObject = schema['type'] === 'object' || names.length > 0;
  if (isObject && additionalProperties !== false) return false;
  const asked = Array.isArray(required) ? required : [];
  if (!names.every((name) => asked.includes(name))) return false;
  return Object.entries(schema).every(([keyword, value]) => {
    if (NO_SCHEMAS.has(keyword)) return true;
    return canBeStrict(keyword === 'properties' ? valuesOf(value) : value);
  });
}

/** The members of `properties` are named by the caller: a name is no keyword. */
function valuesOf(value: JsonValue): readonly JsonValue[] {
  return isJsonObject(value) ? Object.values(value) : [];
}
