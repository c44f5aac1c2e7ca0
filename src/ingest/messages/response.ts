import type { Conversation, ToolCallPart } from '../../domain/conversation.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../domain/json.ts';
import { patchJsonText, readJsonText } from '../../domain/json-text.ts';
import type { CitationPart, ModelResponse, ResponsePart } from '../../domain/response.ts';
import { toCost } from '../cost.ts';
import type { DialectRequest, OutgoingAnswer } from '../dialect.ts';
import { toStop } from './stop.ts';
import { type ThinkingWish, thinkingWish, toCarrier, toThinkingBlock } from './thinking.ts';
import { toUsage } from './usage.ts';

/** The answer as Messages JSON. A provider's own text keeps every field that we do not set. */
export function toMessagesBody(answer: OutgoingAnswer, { conversation }: DialectRequest): string {
  const { head, response, bill, routing } = answer;
  const extra = routing === undefined ? {} : { routing };
  const native = answer.nativeBody === undefined ? undefined : readJsonText(answer.nativeBody);
  if (native !== undefined && 'members' in native) {
    const reported = native.value['usage'];
    const usage = isJsonObject(reported) ? { ...reported, ...toCost(bill) } : toUsage(bill);
    return patchJsonText(native, () => true, { model: head.model, usage, ...extra });
  }
  return JSON.stringify({
    id: `msg_${head.requestId}`,
    type: 'message',
    role: 'assistant',
    model: head.model,
    content: toBlocks(response, conversation),
    ...stopOf(response, conversation),
    usage: toUsage(bill),
    ...extra,
  });
}

function stopOf({ content, finishReason }: ModelResponse, conversation: Conversation): JsonObject {
  const refusals = content.filter((part) => part.type === 'refusal');
  const ending = {
    reason: finishReason,
    hasCalls: content.some(({ type }) => type === 'tool-call'),
    refusal: refusals.length === 0 ? undefined : refusals.map(({ text }) => text).join(''),
  };
  return toStop(ending, conversation);
}

function toBlocks({ content }: ModelResponse, conversation: Conversation): JsonObject[] {
  const wish = thinkingWish(conversation);
  const blocks: JsonObject[] = [];
  for (const part of content) {
    if (part.type === 'citation') cite(blocks, toCitation(part));
    else blocks.push(...toBlock(part, wish));
  }
  return blocks;
}

type BlockPart = Exclude<ResponsePart, CitationPart>;

/** A part in its block, beside the block that carries what the part has for its own provider. */
function toBlock(part: BlockPart, wish: ThinkingWish): JsonObject[] {
  switch (part.type) {
    case 'text': {
      const text = part.text === '' ? [] : [{ type: 'text', text: part.text }];
      const carrier = toCarrier(part.text === '' ? 'empty-text' : 'previous', part.extras);
      return carrier === undefined ? text : [...text, carrier];
    }
    case 'refusal':
      return [{ type: 'text', text: part.text }];
    case 'reasoning':
      if (wish === 'nothing' || (wish === 'signatures' && !part.extras)) return [];
      return [toThinkingBlock(wish === 'all' ? part.text : '', part.extras)];
    case 'tool-call': {
      const carrier = toCarrier('next', part.extras);
      const call = toToolUse(part);
      return carrier === undefined ? [call] : [carrier, call];
    }
  }
}

const NOT_IN_IDS = /[^a-zA-Z0-9_-]/g;

/** An id as the dialect has them: others would be refused when they come back to its provider. */
export function toToolId(id: string): string {
  return id.replace(NOT_IN_IDS, '_');
}

/** What some models write where a tool takes no arguments. */
export const NO_ARGUMENTS = 'null';

/** Arguments that are no object are wrapped as Anthropic's documentation has it. */
function toToolUse({ id, name, arguments: text }: ToolCallPart): JsonObject {
  const input = text === NO_ARGUMENTS ? {} : parseJson(text);
  return {
    type: 'tool_use',
    id: toToolId(id),
    name,
    input: isJsonObject(input) ? input : { INVALID_JSON: text },
  };
}

/** Sources stand at the text that they are of: the last one. */
function cite(blocks: JsonObject[], citation: JsonObject): void {
  const at = blocks.findLastIndex(({ type }) => type === 'text');
  const block = blocks[at];
  if (block === undefined) {
    blocks.push({ type: 'text', text: '', citations: [citation] });
    return;
  }
  const earlier = Array.isArray(block['citations']) ? block['citations'] : [];
  blocks[at] = { ...block, citations: [...earlier, citation] };
}

/** The provider's own object where it is of this dialect, else a source as web search names one. */
export function toCitation({ raw, url, title }: CitationPart): JsonObject {
  if (isJsonObject(raw) && String(raw['type']).endsWith('_location')) return raw;
  return {
    type: 'web_search_result_location',
    url: url ?? '',
    title: title ?? null,
    cited_text: '',
    encrypted_index: '',
  };
}
