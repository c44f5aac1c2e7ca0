import type {
  AssistantPart,
  AudioPart,
  Conversation,
  MediaSource,
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
const NEEDS_SIGNATURES = /gemini-(?:[3-9]|\d\d)/;

/** Turns of user and model; instructions stand beside them, wherever in the conversation they were. */
export function toWireContents(
  conversation: Conversation,
  upstreamModel: string,
  warnings: Warning[],
): WireContents {
  const { messages } = conversation;
  const needsSignatures = NEEDS_SIGNATURES.test(upstreamModel);
  const system = messages.flatMap((message) => (message.role === 'system' ? message.content : []));
  const toTurn = (message: Message): WireTurn[] => {
    switch (message.role) {
      case 'system':
        return [];
      case 'user':
        return turn('user', message.content.flatMap(toWirePart));
      case 'assistant':
        return turn('model', toModelParts(message.content, needsSignatures, warnings));
      case 'tool':
        return turn(
          'user',
          message.content.flatMap((result) => toResultParts(result, warnings)),
        );
    }
  };
  return {
    systemInstruction:
      system.length === 0 ? undefined : { parts: system.map(({ text }) => ({ text })) },
    contents: joinTurns(messages.flatMap(toTurn)),
  };
}

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

function toWirePart(part: UserPart): JsonObject[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ text: part.text, ...ownExtras('gemini', part) }];
    case 'image':
    case 'file':
      return [toWireMedia(part.source)];
    case 'audio':
      return [toWireAudio(part)];
  }
}

function toWireMedia(source: MediaSource): JsonObject {
  if (source.type === 'base64') {
    return { inlineData: { mimeType: source.mediaType, data: source.data } };
  }
  const mimeType = source.mediaType === undefined ? {} : { mimeType: source.mediaType };
  return { fileData: { ...mimeType, fileUri: source.url } };
}

function toWireAudio({ data, format }: AudioPart): JsonObject {
  return { inlineData: { mimeType: `audio/${format}`, data } };
}

function toModelParts(
  content: readonly AssistantPart[],
  needsSignatures: boolean,
  warnings: Warning[],
): JsonObject[] {
  const calls = content.filter((part) => part.type === 'tool-call');
  const isSigned = calls.some((call) => 'thoughtSignature' in ownExtras('gemini', call));
  const bareCall = needsSignatures && !isSigned ? calls[0] : undefined;
  if (content.some((part) => part.type === 'reasoning' && part.text !== '')) {
    warnings.push(LOST_REASONING);
  }
  return content.flatMap((part) => toModelPart(part, part === bareCall));
}

/** Of parallel calls only the first has a signature; `isBare` is the first of a turn that has none. */
function toModelPart(part: AssistantPart, isBare: boolean): JsonObject[] {
  switch (part.type) {
    case 'text': {
      const own = ownExtras('gemini', part);
      return part.text === '' && !('thoughtSignature' in own) ? [] : [{ text: part.text, ...own }];
    }
    case 'refusal':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'reasoning':
      return [];
    case 'tool-call':
      return [toWireCall(part, isBare)];
  }
}

const LOST_REASONING: Warning = {
  type: 'unsupported',
  field: 'messages',
  message: 'reasoning of earlier turns was left out: the model does not take it',
};

function toWireCall(part: ToolCallPart, isBare: boolean): JsonObject {
  const args = parseJson(part.arguments);
  return {
    functionCall: { name: part.name, args: isJsonObject(args) ? args : {} },
    ...(isBare ? { thoughtSignature: FOREIGN_SIGNATURE } : {}),
    ...ownExtras('gemini', part),
  };
}

/** Results are linked by the tool's name and must be objects; their media follow beside them. */
function toResultParts(result: ToolResultPart, warnings: Warning[]): JsonObject[] {
  const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const media = result.content.filter((part) => part.type !== 'text');
  if (media.length > 0) warnings.push(MOVED_MEDIA);
  if (result.toolName === undefined) warnings.push(UNLINKED);
  const name = result.toolName ?? result.toolCallId;
  return [
    { functionResponse: { name, response: responseOf(text, result.isError) } },
    ...media.map(({ source }) => toWireMedia(source)),
  ];
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
