import type { ResponseFormat } from '../domain/conversation.ts';
import type { Warning } from '../domain/dialect.ts';
import type { AttemptFailure } from '../domain/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../domain/json.ts';
import type { ModelResponse } from '../domain/response.ts';

/**
 * What is surely wrong with a whole answer that was to keep strictly to a schema; undefined where
 * nothing is (fault catalogue F58). Only the top level is looked at: that it is JSON, that nothing
 * required is missing, and that types named there hold. An answer that says by itself why it is none
 * (a refusal, a tool call, the limit of its length) is not judged.
 */
export function schemaFault(
  format: ResponseFormat | undefined,
  { content, finishReason }: ModelResponse,
): string | undefined {
  if (format?.type !== 'json-schema' || !format.strict) return undefined;
  const { unified } = finishReason;
  if (unified !== 'stop' && unified !== 'unknown') return undefined;
  if (content.some(({ type }) => type === 'refusal' || type === 'tool-call')) return undefined;
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const value = parseJson(text);
  return value === undefined ? 'it is not JSON' : faultOf(value, format.schema);
}

function faultOf(value: JsonValue, schema: JsonObject): string | undefined {
  if (!fits(value, schema)) return 'it has another type';
  if (!isJsonObject(value)) return undefined;
  const { required, properties } = schema;
  const names: readonly JsonValue[] = Array.isArray(required) ? required : [];
  if (names.some((name) => typeof name === 'string' && !Object.hasOwn(value, name))) {
    return 'a required member is missing';
  }
  const members = isJsonObject(properties) ? Object.entries(properties) : [];
  const isAmiss = members.some(([name, member]) => {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    return given !== undefined && isJsonObject(member) && !fits(given, member);
  });
  return isAmiss ? 'a member has another type' : undefined;
}

/** Whether a value has one of the types that a schema names; what it does not name, or we do not know, fits. */
function fits(value: JsonValue, { type, nullable }: JsonObject): boolean {
  if (value === null && nullable === true) return true;
  const types: readonly (JsonValue | undefined)[] = Array.isArray(type) ? type : [type];
  return types.some((name) => hasType(value, name));
}

function hasType(value: JsonValue, name: JsonValue | undefined): boolean {
  switch (name) {
    case 'object':
      return isJsonObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === name;
    default:
      return true;
  }
}

/** A quality signal: it says nothing of the model's health. */
export const SCHEMA_MISMATCH: AttemptFailure = {
  kind: 'content',
  code: 'schema_mismatch',
  message: 'the answer does not match its schema',
  status: 200,
  accepted: 'yes',
};

export function mismatchWarning(fault: string): Warning {
  const message = `the answer does not match its schema: ${fault}`;
  return { type: 'unsupported', field: 'response_format', message };
}
