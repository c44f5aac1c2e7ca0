import type { Conversation } from '../../domain/conversation.ts';
import type { RouterError } from '../../domain/errors.ts';
import { isJsonObject, parseJson } from '../../domain/json.ts';
import type { AnswerBill, AnswerHead, StreamEvent, StreamWriter } from '../../domain/ports.ts';
import {
  type FinishReason,
  type ModelStreamPart,
  mergeUsage,
  type Usage,
} from '../../domain/response.ts';
import { toCost } from '../cost.ts';
import { toMessagesError } from './error.ts';
import { toSse } from './sse.ts';
import { toStop } from './stop.ts';
import { StreamBlocks } from './stream-blocks.ts';
import { thinkingWish } from './thinking.ts';
import { toCounts, toUsage } from './usage.ts';

const STOP = toSse('message_stop', {});
const UNKNOWN_FINISH: FinishReason = { unified: 'unknown', raw: undefined };

/** Writes stream parts as the events of a Messages stream. */
export class MessagesStreamWriter implements StreamWriter {
  readonly #head: AnswerHead;
  readonly #conversation: Conversation;
  readonly #blocks: StreamBlocks;
  /** An event that was cut becomes a ping, which the official clients skip unread. */
  readonly seam = '\nevent: ping\n\n';
  #hasStarted = false;
  #usage: Usage = {};
  #refusal: string | undefined;
  #finish = UNKNOWN_FINISH;

  constructor(head: AnswerHead, conversation: Conversation) {
    this.#head = head;
    this.#conversation = conversation;
    this.#blocks = new StreamBlocks(thinkingWish(conversation));
  }

  write(part: ModelStreamPart): string {
    switch (part.type) {
      case 'finish':
        this.#finish = part.reason;
        return '';
      case 'usage':
        this.#usage = mergeUsage(this.#usage, part.usage);
        return '';
      case 'start':
      case 'done':
      case 'error':
        return '';
      case 'refusal-delta':
        this.#refusal = (this.#refusal ?? '') + part.text;
        return this.#begin() + this.#blocks.write({ type: 'text-delta', text: part.text });
      default:
        return this.#begin() + this.#blocks.write(part);
    }
  }

  finish(bill: AnswerBill): string {
    const ending = {
      reason: this.#finish,
      hasCalls: this.#blocks.hasCalls,
      refusal: this.#refusal,
    };
    const delta = toStop(ending, this.#conversation);
    const end = toSse('message_delta', { delta, usage: toUsage(bill) });
    return this.#begin() + this.#blocks.end() + end + STOP;
  }

  /** A comment carries the cost: readers that do not look for it skip it. */
  finishNative(bill: AnswerBill, hasTerminalEvent: boolean): string {
    return `${hasTerminalEvent ? '' : STOP}: ${JSON.stringify(toCost(bill))}\n\n`;
  }

  fail(error: RouterError): string {
    return toErrorFrame(error, this.#head.requestId);
  }

  goOnBehind(last: readonly StreamEvent[]): boolean {
    this.#hasStarted = true;
    return this.#blocks.goOnBehind(last);
  }

  /** Only some providers have counted the input by now: the end says it for all. */
  #begin(): string {
    if (this.#hasStarted) return '';
    this.#hasStarted = true;
    const { requestId, model } = this.#head;
    const message = {
      id: `msg_${requestId}`,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: toCounts(this.#usage),
    };
    return toSse('message_start', { message }) + toSse('ping', {});
  }
}

/** An error in the place of an event: the official clients throw it. */
export function toErrorFrame(error: RouterError, requestId: string): string {
  return toSse('error', toMessagesError(error, requestId));
}

/**
 * One event of a stream that already is in this dialect: the last usage carries the cost, the
 * terminal event follows by itself.
 */
export function editMessagesEvent(event: StreamEvent, bill: AnswerBill | undefined): string {
  const body = parseJson(event.data);
  if (!isJsonObject(body)) return '';
  const { type, usage } = body;
  if (type === 'message_stop') return '';
  const isBilled = type === 'message_delta' && bill !== undefined;
  const reported = isJsonObject(usage) ? usage : {};
  const billed = isBilled ? { usage: { ...reported, ...toCost(bill) } } : {};
  return toSse(String(type), { ...body, ...billed });
}
