import type { ReasoningPart, TextPart } from '../../domain/conversation.ts';
import type { RouterError } from '../../domain/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../../domain/json.ts';
import type { AnswerBill, AnswerHead, StreamEvent, StreamWriter } from '../../domain/ports.ts';
import type { FinishReason, ModelStreamPart } from '../../domain/response.ts';
import { toCost } from '../cost.ts';
import { toOpenAiError } from '../openai-error.ts';

import { toDetails, toExtraContent } from './reasoning-details.ts';
import { toAnnotation, toFinishReason } from './response.ts';
import { toUsage } from './usage.ts';

const DONE = 'data: [DONE]\n\n';
const UNKNOWN_FINISH: FinishReason = { unified: 'unknown', raw: undefined };

/** Writes stream parts as chunks of Chat Completions. */
export class ChatStreamWriter implements StreamWriter {
  readonly #head: AnswerHead;
  readonly #wantsUsage: boolean;
  #hasRole = false;
  /** What was thought since the last signature. */
  #thought = '';
  /** Reasoning details so far. */
  #details = 0;
  /** Characters of text so far. */
  #offset = 0;
  #finish = UNKNOWN_FINISH;

  constructor(head: AnswerHead, wantsUsage: boolean) {
    this.#head = head;
    this.#wantsUsage = wantsUsage;
  }

  write(part: ModelStreamPart): string {
    switch (part.type) {
      case 'text-delta':
        return this.#text(part);
      case 'reasoning-delta':
        return this.#reasoning(part);
      case 'refusal-delta':
        return this.#delta({ refusal: part.text });
      case 'tool-call-start': {
        const { index, id, name, extras } = part;
        const content = toExtraContent(extras);
        const opened = { index, id, type: 'function', function: { name, arguments: '' } };
        return this.#delta({
          tool_calls: [{ ...opened, ...(content && { extra_content: content }) }],
        });
      }
      case 'tool-call-delta': {
        const added = { index: part.index, function: { arguments: part.arguments } };
        return this.#delta({ tool_calls: [added] });
      }
      case 'citation':
        return this.#delta({ annotations: [toAnnotation(part)] });
      case 'finish':
        this.#finish = part.reason;
        return '';
      case 'start':
      case 'usage':
      case 'done':
      case 'error':
        return '';
    }
  }

  finish(bill: AnswerBill): string {
    const finish = toFinishReason(this.#finish);
    const last = this.#chunk([{ index: 0, delta: {}, logprobs: null, finish_reason: finish }]);
    if (!this.#wantsUsage) return last + DONE;
    return last + this.#chunk([], { usage: toUsage(bill) }) + DONE;
  }

  /**
   * A comment carries the cost: readers that do not look for it skip it. Usage that was asked for and
   * that the provider left out is given where the last word has not passed yet (F63).
   */
  finishNative(bill: AnswerBill, hasTerminalEvent: boolean): string {
    const cost = `: ${JSON.stringify(toCost(bill))}\n\n`;
    if (hasTerminalEvent) return cost;
    const lacksUsage = this.#wantsUsage && bill.usageIsEstimated;
    return (lacksUsage ? this.#chunk([], { usage: toUsage(bill) }) : '') + DONE + cost;
  }

  fail(error: RouterError): string {
    return toErrorFrame(error, this.#head.requestId);
  }

  #text({ text, extras }: Extract<ModelStreamPart, { type: 'text-delta' }>): string {
    const part = { type: 'text' as const, text, ...(extras && { extras }) };
    return this.#delta({ content: text, ...this.#detailsOf(part) });
  }

  /** A signature stands behind the thought that it signs, and comes with all of its words. */
  #reasoning({ text, extras }: Extract<ModelStreamPart, { type: 'reasoning-delta' }>): string {
    this.#thought += text;
    if (extras === undefined) return this.#delta({ reasoning_content: text });
    const part = { type: 'reasoning' as const, text: this.#thought, extras };
    this.#thought = '';
    return this.#delta({ reasoning_content: text, ...this.#detailsOf(part) });
  }

  #detailsOf(part: ReasoningPart | TextPart): JsonObject {
    const place = { index: this.#details, offset: this.#offset };
    const details = toDetails(part, place);
    if (part.type === 'text') this.#offset += part.text.length;
    if (details.length === 0) return {};
    this.#details += details.length;
    return { reasoning_details: details };
  }

  #delta(delta: JsonObject): string {
    const role = this.#hasRole ? {} : { role: 'assistant' };
    this.#hasRole = true;
    return this.#chunk([
      { index: 0, delta: { ...role, ...delta }, logprobs: null, finish_reason: null },
    ]);
  }

  #chunk(choices: JsonValue, more: JsonObject = {}): string {
    const { requestId, createdAt, model } = this.#head;
    const chunk = {
      id: `chatcmpl-${requestId}`,
      object: 'chat.completion.chunk',
      created: Math.floor(createdAt / 1000),
      model,
      choices,
      ...more,
    };
    return `data: ${JSON.stringify(chunk)}\n\n`;
  }
}

/** An error in the place of a chunk: the official clients throw it. */
export function toErrorFrame(error: RouterError, requestId: string): string {
  return `data: ${JSON.stringify(toOpenAiError(error, requestId))}\n\n`;
}

/**
 * One event of a stream that already is in this dialect. The usage event is left out for a caller who
 * did not ask for it, and carries the cost for one who did; the terminal event follows by itself.
 */
export function editChatEvent(
  event: StreamEvent,
  bill: AnswerBill | undefined,
  wantsUsage: boolean,
): string {
  if (event.data.trim() === '[DONE]') return '';
  if (bill === undefined) return toSse(event.data);
  const chunk = parseJson(event.data);
  if (!isJsonObject(chunk)) return '';
  const { usage, choices } = chunk;
  const isUsageOnly = Array.isArray(choices) && choices.length === 0;
  if (!wantsUsage) return isUsageOnly ? '' : toSse(event.data);
  const billed = { ...(isJsonObject(usage) ? usage : toUsage(bill)), ...toCost(bill) };
  return toSse(JSON.stringify({ ...chunk, usage: billed }));
}

function toSse(data: string): string {
  return `data: ${data.replaceAll('\n', '\ndata: ')}\n\n`;
}
