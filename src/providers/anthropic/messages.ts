import type {
  AssistantPart,
  Conversation,
  Extras,
  FilePart,
  ImagePart,
  MediaSource,
  Message,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../../domain/conversation.ts';
import type { Warning } from '../../domain/dialect.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../../domain/json.ts';
import { ownExtras } from '../own-extras.ts';
import { textOfFile } from '../text-file.ts';

type WireTurn = { readonly role: 'user' | 'assistant'; readonly content: readonly JsonObject[] };

export type WireMessages = {
  readonly system: JsonValue | undefined;
  readonly messages: readonly WireTurn[];
};

/**
 * Turns of user and assistant. Instructions stand above them, wherever in the conversation they were;
 * all results of one turn's tool calls come in one message, before any text.
 */
export function toWireMessages(conversation: Conversation, warnings: Warning[]): WireMessages {
  const { messages } = conversation;
  const begin = messages.findIndex(({ role }) => role !== 'system');
  const isLate = begin >= 0 && messages.slice(begin).some(({ role }) => role === 'system');
  if (isLate) warnings.push(MOVED_SYSTEM);
  const system = messages.flatMap((message) => (message.role === 'system' ? message.content : []));
  return {
    system: toWireSystem(system),
    messages: joinTurns(messages.flatMap((message) => toWireTurn(message, warnings))),
  };
}

const MOVED_SYSTEM: Warning = {
  type: 'changed',
  field: 'messages',
  message: 'instructions inside the conversation were moved above it',
};

function toWireSystem(parts: readonly TextPart[]): JsonValue | undefined {
  const texts = parts.filter(({ text }) => text !== '');
  if (texts.length === 0) return undefined;
  if (texts.every(({ extras }) => extras?.['anthropic'] === undefined)) {
    return texts.map(({ text }) => text).join('\n\n');
  }
  return texts.map(toWireText);
}

function toWireTurn(message: Message, warnings: Warning[]): WireTurn[] {
  switch (message.role) {
    case 'system':
      return [];
    case 'user':
      return turn(
        'user',
        message.content.flatMap((part) => toWirePart(part, warnings)),
      );
    case 'assistant':
      return turn(
        'assistant',
        message.content.flatMap((part) => toWireBlock(part, warnings)),
      );
    case 'tool':
      return turn(
        'user',
        message.content.map((result) => toWireResult(result, warnings)),
      );
  }
}

/** Messages without any block are refused. */
function turn(role: WireTurn['role'], content: readonly JsonObject[]): WireTurn[] {
  return content.length === 0 ? [] : [{ role, content }];
}

function joinTurns(turns: readonly WireTurn[]): WireTurn[] {
  const joined: WireTurn[] = [];
  for (const next of turns) {
    const last = joined.at(-1);
    if (last?.role !== next.role) joined.push(next);
    else joined[joined.length - 1] = { ...last, content: [...last.content, ...next.content] };
  }
  return joined;
}

/** Cache marks and signatures, given back as they came. */
function ownFields(part: { readonly extras?: Extras }): JsonObject {
  return ownExtras('anthropic', part);
}

/** Empty text is refused. */
function toWireText(part: TextPart): JsonObject {
  return { type: 'text', text: part.text, ...ownFields(part) };
}

function toWirePart(part: UserPart, warnings: Warning[]): JsonObject[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [toWireText(part)];
    case 'image':
      return [toWireImage(part)];
    case 'file':
      return [toWireFile(part)];
    case 'audio':
      warnings.push({ type: 'unsupported', field: 'messages', message: 'audio was left out' });
      return [];
  }
}

function toWireImage(part: ImagePart): JsonObject {
  return { type: 'image', source: toWireSource(part.source), ...ownFields(part) };
}

function toWireFile(part: FilePart): JsonObject {
  const title = part.filename === undefined ? {} : { title: part.filename };
  return { type: 'document', source: toWireSource(part.source), ...title, ...ownFields(part) };
}

function toWireSource(source: MediaSource): JsonObject {
  if (source.type === 'url') return { type: 'url', url: source.url };
  const text = textOfFile(source);
  if (text !== undefined) return { type: 'text', media_type: 'text/plain', data: text };
  return { type: 'base64', media_type: source.mediaType, data: source.data };
}

function toWireBlock(part: AssistantPart, warnings: Warning[]): JsonObject[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [toWireText(part)];
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'reasoning':
      return toWireThinking(part.text, ownFields(part), warnings);
    case 'tool-call': {
      const { id, name, arguments: json } = part;
      const input = parseJson(json);
      const args = isJsonObject(input) ? input : {};
      return [{ type: 'tool_use', id: toWireId(id), name, input: args, ...ownFields(part) }];
    }
  }
}

/** Only thinking that this provider has signed is taken back. */
function toWireThinking(text: string, own: JsonObject, warnings: Warning[]): JsonObject[] {
  const { signature, redacted } = own;
  if (typeof redacted === 'string') return [{ type: 'redacted_thinking', data: redacted }];
  if (typeof signature === 'string') return [{ type: 'thinking', thinking: text, signature }];
  warnings.push({
    type: 'unsupported',
    field: 'messages',
    message: 'reasoning of earlier turns was left out: it is not signed by this provider',
  });
  return [];
}

function toWireResult(result: ToolResultPart, warnings: Warning[]): JsonObject {
  const { content } = result;
  const isPlain = content.every((part) => part.type === 'text' && part.extras === undefined);
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  return {
    type: 'tool_result',
    tool_use_id: toWireId(result.toolCallId),
    content: isPlain ? text : content.flatMap((part) => toWirePart(part, warnings)),
    ...(result.isError ? { is_error: true } : {}),
    ...ownFields(result),
  };
}

const NOT_IN_IDS = /[^a-zA-Z0-9_-]/g;

/** Ids of other providers may hold characters that this one refuses. */
function toWireId(id: string): string {
  return id.replace(NOT_IN_IDS, '_');
}
