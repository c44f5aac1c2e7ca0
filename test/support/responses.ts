import { expect } from 'vitest';
import type { Conversation } from '../../src/domain/conversation.ts';
import { RouterError } from '../../src/domain/errors.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { type JsonText, readJsonText } from '../../src/domain/json-text.ts';
import { nanoUsd } from '../../src/domain/money.ts';
import type { AnswerBill, AnswerHead, StreamWriter } from '../../src/domain/ports.ts';
import type { ModelResponse, ModelStreamPart } from '../../src/domain/response.ts';
import { responses } from '../../src/ingest/responses/index.ts';
import { aModel } from './builders.ts';

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

export const HEAD: AnswerHead = {
  requestId: 'r1',
  model: aModel().id,
  createdAt: 1_700_000_000_500,
  warnings: [],
};

/** Ten tokens in, of which four were cached; five out, of which two were thought. */
export const BILL: AnswerBill = {
  usage: { uncachedInputTokens: 6, cacheReadTokens: 4, outputTokens: 5, reasoningTokens: 2 },
  usageIsEstimated: false,
  costNanoUsd: nanoUsd(1500),
};

/** A request whose caller gets what its next turn has to give back. */
export const CARRYING = { include: ['reasoning.encrypted_content'] };

/** An answer as the dialect's JSON text. */
export function write(response: Partial<ModelResponse>, fields: object = {}): string {
  const request = responses.readRequest(aBody(fields), new Headers());
  const whole = {
    upstreamId: undefined,
    upstreamModel: undefined,
    content: [],
    finishReason: { unified: 'stop' as const, raw: undefined },
    usage: {},
    ...response,
  };
  const answer = { head: HEAD, bill: BILL, nativeBody: undefined, routing: undefined };
  return responses.toBody({ ...answer, response: whole }, request);
}

/** A stream of parts as the dialect's text, to its good end. */
export function stream(parts: readonly ModelStreamPart[], fields: object = {}): string {
  const writer = openWriter(fields);
  return parts.map((part) => writer.write(part)).join('') + writer.finish(BILL);
}

export function openWriter(fields: object = {}): StreamWriter {
  return responses.openWriter(HEAD, responses.readRequest(aBody(fields), new Headers()));
}

type Event = JsonObject & { readonly type: string };

/** The events of a stream; each has its name beside its data. */
export function eventsOf(text: string): Event[] {
  const blocks = text.split('\n\n').filter((block) => block !== '');
  return blocks.map((block) => {
    const [name, data] = block.split('\n');
    const event = JSON.parse(data?.slice('data: '.length) ?? '') as Event; // checked on the next line
    expect(name).toBe(`event: ${event.type}`);
    return event;
  });
}
