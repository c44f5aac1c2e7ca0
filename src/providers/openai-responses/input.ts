import type {
  AssistantPart,
  Conversation,
  FilePart,
  ImagePart,
  MediaSource,
  Message,
  ReasoningPart,
  ToolResultPart,
  UserPart,
} from '../../domain/conversation.ts';
import type { Warning } from '../../domain/dialect.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { ownExtras } from '../own-extras.ts';
import { failureWords } from '../result-text.ts';
import { textOfFile } from '../text-file.ts';
import { shortToolId } from '../tool-ids.ts';

/** The conversation as input items, in its own order: instructions stay where they were. */
export function toWireInput({ messages }: Conversation, warnings: Warning[]): JsonObject[] {
  return messages.flatMap((message) => toWireItems(message, warnings));
}

function toWireItems(message: Message, warnings: Warning[]): JsonObject[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: message.content.map(({ text }) => text).join('\n') }];
    case 'user':
      return [{ role: 'user', content: toWireContent(message.content) }];
    case 'assistant':
      return toAnswerItems(message.content, warnings);
    case 'tool':
      return message.content.map(toWireResult);
  }
}

function toWireContent(parts: readonly UserPart[]): JsonValue {
  const [first] = parts;
  return parts.length === 1 && first?.type === 'text' ? first.text : parts.map(toWirePart);
}

function toWirePart(part: UserPart): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: part.text };
    case 'image':
      return toWireImage(part);
    case 'file':
      return toWireFile(part);
    case 'audio':
      return { type: 'input_audio', input_audio: { data: part.data, format: part.format } };
  }
}

/** The address is a plain string here. */
function toWireImage({ source, detail }: ImagePart): JsonObject {
  return { type: 'input_image', image_url: urlOf(source), ...(detail && { detail }) };
}

/** A text file is text: not every vendor reads it as a file. */
function toWireFile({ source, filename }: FilePart): JsonObject {
  const text = textOfFile(source);
  if (text !== undefined) return { type: 'input_text', text };
  if (source.type === 'url') return { type: 'input_file', file_url: source.url };
  return { type: 'input_file', filename: filename ?? 'document.pdf', file_data: urlOf(source) };
}

function urlOf(source: MediaSource): string {
  return source.type === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`;
}

/** Text is a message, a call and reasoning are items of their own; texts side by side are one message. */
function toAnswerItems(parts: readonly AssistantPart[], warnings: Warning[]): JsonObject[] {
  const items: JsonObject[] = [];
  let said: JsonObject[] = [];
  const endMessage = (): void => {
    if (said.length > 0) items.push({ role: 'assistant', content: said });
    said = [];
  };
  for (const part of parts) {
    if (part.type === 'text') said.push({ type: 'output_text', text: part.text });
    else if (part.type === 'refusal') said.push({ type: 'refusal', refusal: part.text });
    else {
      endMessage();
      items.push(
        ...(part.type === 'reasoning' ? toWireReasoning(part, warnings) : [toWireCall(part)]),
      );
    }
  }
  endMessage();
  return items;
}

/** Only reasoning that this provider has encrypted is taken back: it keeps nothing itself. */
function toWireReasoning(part: ReasoningPart, warnings: Warning[]): JsonObject[] {
  const { id, encrypted_content: encrypted } = ownExtras('openai-responses', part);
  if (typeof encrypted !== 'string') {
    warnings.push(LOST_REASONING);
    return [];
  }
  const summary = part.text === '' ? [] : [{ type: 'summary_text', text: part.text }];
  const named = typeof id === 'string' ? { id } : {};
  return [{ type: 'reasoning', ...named, summary, encrypted_content: encrypted }];
}

const LOST_REASONING: Warning = {
  type: 'unsupported',
  field: 'messages',
  message: 'reasoning of earlier turns was left out: it is not encrypted by this provider',
};

type ToolCall = Extract<AssistantPart, { readonly type: 'tool-call' }>;

function toWireCall({ id, name, arguments: json }: ToolCall): JsonObject {
  return { type: 'function_call', call_id: toWireId(id), name, arguments: json };
}

/** A result may hold images and files beside its text; a failed one is marked by its words alone. */
function toWireResult(result: ToolResultPart): JsonObject {
  const { toolCallId, content } = result;
  const failure = failureWords(result);
  const isPlain = content.every(({ type }) => type === 'text');
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const marked = failure === '' ? content : [{ type: 'text' as const, text: failure }, ...content];
  return {
    type: 'function_call_output',
    call_id: toWireId(toolCallId),
    output: isPlain ? failure + text : marked.map(toWirePart),
  };
}

const MAX_ID_LENGTH = 64;

/** Longer ids of other providers are refused. */
function toWireId(id: string): string {
  return id.length > MAX_ID_LENGTH ? shortToolId(id) : id;
}
