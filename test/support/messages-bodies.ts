import { type JsonText, readJsonText } from '../../src/domain/json-text.ts';
import type { DialectRequest } from '../../src/ingest/dialect.ts';
import { readMessagesRequest } from '../../src/ingest/messages/request.ts';

/** A body as it comes in; any other value than an object is a fault of the test. */
export function jsonText(value: unknown): JsonText {
  const text = readJsonText(JSON.stringify(value));
  if ('message' in text) throw new Error(text.message);
  return text;
}

/** A Messages body that asks a question, as small as it can be. */
export function aMessagesBody(fields: Readonly<Record<string, unknown>> = {}) {
  return {
    model: 'anthropic/claude-test',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hello' }],
    ...fields,
  };
}

/** A Messages body as its door reads it. */
export function readMessages(
  fields: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): DialectRequest {
  return readMessagesRequest(jsonText(aMessagesBody(fields)), new Headers(headers));
}
