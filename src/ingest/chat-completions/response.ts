import type { ToolCallPart } from '../../domain/conversation.ts';
import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import { patchJsonText, readJsonText } from '../../domain/json-text.ts';
import type { CitationPart, FinishReason, ModelResponse } from '../../domain/response.ts';
import { toCost } from '../cost.ts';
import type { OutgoingAnswer } from '../dialect.ts';
import { toDetails, toExtraContent } from './reasoning-details.ts';
import { toUsage } from './usage.ts';

/** The answer as Chat Completions JSON. A provider's own text keeps every field that we do not set. */
export function toChatBody(answer: OutgoingAnswer): string {
  const { head, response, bill, routing } = answer;
  const extra = routing === undefined ? {} : { routing };
  const native = answer.nativeBody === undefined ? undefined : readJsonText(answer.nativeBody);
  if (native !== undefined && 'members' in native) {
    const reported = native.value['usage'];
    const usage = isJsonObject(reported) ? { ...reported, ...toCost(bill) } : toUsage(bill);
    return patchJsonText(native, () => true, { model: head.model, usage, ...extra });
  }
  return JSON.stringify({
    id: `chatcmpl-${head.requestId}`,
    object: 'chat.completion',
    created: Math.floor(head.createdAt / 1000),
    model: head.model,
    choices: [
      {
        index: 0,
        message: toMessage(response),
        logprobs: null,
        finish_reason: toFinishReason(response.finishReason),
      },
    ],
    usage: toUsage(bill),
    ...extra,
  });
}

function toMessage({ content }: ModelResponse): JsonObject {
  const text = textOf(content.filter((part) => part.type === 'text'));
  const refusal = textOf(content.filter((part) => part.type === 'refusal'));
  const reasoning = textOf(content.filter((part) => part.type === 'reasoning'));
  const toolCalls = content.filter((part) => part.type === 'tool-call');
  const citations = content.filter((part) => part.type === 'citation');
  const details = detailsOf(content);
  return {
    role: 'assistant',
    content: text,
    refusal,
    ...(reasoning !== null && { reasoning_content: reasoning }),
    ...(details.length > 0 && { reasoning_details: details }),
    ...(toolCalls.length > 0 && { tool_calls: toolCalls.map(toToolCall) }),
    annotations: citations.map(toAnnotation),
  };
}

function detailsOf(content: ModelResponse['content']): JsonObject[] {
  const details: JsonObject[] = [];
  let offset = 0;
  for (const part of content) {
    if (part.type !== 'reasoning' && part.type !== 'text') continue;
    details.push(...toDetails(part, { index: details.length, offset }));
    if (part.type === 'text') offset += part.text.length;
  }
  return details;
}

function textOf(parts: readonly { readonly text: string }[]): string | null {
  return parts.length === 0 ? null : parts.map(({ text }) => text).join('');
}

function toToolCall({ id, name, arguments: text, extras }: ToolCallPart): JsonObject {
  const content = toExtraContent(extras);
  return {
    id,
    type: 'function',
    function: { name, arguments: text },
    ...(content && { extra_content: content }),
  };
}

/** A source of the answer, as the dialect's web search names one. */
export function toAnnotation({ url, title }: CitationPart): JsonObject {
  return { type: 'url_citation', url_citation: { url: url ?? '', title: title ?? '' } };
}

const FINISH_REASONS: Readonly<Record<FinishReason['unified'], string>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  error: 'error',
  unknown: 'unknown',
};

export function toFinishReason(reason: FinishReason): string {
  return FINISH_REASONS[reason.unified];
}
