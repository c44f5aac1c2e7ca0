import type {
  AssistantPart,
  Conversation,
  FilePart,
  ImagePart,
  MediaSource,
  Message,
  TextPart,
  ToolResultPart,
} from '../../src/domain/conversation.ts';
import type { Warning } from '../../src/domain/dialect.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/domain/json.ts';
import { aConversation } from './builders.ts';

/*
 * Recorded generateContent requests in our words, for tests of the wires: no caller speaks the dialect.
 * Names come in two spellings, `functionCall` and `function_call`. What has no word of ours becomes a
 * warning.
 */

/** The conversation of a recorded generateContent request. */
export function conversationOfGemini(recorded: unknown, isStream: boolean): Conversation {
  const request = camel(recorded as JsonValue) as JsonObject; // it came out of JSON.parse
  const warnings: Warning[] = [];
  const config = objectIn(request['generationConfig']);
  return aConversation({
    messages: [
      ...systemOf(request['systemInstruction']),
      ...listIn(request['contents'])
        .filter(isJsonObject)
        .flatMap((turn) => messagesOf(turn, warnings)),
    ],
    tools: listIn(request['tools'])
      .filter(isJsonObject)
      .flatMap((tool) => toolsOf(tool, warnings)),
    maxOutputTokens: numberIn(config['maxOutputTokens']),
    stop: listIn(config['stopSequences']).map(String),
    stream: isStream,
    warnings,
  });
}

/** Schemas and arguments are somebody else's inside: their names stay. */
const FOREIGN = new Set([
  'args',
  'response',
  'parameters',
  'parametersJsonSchema',
  'responseSchema',
]);

function camel(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(camel);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const spelled = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      return [spelled, FOREIGN.has(spelled) ? inner : camel(inner)];
    }),
  );
}

function listIn(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function objectIn(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function numberIn(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function systemOf(instruction: JsonValue | undefined): Message[] {
  const parts = objectIn(instruction)['parts'];
  const texts = (isJsonObject(parts) ? [parts] : listIn(parts)).filter(isJsonObject);
  const content = texts.map(({ text }): TextPart => ({ type: 'text', text: String(text) }));
  return content.length === 0 ? [] : [{ role: 'system', content }];
}

function messagesOf(turn: JsonObject, warnings: Warning[]): Message[] {
  const parts = listIn(turn['parts']).filter(isJsonObject);
  if (turn['role'] === 'model') {
    const content = parts.flatMap((part, at) => modelPart(part, at, warnings));
    return content.length === 0 ? [] : [{ role: 'assistant', content }];
  }
  const results = parts.filter((part) => part['functionResponse'] !== undefined).map(resultOf);
  const asked = parts
    .filter((part) => part['functionResponse'] === undefined)
    .flatMap((part) => userPart(part, warnings));
  return [
    ...(results.length === 0 ? [] : [{ role: 'tool' as const, content: results }]),
    ...(asked.length === 0 ? [] : [{ role: 'user' as const, content: asked }]),
  ];
}

function modelPart(part: JsonObject, at: number, warnings: Warning[]): AssistantPart[] {
  const { text, thought, thoughtSignature: signature, functionCall } = part;
  const extras =
    typeof signature === 'string' ? { extras: { gemini: { thoughtSignature: signature } } } : {};
  if (isJsonObject(functionCall)) {
    const { id, name, args } = functionCall;
    const called = { name: String(name), arguments: JSON.stringify(args ?? {}) };
    return [{ type: 'tool-call', id: String(id ?? `${name}-${at}`), ...called, ...extras }];
  }
  if (typeof text !== 'string') return leftOut(part, warnings);
  return [{ type: thought === true ? 'reasoning' : 'text', text, ...extras }];
}

function userPart(part: JsonObject, warnings: Warning[]): (TextPart | ImagePart | FilePart)[] {
  const { text } = part;
  if (typeof text === 'string') return [{ type: 'text', text }];
  const source = sourceOf(part);
  if (source === undefined) return leftOut(part, warnings);
  const isImage = source.mediaType?.startsWith('image/') === true;
  return [isImage ? { type: 'image', source } : { type: 'file', source }];
}

function sourceOf({ inlineData, fileData }: JsonObject): MediaSource | undefined {
  if (isJsonObject(inlineData)) {
    const { mimeType, data } = inlineData;
    return { type: 'base64', mediaType: String(mimeType), data: String(data) };
  }
  if (!isJsonObject(fileData)) return undefined;
  const { fileUri, mimeType } = fileData;
  return { type: 'url', url: String(fileUri), mediaType: String(mimeType) };
}

/** The id of a result is that of its call; where there is none, the name links the two. */
function resultOf({ functionResponse }: JsonObject): ToolResultPart {
  const { id, name, response, parts } = objectIn(functionResponse);
  const media = listIn(parts).filter(isJsonObject).map(sourceOf);
  return {
    type: 'tool-result',
    toolCallId: String(id ?? name),
    toolName: String(name),
    content: [
      { type: 'text', text: JSON.stringify(response) },
      ...media
        .filter((source) => source !== undefined)
        .map((source): FilePart => ({ type: 'file', source })),
    ],
    isError: false,
  };
}

function toolsOf(tool: JsonObject, warnings: Warning[]): Conversation['tools'] {
  const { functionDeclarations: declared, ...others } = tool;
  for (const name of Object.keys(others)) {
    warnings.push({ type: 'unsupported', field: 'tools', message: `${name} was left out` });
  }
  return listIn(declared)
    .filter(isJsonObject)
    .map(({ name, description, parameters, parametersJsonSchema: schema }) => ({
      name: String(name),
      description: typeof description === 'string' ? description : undefined,
      parameters: objectIn(schema ?? parameters),
    }));
}

function leftOut(part: JsonObject, warnings: Warning[]): [] {
  const message = `${Object.keys(part).join(', ')} was left out`;
  warnings.push({ type: 'unsupported', field: 'messages', message });
  return [];
}
