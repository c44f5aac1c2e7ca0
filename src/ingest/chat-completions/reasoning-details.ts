import type { Extras, ReasoningPart, TextPart } from '../../domain/conversation.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import { isSealed, seal, unseal } from '../carrier.ts';
import { joinDetails } from '../extras.ts';

/*
 * What a provider wants back with its reasoning, in the list `reasoning_details` of a message and in
 * `extra_content` of a tool call. OpenRouter and Google brought these fields into the dialect
 * (November 2026); what they have no form for travels sealed.
 */

const CLAUDE = 'anthropic-claude-v1';
const GEMINI = 'google-gemini-v1';
const OURS = 'pointsman-v1';

/** Where a part stands: among those with details, and in the text of the message. */
export type DetailPlace = { readonly index: number; readonly offset: number };

/** The details of one part of an answer; empty where its provider wants nothing back. */
export function toDetails(
  part: ReasoningPart | TextPart,
  { index, offset }: DetailPlace,
): readonly JsonObject[] {
  const { type, text, extras } = part;
  if (extras === undefined) return [];
  if (type === 'text') {
    const sealed = seal({ on: 'this', span: [offset, offset + text.length], extras });
    return [{ type: 'reasoning.encrypted', data: sealed, format: OURS, index }];
  }
  const { reasoning_details: details } = fieldsOf(extras, 'openai');
  if (Array.isArray(details)) return details.filter(isJsonObject);
  const { signature, redacted } = fieldsOf(extras, 'anthropic');
  if (typeof redacted === 'string') {
    return [{ type: 'reasoning.encrypted', data: redacted, format: CLAUDE, index }];
  }
  if (typeof signature === 'string') {
    return [{ type: 'reasoning.text', text, signature, format: CLAUDE, index }];
  }
  const sealed = seal({ on: 'this', extras });
  return [{ type: 'reasoning.text', text, signature: sealed, format: OURS, index }];
}

/** What a tool call's provider wants back with it. */
export function toExtraContent(extras: Extras | undefined): JsonObject | undefined {
  if (extras === undefined) return undefined;
  const { extra_content: content } = fieldsOf(extras, 'openai');
  if (isJsonObject(content)) return content;
  const { thoughtSignature } = fieldsOf(extras, 'gemini');
  if (typeof thoughtSignature === 'string') {
    return { google: { thought_signature: thoughtSignature } };
  }
  return { pointsman: seal({ on: 'this', extras }) };
}

/** The extras of a tool call that comes back. */
export function fromExtraContent(content: JsonObject | null | undefined): Extras | undefined {
  if (content === null || content === undefined) return undefined;
  const { google, pointsman } = content;
  if (typeof pointsman === 'string') return unseal(pointsman)?.extras;
  const signature = isJsonObject(google) ? google['thought_signature'] : undefined;
  const gemini = typeof signature === 'string' && { gemini: { thoughtSignature: signature } };
  return { openai: { extra_content: content }, ...gemini };
}

function fieldsOf(extras: Extras, wire: string): JsonObject {
  const fields = extras[wire];
  return isJsonObject(fields) ? fields : {};
}

/** What the details of an assistant message give back, and to which of its parts. */
export type GivenBack = {
  readonly reasoning: readonly ReasoningPart[];
  /** For the text of the message, from one character to another. */
  readonly toText: readonly TextMark[];
  /** By the id of the tool call. */
  readonly toCall: ReadonlyMap<string, Extras>;
};

type TextMark = { readonly span: readonly [number, number]; readonly extras: Extras };

/** The text of a message in the parts that it was given in. */
export function splitText(text: string, marks: readonly TextMark[]): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const { span, extras } of [...marks].sort((a, b) => a.span[1] - b.span[1])) {
    const [start, end] = span;
    if (start > at) parts.push({ type: 'text', text: text.slice(at, start) });
    parts.push({ type: 'text', text: text.slice(Math.max(start, at), end), extras });
    at = Math.max(at, end);
  }
  if (at < text.length) parts.push({ type: 'text', text: text.slice(at) });
  return parts;
}

/** `words` is the reasoning of the message as its other field has it: all of it, and unsigned. */
export function fromDetails(details: readonly JsonValue[], words: string): GivenBack {
  const reasoning: ReasoningPart[] = [];
  const toCall = new Map<string, Extras>();
  const toText: TextMark[] = [];
  for (const detail of joinDetails(details)) {
    const { id, data, format } = detail;
    const carried = typeof data === 'string' ? unseal(data) : undefined;
    if (carried?.span !== undefined) toText.push({ ...carried, span: carried.span });
    else if (format === GEMINI && typeof id === 'string' && typeof data === 'string') {
      toCall.set(id, { gemini: { thoughtSignature: data } });
    } else reasoning.push(toReasoning(detail));
  }
  return { reasoning: withWords(reasoning, words), toText, toCall };
}

function toReasoning(detail: JsonObject): ReasoningPart {
  const { text, summary, signature, data, format } = detail;
  const words = [text, summary].find((value) => typeof value === 'string') ?? '';
  const part = { type: 'reasoning' as const, text: String(words) };
  if (typeof signature === 'string' && isSealed(signature)) {
    const extras = unseal(signature)?.extras;
    return extras === undefined ? part : { ...part, extras };
  }
  const openai = { reasoning_details: [detail] };
  if (format !== CLAUDE) return { ...part, extras: { openai } };
  const anthropic = typeof data === 'string' ? { redacted: data } : { signature: signature ?? '' };
  return { ...part, extras: { openai, anthropic } };
}

/** The words stand with the first part where the details have none of their own. */
function withWords(reasoning: readonly ReasoningPart[], words: string): readonly ReasoningPart[] {
  const [first = { type: 'reasoning' as const, text: '' }, ...rest] = reasoning;
  if (words === '' || reasoning.some(({ text }) => text !== '')) return reasoning;
  return [{ ...first, text: words }, ...rest];
}
