import type {
  Conversation,
  FilePart,
  ImagePart,
  MediaSource,
  Message,
  ToolResultPart,
  UserPart,
} from '../../domain/conversation.ts';
import type { Warning } from '../../domain/dialect.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { shortToolId } from '../tool-ids.ts';
import type { Quirks } from '../vendor.ts';

type AssistantMessage = Extract<Message, { role: 'assistant' }>;

/** The conversation's messages in the dialect, as the vendor takes them. */
export function toWireMessages(
  conversation: Conversation,
  quirks: Quirks,
  warnings: Warning[],
): JsonObject[] {
  const toolId = quirks.hasShortToolIds === true ? shortToolId : (id: string) => id;
  const toWireMessage = (message: Message): JsonObject[] => {
    switch (message.role) {
      case 'system':
        return [{ role: 'system', content: message.content.map((part) => part.text).join('\n') }];
      case 'user':
        return [{ role: 'user', content: toWireContent(message.content) }];
      case 'assistant':
        return [toWireAssistant(message, toolId, warnings)];
      case 'tool':
        return toWireResults(message.content, toolId, warnings);
    }
  };
  return conversation.messages.flatMap(toWireMessage);
}

function toWireContent(parts: readonly UserPart[]): JsonValue {
  const [first] = parts;
  if (parts.length === 1 && first?.type === 'text') return first.text;
  return parts.map(toWirePart);
}

function toWirePart(part: UserPart): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image':
      return toWireImage(part);
    case 'file':
      return toWireFile(part);
    case 'audio':
      return { type: 'input_audio', input_audio: { data: part.data, format: part.format } };
  }
}

function toWireImage(part: ImagePart): JsonObject {
  const url = urlOf(part.source);
  return { type: 'image_url', image_url: { url, ...(part.detail && { detail: part.detail }) } };
}

function toWireFile(part: FilePart): JsonObject {
  const filename = part.filename ?? 'document.pdf';
  return { type: 'file', file: { filename, file_data: urlOf(part.source) } };
}

function urlOf(source: MediaSource): string {
  return source.type === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`;
}

function toWireAssistant(
  message: AssistantMessage,
  toolId: (id: string) => string,
  warnings: Warning[],
): JsonObject {
  const texts: string[] = [];
  const toolCalls: JsonObject[] = [];
  let refusal: string | undefined;
  for (const part of message.content) {
    if (part.type === 'text') texts.push(part.text);
    else if (part.type === 'refusal') refusal = part.text;
    else if (part.type === 'reasoning') warnings.push(LOST_REASONING);
    else {
      const { id, name, arguments: text } = part;
      toolCalls.push({ id: toolId(id), type: 'function', function: { name, arguments: text } });
    }
  }
  return {
    role: 'assistant',
    content: texts.length === 0 ? null : texts.join(''),
    ...(refusal === undefined ? {} : { refusal }),
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
  };
}

const LOST_REASONING: Warning = {
  type: 'unsupported',
  field: 'messages',
  message: 'reasoning of earlier turns was left out: the model does not take it',
};

/** Tool messages hold text only: media of a result follow in a user message. */
function toWireResults(
  results: readonly ToolResultPart[],
  toolId: (id: string) => string,
  warnings: Warning[],
): JsonObject[] {
  const messages: JsonObject[] = results.map((result) => ({
    role: 'tool',
    tool_call_id: toolId(result.toolCallId),
    content: result.content.map((part) => (part.type === 'text' ? part.text : '')).join(''),
  }));
  const media = results.flatMap((result) => result.content.filter((part) => part.type !== 'text'));
  if (media.length === 0) return messages;
  warnings.push({
    type: 'changed',
    field: 'messages',
    message: 'images of a tool result were sent in a user message behind it',
  });
  return [...messages, { role: 'user', content: media.map(toWirePart) }];
}
