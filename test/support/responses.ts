import { expect } from 'vitest';
import type { Conversation } from '../../src/domain/conversation.ts';
import { RouterError } from '../../src/domain/errors.ts';
import { type JsonText, readJsonText } from '../../src/domain/json-text.ts';
import { responses } from '../../src/ingest/responses/index.ts';

/** A body as it comes over HTTP. */
export function aBody(fields: object): JsonText {
  const json = readJsonText(JSON.stringify({ model: 'auto', input: 'Hello', ...fields }));
  if ('message' in json) throw new Error(json.message);
  return json;
}

/** A body as a conversation. */
export function read(fields: object): Conversation {
  return responses.readRequest(aBody(fields), new Headers()).conversation;
}

/** The error of a body that is refused. */
export function refusal(fields: object): RouterError {
  try {
    read(fields);
  } catch (error) {
    expect(error).toBeInstanceOf(RouterError);
    if (error instanceof RouterError) return error;
  }
  throw new Error('it was not refused');
}
