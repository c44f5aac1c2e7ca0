import type {
  AssistantPart,
  Conversation,
  Extras,
  FilePart,
  Message,
  ReasoningPart,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../../domain/conversation.ts';
import type { Warning } from '../../domain/dialect.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../../domain/json.ts';
import { ownExtras } from '../own-extras.ts';
import { type Family, takesCacheMarks } from './family.ts';
import { documentWriter, toWireAudio, toWireImage } from './media.ts';

type WireTurn = { readonly role: 'user' | 'assistant'; readonly content: readonly JsonObject[] };

export type WireMessages = {
  readonly system: readonly JsonObject[];
  readonly messages: readonly WireTurn[];
};

/** What the conversion of one conversation shares. */
type Writing = {
  readonly family: Family;
  readonly warnings: Warning[];
  readonly toWireDocument: (part: FilePart) => JsonObject[];
};

/**
 * Turns of user and assistant, which must alternate. Instructions stand above them, wherever in the
 * conversation they were; all results of one turn's tool calls come in one message, before any text.
 */
export function toWireMessages(
  { messages }: Conversation,
  family: Family,
  warnings: Warning[],
): WireMessages {
  const writing = { family, warnings, toWireDocument: documentWriter(warnings) };
  const begin = messages.findIndex(({ role }) => role !== 'system');
  const isLate = begin >= 0 && messages.slice(begin).some(({ role }) => role === 'system');
  if (isLate) warnings.push(MOVED_SYSTEM);
  const system = messages.flatMap((message) => (message.role === 'system' ? message.content : []));
  return {
    system: system.flatMap((part) => toWireText(part, writing)),
    messages: joinTurns(messages.flatMap((message) => toWireTurn(message, writing))).map((turn) =>
      withText(turn, warnings),
    ),
  };
}

const MOVED_SYSTEM: Warning = {
  type: 'changed',
  field: 'messages',
  message: 'instructions inside the conversation were moved above it',
};

function toWireTurn(message: Message, writing: Writing): WireTurn[] {
  switch (message.role) {
    case 'system':
      return [];
    case 'user':
      return turnOf(
        'user',
        message.content.flatMap((part) => toWirePart(part, writing)),
      );
    case 'assistant':
      return turnOf(
        'assistant',
        message.content.flatMap((part) => toWireBlock(part, writing)),
      );
    case 'tool':
      return turnOf(
        'user',
        message.content.flatMap((result) => toWireResult(result, writing)),
      );
  }
}

/** Messages without any block are refused. */
function turnOf(role: WireTurn['role'], content: readonly JsonObject[]): WireTurn[] {
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

/** A document without any text beside it is refused. */
function withText(turn: WireTurn, warnings: Warning[]): WireTurn {
  const { content } = turn;
  const place = content.findIndex((block) => 'document' in block);
  if (place < 0 || content.some((block) => 'text' in block)) return turn;
  warnings.push(ADDED_TEXT);
  return { ...turn, content: content.toSpliced(place, 0, { text: 'Read the document.' }) };
}

const ADDED_TEXT: Warning = {
  type: 'changed',
  field: 'messages',
  message: 'a short text was put before a document, which cannot stand alone',
};

/** Empty text is refused. */
function toWireText(part: TextPart, writing: Writing): JsonObject[] {
  return part.text === '' ? [] : [{ text: part.text }, ...cacheMark(part, writing.family)];
}

/** A cache mark stands behind what it closes, as a block of its own. */
export function cacheMark(part: { readonly extras?: Extras }, family: Family): JsonObject[] {
  const mark = ownExtras('anthropic', part)['cache_control'];
  if (!isJsonObject(mark) || !takesCacheMarks(family)) return [];
  const { ttl } = mark;
  return [{ cachePoint: { type: 'default', ...(typeof ttl === 'string' ? { ttl } : {}) } }];
}

function toWirePart(part: UserPart, writing: Writing): JsonObject[] {
  switch (part.type) {
    case 'text':
      return toWireText(part, writing);
    case 'image':
      return [...toWireImage(part, writing.warnings), ...cacheMark(part, writing.family)];
    case 'file':
      return [...writing.toWireDocument(part), ...cacheMark(part, writing.family)];
    case 'audio':
      return [toWireAudio(part)];
  }
}

function toWireBlock(part: AssistantPart, writing: Writing): JsonObject[] {
  switch (part.type) {
    case 'text':
      return toWireText(part, writing);
    case 'refusal':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'reasoning':
      return toWireReasoning(part, writing);
    case 'tool-call': {
      const { id, name, arguments: json } = part;
      const args = parseJson(json);
      const input = isJsonObject(args) ? args : {};
      const block = { toolUse: { toolUseId: toWireId(id), name, input } };
      return [block, ...cacheMark(part, writing.family)];
    }
  }
}

/** Only Claude takes its thinking back, and only when it has signed it. */
function toWireReasoning(part: ReasoningPart, { family, warnings }: Writing): JsonObject[] {
  const { signature, redacted } = ownExtras('anthropic', part);
  if (family === 'claude' && typeof redacted === 'string' && isBinary(redacted)) {
    return [{ reasoningContent: { redactedContent: btoa(redacted) } }];
  }
  if (family === 'claude' && typeof signature === 'string') {
    return [{ reasoningContent: { reasoningText: { text: part.text, signature } } }];
  }
  warnings.push({
    type: 'unsupported',
    field: 'messages',
    message: 'reasoning of earlier turns was left out: it is not signed by this model',
  });
  return [];
}

/** What can be base64: one byte a character. */
function isBinary(text: string): boolean {
  return !NOT_BINARY.test(text);
}

const NOT_BINARY = /[\u0100-\uffff]/;

function toWireResult(result: ToolResultPart, writing: Writing): JsonObject[] {
  const { toolCallId, content, isError, extras } = result;
  const blocks = content.flatMap((part): JsonObject[] => {
    // A cache mark may stand behind a result, not inside it.
    return toWirePart({ ...part, extras: {} }, writing);
  });
  const status: JsonObject = isError ? { status: 'error' } : {};
  const toolResult: JsonValue = { toolUseId: toWireId(toolCallId), content: blocks, ...status };
  return [{ toolResult }, ...cacheMark(extras === undefined ? {} : { extras }, writing.family)];
}

const NOT_IN_IDS = /[^a-zA-Z0-9_-]/g;
const MAX_ID_LENGTH = 64;

/** Ids of other providers may be longer, or hold characters that this one refuses. */
function toWireId(id: string): string {
  return id.replace(NOT_IN_IDS, '_').slice(-MAX_ID_LENGTH);
}
