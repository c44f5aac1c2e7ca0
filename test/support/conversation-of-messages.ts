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
import { readJsonText } from '../../src/domain/json-text.ts';
import { aConversation } from './builders.ts';

/*
 * Recorded Messages requests in our words, for tests of the wires alone: the callers' own door reads
 * the dialect exactly. What has no word of ours becomes a warning.
 */

type Turn = { readonly role: string; readonly content: JsonValue };

/** The conversation of a recorded Messages request. */
export function conversationOfMessages(recorded: unknown): Conversation {
  const body = readJsonText(JSON.stringify(recorded));
  if (!('members' in body)) throw new Error(body.message);
  const request = body.value;
  const warnings: Warning[] = [];
  const toolNames = new Map<string, string>();
  const turns = listIn(request['messages']) as unknown as readonly Turn[]; // recorded, so that it is
  const offered = listIn(request['tools']).filter(isJsonObject);
  for (const tool of offered.filter(({ input_schema: schema }) => schema === undefined)) {
    warnings.push({ type: 'unsupported', field: 'tools', message: `${tool['name']} was left out` });
  }
  return aConversation({
    messages: [
      ...systemOf(request['system']),
      ...turns.flatMap((turn) => messagesOf(turn, toolNames, warnings)),
    ],
    tools: offered
      .filter(({ input_schema: schema }) => isJsonObject(schema))
      .map(({ name, description, input_schema: schema }) => ({
        name: String(name),
        description: typeof description === 'string' ? description : undefined,
        parameters: schema as JsonObject, // filtered above
      })),
    maxOutputTokens: Number(request['max_tokens']),
    stop: listIn(request['stop_sequences']).map(String),
    stream: request['stream'] === true,
    native: {
      dialect: 'anthropic-messages',
      body,
      fields: new Set(body.members.keys()),
      untranslatable: [],
    },
    warnings,
  });
}

function listIn(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function blocksOf(content: JsonValue | undefined): readonly JsonObject[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return listIn(content).map((block) =>
    isJsonObject(block) ? block : { type: 'text', text: String(block) },
  );
}

function systemOf(system: JsonValue | undefined): Message[] {
  const content = blocksOf(system).map(textOf);
  return content.length === 0 ? [] : [{ role: 'system', content }];
}

function textOf(block: JsonObject): TextPart {
  const { text, cache_control: mark } = block;
  const extras = mark === undefined ? {} : { extras: { anthropic: { cache_control: mark } } };
  return { type: 'text', text: String(text), ...extras };
}

/** Results come first in their turn, as a message of their own. */
function messagesOf(turn: Turn, toolNames: Map<string, string>, warnings: Warning[]): Message[] {
  const blocks = blocksOf(turn.content);
  for (const { type, id, name } of blocks)
    if (type === 'tool_use') toolNames.set(String(id), String(name));
  if (turn.role === 'assistant') {
    return [
      { role: 'assistant', content: blocks.flatMap((block) => assistantPart(block, warnings)) },
    ];
  }
  const results = blocks.filter(({ type }) => type === 'tool_result');
  const others = blocks.filter(({ type }) => type !== 'tool_result');
  const parts = others.flatMap((block) => userPart(block, warnings));
  const asked: Message[] = parts.length === 0 ? [] : [{ role: 'user', content: parts }];
  if (results.length === 0) return asked;
  const content = results.map((result) => resultOf(result, toolNames, warnings));
  return [{ role: 'tool', content }, ...asked];
}

function assistantPart(block: JsonObject, warnings: Warning[]): AssistantPart[] {
  const { type, thinking, signature, data, id, name, input } = block;
  switch (type) {
    case 'text':
      return [textOf(block)];
    case 'thinking':
      return [
        {
          type: 'reasoning',
          text: String(thinking),
          extras: { anthropic: { signature: String(signature) } },
        },
      ];
    case 'redacted_thinking':
      return [{ type: 'reasoning', text: '', extras: { anthropic: { redacted: String(data) } } }];
    case 'tool_use':
      return [
        { type: 'tool-call', id: String(id), name: String(name), arguments: JSON.stringify(input) },
      ];
    default:
      return leftOut(block, warnings);
  }
}

function userPart(block: JsonObject, warnings: Warning[]): (TextPart | ImagePart | FilePart)[] {
  const source = sourceOf(block['source']);
  if (block['type'] === 'text') return [textOf(block)];
  if (block['type'] === 'image' && source) return [{ type: 'image', source }];
  if (block['type'] === 'document' && source) return [{ type: 'file', source }];
  return leftOut(block, warnings);
}

function sourceOf(value: JsonValue | undefined): MediaSource | undefined {
  if (!isJsonObject(value)) return undefined;
  const { type, media_type: mediaType, data, url } = value;
  if (type === 'url') return { type: 'url', url: String(url) };
  if (type === 'base64')
    return { type: 'base64', mediaType: String(mediaType), data: String(data) };
  if (type !== 'text') return undefined;
  return {
    type: 'base64',
    mediaType: 'text/plain',
    data: Buffer.from(String(data)).toString('base64'),
  };
}

function resultOf(
  block: JsonObject,
  toolNames: ReadonlyMap<string, string>,
  warnings: Warning[],
): ToolResultPart {
  const toolCallId = String(block['tool_use_id']);
  return {
    type: 'tool-result',
    toolCallId,
    toolName: toolNames.get(toolCallId),
    content: blocksOf(block['content']).flatMap((part) => userPart(part, warnings)),
    isError: block['is_error'] === true,
  };
}

function leftOut({ type }: JsonObject, warnings: Warning[]): [] {
  warnings.push({ type: 'unsupported', field: 'messages', message: `${type} was left out` });
  return [];
}
