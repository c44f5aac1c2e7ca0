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

  /**
   * The dialect's own last word, for a stream of which we have written the beginning, and an error,
   * which the official clients throw where it has the shape that it has outside of streams.
   */
  fail(error: RouterError): string {
    const wasBegun = this.#written > 0;
    const ending = wasBegun ? this.#end(failed('server_error', error.message), null) : '';
    const { code, message, details } = error;
    const fields = { code, message, param: details.field ?? null };
    const type = 'error';
    return (
      ending +
      this.#write({ type, fields: { ...fields, ...toOpenAiError(error, this.#requestId) } })
    );
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

  #write({ type, fields }: OutputEvent): string {
    const numbered = { type, sequence_number: this.#written++, ...fields };
    return toSse(type, JSON.stringify(numbered));
  }
}

/** One event of a stream that already is in this dialect: the last one carries model and cost. */
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
