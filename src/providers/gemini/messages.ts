import type {
  AssistantPart,
  AudioPart,
  Conversation,
  FilePart,
  ImagePart,
  Message,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../../domain/conversation.ts';
import type { Warning } from '../../domain/dialect.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../domain/json.ts';
import { ownExtras } from '../own-extras.ts';

type WireTurn = { readonly role: 'user' | 'model'; readonly parts: readonly JsonObject[] };

export type WireContents = {
  readonly systemInstruction: JsonObject | undefined;
  readonly contents: readonly WireTurn[];
};

/** Accepted in place of a signature for calls that another model made (Gemini 3's documentation). */
const FOREIGN_SIGNATURE = 'skip_thought_signature_validator';
/** From here on calls have signatures and ids, and results may hold media. */
const THIRD_GENERATION = /gemini-(?:[3-9]|\d\d|(?:pro|flash|flash-lite)-latest)/;

/** Turns of user and model; instructions stand beside them, wherever in the conversation they were. */
export function toWireContents(
  conversation: Conversation,
  upstreamModel: string,
  warnings: Warning[],
): WireContents {
  const { messages } = conversation;
  const context = { isThird: THIRD_GENERATION.test(upstreamModel), warnings };
  const begin = messages.findIndex(({ role }) => role !== 'system');
  const isLate = begin >= 0 && messages.slice(begin).some(({ role }) => role === 'system');
  if (isLate) warnings.push(MOVED_SYSTEM);
  const system = messages
    .flatMap((message) => (message.role === 'system' ? message.content : []))
    .filter(({ text }) => text !== '');
  const toTurn = (message: Message): WireTurn[] => {
    switch (message.role) {
      case 'system':
        return [];
      case 'user':
        return turn('user', message.content.flatMap(toWirePart));
      case 'assistant':
        return turn('model', toModelParts(message.content, context));
      case 'tool':
        return turn(
          'user',
          message.content.flatMap((result) => toResultParts(result, context)),
        );
    }
  };
  return {
    systemInstruction:
      system.length === 0 ? undefined : { parts: system.map(({ text }) => ({ text })) },
    contents: joinTurns(messages.flatMap(toTurn)),
  };
}

const MOVED_SYSTEM: Warning = {
  type: 'changed',
  field: 'messages',
  message: 'instructions inside the conversation were moved above it',
};

/** Contents without any part are refused. */
function turn(role: WireTurn['role'], parts: readonly JsonObject[]): WireTurn[] {
  return parts.length === 0 ? [] : [{ role, parts }];
}

function joinTurns(turns: readonly WireTurn[]): WireTurn[] {
  const joined: WireTurn[] = [];
  for (const next of turns) {
    const last = joined.at(-1);
    if (last?.role !== next.role) joined.push(next);
    else joined[joined.length - 1] = { ...last, parts: [...last.parts, ...next.parts] };
  }
  return joined;
}

type Context = { readonly isThird: boolean; readonly warnings: Warning[] };

function toWirePart(part: UserPart): JsonObject[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ text: part.text, ...ownExtras('gemini', part) }];
    case 'image':
    case 'file':
      return [toWireMedia(part)];
    case 'audio':
      return [toWireAudio(part)];
  }
}

function toWireMedia({ type, source }: ImagePart | FilePart): JsonObject {
  if (source.type === 'base64') {
    return { inlineData: { mimeType: source.mediaType, data: source.data } };
  }
  const mimeType = source.mediaType ?? mediaTypeOf(source.url, type);
  return { fileData: { mimeType, fileUri: source.url } };
}

/** A media type must be named; that of an address shows in its ending, or is the usual one. */
function mediaTypeOf(url: string, type: 'image' | 'file'): string {
  const ending = ENDING.exec(url)?.[1]?.toLowerCase() ?? '';
  return MEDIA_TYPES[ending] ?? (type === 'image' ? 'image/jpeg' : 'application/pdf');
}

const ENDING = /\.([a-z0-9]{2,5})(?:[?#].*)?$/i;
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
  heif: 'image/heif',
  pdf: 'application/pdf',
  txt: 'text/plain',
  csv: 'text/csv',
  html: 'text/html',
};

function toWireAudio({ data, format }: AudioPart): JsonObject {
  return { inlineData: { mimeType: `audio/${format}`, data } };
}

function toModelParts(content: readonly AssistantPart[], context: Context): JsonObject[] {
  const calls = content.filter((part) => part.type === 'tool-call');
  const isSigned = calls.some((call) => 'thoughtSignature' in ownExtras('gemini', call));
  const bareCall = context.isThird && !isSigned ? calls[0] : undefined;
  return content.flatMap((part) => toModelPart(part, part === bareCall, context));
}

/** Of parallel calls only the first has a signature; `isBare` is the first of a turn that has none. */
function toModelPart(part: AssistantPart, isBare: boolean, context: Context): JsonObject[] {
  const own = part.type === 'refusal' ? {} : ownExtras('gemini', part);
  const isSigned = 'thoughtSignature' in own;
  switch (part.type) {
    case 'text':
      return part.text === '' && !isSigned ? [] : [{ text: part.text, ...own }];
    case 'refusal':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'reasoning':
      if (isSigned) return [{ text: part.text, thought: true, ...own }];
      if (part.text !== '') context.warnings.push(LOST_REASONING);
      return [];
    case 'tool-call':
      return [toWireCall(part, isBare, context)];
  }
}

const LOST_REASONING: Warning = {
  type: 'unsupported',
  field: 'messages',
  message: 'reasoning of earlier turns was left out: the model does not take it',
};

function toWireCall(part: ToolCallPart, isBare: boolean, { isThird }: Context): JsonObject {
  const args = parseJson(part.arguments);
  const id = isThird ? { id: part.id } : {};
  return {
    functionCall: { ...id, name: part.name, args: isJsonObject(args) ? args : {} },
    ...(isBare ? { thoughtSignature: FOREIGN_SIGNATURE } : {}),
    ...ownExtras('gemini', part),
  };
}

/**
 * Results are linked by the tool's name, and by the id where calls have one; they must be objects.
 * Media stand inside them from the third generation on, before that beside them.
 */
function toResultParts(result: ToolResultPart, { isThird, warnings }: Context): JsonObject[] {
  const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const media = result.content.filter((part) => part.type !== 'text').map(toWireMedia);
  if (media.length > 0 && !isThird) warnings.push(MOVED_MEDIA);
  if (result.toolName === undefined) warnings.push(UNLINKED);
  const name = result.toolName ?? result.toolCallId;
  const response = responseOf(text, result.isError);
  if (!isThird) return [{ functionResponse: { name, response } }, ...media];
  const parts = media.length === 0 ? {} : { parts: media };
  return [{ functionResponse: { id: result.toolCallId, name, response, ...parts } }];
}

const MOVED_MEDIA: Warning = {
  type: 'changed',
  field: 'messages',
  message: 'images of a tool result were sent beside it',
};

const UNLINKED: Warning = {
  type: 'changed',
  field: 'messages',
  message: 'a tool result belongs to no call of the conversation: it was sent under its id',
};

function responseOf(text: string, isError: boolean): JsonObject {
  if (isError) return { error: text };
  const json = parseJson(text);
  return isJsonObject(json) ? json : { result: text };
}
