import type {
  Conversation,
  FilePart,
  ImagePart,
  MediaSource,
  Message,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../../domain/conversation.ts';
import type { Warning } from '../../domain/dialect.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { ownExtras } from '../own-extras.ts';
import { failureWords } from '../result-text.ts';
import { textOfFile } from '../text-file.ts';
import { shortToolId } from '../tool-ids.ts';
import type { Quirks } from '../vendor.ts';
import { earlierReasoning, LOST_REASONING, losesReasoning, withReasoning } from './reasoning.ts';

type AssistantMessage = Extract<Message, { role: 'assistant' }>;

/** The conversation's messages in the dialect, as the vendor takes them. */
export function toWireMessages(
  conversation: Conversation,
  quirks: Quirks,
  warnings: Warning[],
): JsonObject[] {
  const toolId = quirks.hasShortToolIds === true ? shortToolId : (id: string) => id;
  const context = { quirks, toolId, warnings };
  const toWireMessage = (message: Message): JsonObject[] => {
    switch (message.role) {
      case 'system':
        return [{ role: 'system', content: message.content.map((part) => part.text).join('\n') }];
      case 'user':
        return [{ role: 'user', content: toWireContent(message.content, quirks) }];
      case 'assistant':
        return [toWireAssistant(message, context)];
      case 'tool':
        return toWireResults(message.content, context);
    }
  };
  return conversation.messages.flatMap(toWireMessage);
}

function toWireContent(parts: readonly UserPart[], quirks: Quirks): JsonValue {
  const [first] = parts;
  if (parts.length === 1 && first?.type === 'text') return first.text;
  return parts.map((part) => toWirePart(part, quirks));
}

function toWirePart(part: UserPart, quirks: Quirks): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image':
      return toWireImage(part);
    case 'file':
      return toWireFile(part, quirks);
    case 'audio':
      return { type: 'input_audio', input_audio: { data: part.data, format: part.format } };
  }
}

function toWireImage(part: ImagePart): JsonObject {
  const url = urlOf(part.source);
  return { type: 'image_url', image_url: { url, ...(part.detail && { detail: part.detail }) } };
}

/** Files are PDFs in this dialect: what is plain text is sent as text. */
function toWireFile(part: FilePart, { filePart }: Quirks): JsonObject {
  const text = textOfFile(part.source);
  if (text !== undefined) return { type: 'text', text };
  const url = urlOf(part.source);
  if (filePart === 'document_url') return { type: 'document_url', document_url: url };
  return { type: 'file', file: { filename: part.filename ?? 'document.pdf', file_data: url } };
}

function urlOf(source: MediaSource): string {
  return source.type === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`;
}

type Context = {
  readonly quirks: Quirks;
  readonly toolId: (id: string) => string;
  readonly warnings: Warning[];
};

function toWireAssistant(message: AssistantMessage, context: Context): JsonObject {
  const { quirks, warnings } = context;
  const texts = message.content.filter((part) => part.type === 'text');
  const refusal = message.content.find((part) => part.type === 'refusal');
  const calls = message.content.filter((part) => part.type === 'tool-call');
  const reasoning = earlierReasoning(message.content.filter((part) => part.type === 'reasoning'));
  if (losesReasoning(reasoning, quirks)) warnings.push(LOST_REASONING);
  const text = texts.map((part) => part.text).join('');
  const wire = {
    role: 'assistant',
    // A turn that only calls tools says nothing; any other has to say something, if only an empty text.
    content: texts.length === 0 && calls.length > 0 ? null : text,
    ...(refusal === undefined ? {} : { refusal: refusal.text }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map((call) => toWireCall(call, context)) }),
  };
  return withReasoning(wire, reasoning, quirks);
}

/** A signature goes back only to vendors that do not check messages strictly. */
function toWireCall(part: ToolCallPart, { quirks, toolId }: Context): JsonObject {
  const { id, name, arguments: text } = part;
  const { extra_content: content } = ownExtras('openai', part);
  const isTaken = content !== undefined && quirks.messageFields === undefined;
  return {
    id: toolId(id),
    type: 'function',
    function: { name, arguments: text },
    ...(isTaken ? { extra_content: content } : {}),
  };
}

function textOf(part: ToolResultPart['content'][number]): string {
  return part.type === 'text' ? part.text : '';
}

/** Tool messages hold text only: media of a result follow in a user message. */
function toWireResults(
  results: readonly ToolResultPart[],
  { quirks, toolId, warnings }: Context,
): JsonObject[] {
  const messages: JsonObject[] = results.map((result) => ({
    role: 'tool',
    tool_call_id: toolId(result.toolCallId),
    content: failureWords(result) + result.content.map(textOf).join(''),
  }));
  const media = results.flatMap((result) => result.content.filter((part) => part.type !== 'text'));
  if (media.length === 0) return messages;
  warnings.push({
    type: 'changed',
    field: 'messages',
    message: 'images of a tool result were sent in a user message behind it',
  });
  return [...messages, { role: 'user', content: media.map((part) => toWirePart(part, quirks)) }];
}
