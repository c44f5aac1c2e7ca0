import type { Conversation } from '../domain/conversation.ts';
import type { Dialect } from '../domain/dialect.ts';
import type { RouterError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import type { JsonText } from '../domain/json-text.ts';
import type { AnswerBill, AnswerHead, StreamEvent, StreamWriter } from '../domain/ports.ts';
import type { ModelResponse } from '../domain/response.ts';

/** A request of any dialect in our words, and how its caller wants the answer. */
export type DialectRequest = {
  readonly conversation: Conversation;
  /** Whether usage was asked for in a stream; dialects that always send it say yes. */
  readonly wantsUsage: boolean;
  /** Whether the cost was asked for in a stream. */
  readonly wantsCost: boolean;
  /** The end user, as claimed. */
  readonly user: string | undefined;
};

/** A whole answer on its way out. */
export type OutgoingAnswer = {
  readonly head: AnswerHead;
  readonly response: ModelResponse;
  readonly bill: AnswerBill;
  /** The provider's own text, where it already is this dialect. */
  readonly nativeBody: string | undefined;
  /** The decision, for callers that asked to see it. */
  readonly routing: JsonObject | undefined;
};

/** One of the callers' dialects: it reads requests, and writes answers, streams and errors. */
export type DialectDoor = {
  readonly dialect: Dialect;
  /** @throws RouterError `invalid_request` that names the field. */
  readRequest(body: JsonText, headers: Headers): DialectRequest;
  /** The answer as JSON text. A provider's own text keeps every field that we do not set. */
  toBody(answer: OutgoingAnswer, request: DialectRequest): string;
  /** The error frame of a stream that ends before anybody answered. */
  toErrorFrame(error: RouterError, requestId: string): string;
  openWriter(head: AnswerHead, request: DialectRequest): StreamWriter;
  /** See `Caller.editEvent`. */
  editEvent(event: StreamEvent, bill: AnswerBill | undefined, request: DialectRequest): string;
};

/** An error in a dialect's shape, with our stable code and the request's id. */
export type ErrorWriter = (error: RouterError, requestId: string) => JsonObject;
