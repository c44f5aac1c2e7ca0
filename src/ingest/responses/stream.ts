import type { Conversation } from '../../domain/conversation.ts';
import type { RouterError } from '../../domain/errors.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../domain/json.ts';
import type { AnswerBill, AnswerHead, StreamEvent, StreamWriter } from '../../domain/ports.ts';
import type { FinishReason, ModelStreamPart } from '../../domain/response.ts';
import { toCost } from '../cost.ts';
import { toOpenAiError } from '../openai-error.ts';
import { toFrame } from './frame.ts';
import type { OutputEvent } from './output-event.ts';
import { OutputItems } from './output-items.ts';
import { carriesReasoning } from './reasoning.ts';
import { type AnswerStatus, failed, statusOfFinish } from './status.ts';
import { toUsage } from './usage.ts';

const UNKNOWN_FINISH: FinishReason = { unified: 'unknown', raw: undefined };
const IN_PROGRESS = {
  status: 'in_progress',
  error: null,
  incomplete_details: null,
  output: [],
  usage: null,
};

/** Writes stream parts as the events of a Responses stream. */
export class ResponsesStreamWriter implements StreamWriter {
  readonly #requestId: string;
  readonly #frame: JsonObject;
  readonly #items: OutputItems;
  /** Events written so far, which is the number of the next. */
  #written = 0;
  #finish = UNKNOWN_FINISH;
  /** What the caller has passed as it came: the items are another's. */
  #isBehindNative = false;

  constructor(head: AnswerHead, conversation: Conversation) {
    const { requestId } = head;
    this.#requestId = requestId;
    this.#frame = toFrame(head, conversation);
    this.#items = new OutputItems({ requestId, carries: carriesReasoning(conversation) });
  }

  write(part: ModelStreamPart): string {
    switch (part.type) {
      case 'finish':
        this.#finish = part.reason;
        return '';
      case 'start':
      case 'usage':
      case 'done':
      case 'error':
        return '';
      default:
        return this.#begin() + this.#writeAll(this.#items.write(part));
    }
  }

  finish(bill: AnswerBill): string {
    return this.#begin() + this.#end(statusOfFinish(this.#finish), toUsage(bill));
  }

  /** A comment carries the cost: readers that do not look for it skip it. */
  finishNative(bill: AnswerBill): string {
    return `: ${JSON.stringify(toCost(bill))}\n\n`;
  }

  /** The dialect's own last word, where the items before it are ours, and the error. */
  fail(error: RouterError): string {
    const isOurs = this.#written > 0 && !this.#isBehindNative;
    const ending = isOurs ? this.#end(failed('server_error', error.message), null) : '';
    return ending + this.#write(toErrorEvent(error, this.#requestId));
  }

  /**
   * Within the first item only: the last event has to repeat all items, and of those that passed as
   * they came only the words are known here. Elsewhere an error frame follows, with its number.
   */
  goOnBehind(last: readonly StreamEvent[]): boolean {
    const events = last.map(({ data }) => parseJson(data)).filter(isJsonObject);
    this.#written = Math.max(-1, ...events.map(numberOf)) + 1;
    const id = idOfFirstItem(events.at(-1));
    const goesOn = id !== undefined && this.#items.adopt(id);
    this.#isBehindNative = !goesOn;
    return goesOn;
  }

  #begin(): string {
    if (this.#written > 0) return '';
    const response = { ...this.#frame, ...IN_PROGRESS };
    return this.#writeAll([
      { type: 'response.created', fields: { response } },
      { type: 'response.in_progress', fields: { response } },
    ]);
  }

  #end({ name, lastItem, fields }: AnswerStatus, usage: JsonObject | null): string {
    const ended = this.#writeAll(this.#items.end(lastItem));
    const response = { ...this.#frame, ...fields, output: this.#items.items, usage };
    return ended + this.#write({ type: `response.${name}`, fields: { response } });
  }

  #writeAll(events: readonly OutputEvent[]): string {
    return events.map((event) => this.#write(event)).join('');
  }

  #write(event: OutputEvent): string {
    return toFrameText(event, this.#written++);
  }
}

function toFrameText({ type, fields }: OutputEvent, number: number): string {
  return toSse(type, JSON.stringify({ type, sequence_number: number, ...fields }));
}

function numberOf({ sequence_number: number }: JsonObject): number {
  return Number(number || 0);
}

/** Of an event that is a piece of the first item's first content. */
function idOfFirstItem(event: JsonObject = {}): string | undefined {
  const { type, item_id: id, output_index: at, content_index: content = 0 } = event;
  const isPiece = typeof type === 'string' && type.endsWith('.delta');
  return isPiece && at === 0 && content === 0 && typeof id === 'string' ? id : undefined;
}

/** The official clients throw what has the shape that errors have outside of streams. */
function toErrorEvent(error: RouterError, requestId: string): OutputEvent {
  const { code, message, details } = error;
  const fields = { code, message, param: details.field ?? null };
  return { type: 'error', fields: { ...fields, ...toOpenAiError(error, requestId) } };
}

/** The error frame of a stream that has not begun. */
export function toErrorFrame(error: RouterError, requestId: string): string {
  return toFrameText(toErrorEvent(error, requestId), 0);
}

/** One event of a stream that already is in this dialect: the last one carries the cost. */
export function editResponsesEvent(
  { name, data }: StreamEvent,
  bill: AnswerBill | undefined,
): string {
  if (data.trim() === '[DONE]') return '';
  if (bill === undefined) return toSse(name, data);
  const event = parseJson(data);
  const response = isJsonObject(event) ? event['response'] : undefined;
  if (!isJsonObject(event) || !isJsonObject(response)) return toSse(name, data);
  const { usage: reported } = response;
  const usage = isJsonObject(reported) ? { ...reported, ...toCost(bill) } : toUsage(bill);
  return toSse(name, JSON.stringify({ ...event, response: { ...response, usage } }));
}

function toSse(name: string | undefined, data: string): string {
  const lines = `data: ${data.replaceAll('\n', '\ndata: ')}\n\n`;
  return name === undefined ? lines : `event: ${name}\n${lines}`;
}
