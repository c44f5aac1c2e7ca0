import type { Answer, ToolCall } from '../answer.ts';
import { editMessage, encodeEvent, encodeMessage } from '../event-message.ts';
import {
  asList,
  asObject,
  asText,
  charactersIn,
  describeData,
  type JsonObject,
  type Prompt,
  type Refusal,
} from '../prompt.ts';
import type { Piece, SimulatedWire, Telling } from '../wire.ts';
import { halvesOf, piecesOf } from '../wire.ts';
import { bedrockCredential, bedrockError, bedrockStreamError } from './bedrock-errors.ts';

/** AWS Bedrock's Converse; a stream is made of binary messages. */
export const bedrockWire: SimulatedWire = {
  name: 'bedrock',
  streamType: 'application/vnd.amazon.eventstream',
  credentialOf: bedrockCredential,
  read,
  whole,
  stream,
  error: bedrockError,
  streamError: bedrockStreamError,
  binary: {
    edit: editMessage,
    broken: encodeMessage(
      { ':event-type': 'contentBlockDelta', ':message-type': 'event' },
      Buffer.from('{"contentBlockIndex":0,"delta":{"te'),
    ),
  },
};

const MODEL = /\/model\/([^/]+)\/converse(-stream)?$/;

function read(body: unknown, url: URL): Prompt | Refusal {
  const request = asObject(body);
  const messages = asList(request['messages']).map(asObject);
  const fault = faultIn(request, messages);
  if (fault !== undefined) return { kind: 'invalid', message: fault };
  const [, model = '', streams] = MODEL.exec(url.pathname) ?? [];
  const last = blocksIn(messages.at(-1));
  const users = messages.filter(({ role }) => role === 'user').flatMap(blocksIn);
  const texts = users.map(({ text }) => asText(text)).filter((text) => text !== '');
  const config = asObject(request['inferenceConfig']);
  const tools = asObject(request['toolConfig']);
  return {
    model: decodeURIComponent(model),
    isStream: streams !== undefined,
    userText: texts.at(-1) ?? '',
    characters: charactersIn([request['system'], messages, tools]),
    attachments: last.flatMap(attachmentIn),
    tools: asList(tools['tools']).flatMap(toolIn),
    toolChoice: choiceIn(asObject(tools['toolChoice'])),
    allowsParallelCalls: true,
    toolResults: last.flatMap(resultIn),
    schema: schemaIn(asObject(request['outputConfig'])),
    maxTokens: typeof config['maxTokens'] === 'number' ? config['maxTokens'] : undefined,
    stops: asList(config['stopSequences']).map(asText),
    wantsReasoning: wantsReasoning(asObject(request['additionalModelRequestFields'])),
    wantsStreamUsage: true,
  };
}

function blocksIn(message: JsonObject | undefined): readonly JsonObject[] {
  return asList(message?.['content']).map(asObject);
}

/** What the service itself refuses, in its words. */
function faultIn(request: JsonObject, messages: readonly JsonObject[]): string | undefined {
  if (messages.length === 0 || messages[0]?.['role'] !== 'user') {
    return 'A conversation must start with a user message. Try again with a conversation that starts with a user message.';
  }
  const repeats = messages.some(({ role }, at) => role === messages[at - 1]?.['role']);
  if (repeats) return 'A conversation must alternate between user and assistant roles.';
  const blocks = messages.flatMap(blocksIn);
  if (blocks.some(({ text }) => text === '')) return 'The text field in the ContentBlock is blank.';
  const usesTools = blocks.some((block) => 'toolUse' in block || 'toolResult' in block);
  if (usesTools && request['toolConfig'] === undefined) {
    return 'The toolConfig field must be defined when using toolUse and toolResult content blocks.';
  }
  const offered = asObject(request['toolConfig'])['tools'];
  if (offered !== undefined && asList(offered).length === 0)
    return 'toolConfig.tools is too short.';
  return undefined;
}

function attachmentIn({ image, document }: JsonObject): readonly string[] {
  if (image === undefined && document === undefined) return [];
  const { format, source } = asObject(image ?? document);
  const mediaType = `${image === undefined ? 'application' : 'image'}/${asText(format)}`;
  return [describeData(mediaType, asText(asObject(source)['bytes']))];
}

function toolIn(tool: unknown): Prompt['tools'] {
  const { toolSpec } = asObject(tool);
  if (toolSpec === undefined) return [];
  const { name, inputSchema } = asObject(toolSpec);
  return [{ name: asText(name), schema: asObject(asObject(inputSchema)['json']) }];
}

function choiceIn({ any, tool }: JsonObject): Prompt['toolChoice'] {
  if (tool !== undefined) return { name: asText(asObject(tool)['name']) };
  return any === undefined ? 'auto' : 'required';
}

function resultIn({ toolResult }: JsonObject): readonly string[] {
  if (toolResult === undefined) return [];
  const parts = asList(asObject(toolResult)['content']).map(asObject);
  return [parts.map(({ text, json }) => asText(text) || JSON.stringify(json ?? '')).join(' ')];
}

function schemaIn(outputConfig: JsonObject): JsonObject | undefined {
  const structure = asObject(asObject(outputConfig['textFormat'])['structure']);
  const schema = asText(asObject(structure['jsonSchema'])['schema']);
  return schema === '' ? undefined : asObject(JSON.parse(schema));
}

function wantsReasoning(fields: JsonObject): boolean {
  const asked = ['thinking', 'reasoningConfig', 'reasoning_effort'];
  return asked.some((name) => fields[name] !== undefined);
}

function whole({ answer }: Telling): unknown {
  return {
    metrics: { latencyMs: 1 },
    output: { message: { role: 'assistant', content: contentOf(answer) } },
    stopReason: stopReasonOf(answer),
    usage: usageOf(answer),
  };
}

function contentOf({ reasoning, text, calls }: Answer): readonly JsonObject[] {
  const blocks: JsonObject[] = [];
  if (reasoning !== '') {
    blocks.push({ reasoningContent: { reasoningText: { text: reasoning, signature: SIGNATURE } } });
  }
  if (text !== '') blocks.push({ text });
  return [
    ...blocks,
    ...calls.map(({ args, ...call }) => ({ toolUse: { ...toolUse(call), input: args } })),
  ];
}

const SIGNATURE = 'c2ltdWxhdGVkLXNpZ25hdHVyZQ==';

function toolUse({ id, name }: Pick<ToolCall, 'id' | 'name'>): JsonObject {
  return { toolUseId: `tooluse_${id}`, name, type: 'tool_use' };
}

function stopReasonOf({ finish }: Answer): string {
  const reasons = {
    stop: 'end_turn',
    'stop-sequence': 'stop_sequence',
    length: 'max_tokens',
    'tool-calls': 'tool_use',
    refusal: 'guardrail_intervened',
  };
  return reasons[finish];
}

/** `inputTokens` leaves out what came from the cache. */
function usageOf({ usage }: Answer): JsonObject {
  const { inputTokens, cachedTokens, outputTokens, reasoningTokens } = usage;
  return {
    inputTokens: inputTokens - cachedTokens,
    outputTokens: outputTokens + reasoningTokens,
    totalTokens: inputTokens + outputTokens + reasoningTokens,
    cacheReadInputTokens: cachedTokens,
    cacheReadInputTokenCount: cachedTokens,
    cacheWriteInputTokens: 0,
    cacheWriteInputTokenCount: 0,
    serverToolUsage: {},
  };
}

/** Usage stands behind the finish. */
function stream({ answer }: Telling): readonly Piece[] {
  return [
    { role: 'head', bytes: event('messageStart', { role: 'assistant' }) },
    ...blockPieces(answer),
    { role: 'finish', bytes: event('messageStop', { stopReason: stopReasonOf(answer) }) },
    {
      role: 'terminal',
      bytes: event('metadata', { metrics: { latencyMs: 1 }, usage: usageOf(answer) }),
    },
  ];
}

type Block = { readonly start?: JsonObject; readonly deltas: readonly JsonObject[] };

/** Only tools have a start. */
function blockPieces({ reasoning, text, calls }: Answer): readonly Piece[] {
  const blocks: Block[] = [];
  if (reasoning !== '') {
    const deltas = piecesOf(reasoning).map((piece) => ({ reasoningContent: { text: piece } }));
    blocks.push({ deltas: [...deltas, { reasoningContent: { signature: SIGNATURE } }] });
  }
  if (text !== '') blocks.push({ deltas: piecesOf(text).map((piece) => ({ text: piece })) });
  return [...blocks, ...calls.map(callBlock)].flatMap(({ start, deltas }, contentBlockIndex) => [
    ...(start === undefined ? [] : [piece('contentBlockStart', { contentBlockIndex, start })]),
    ...deltas.map((delta) => piece('contentBlockDelta', { contentBlockIndex, delta })),
    piece('contentBlockStop', { contentBlockIndex }),
  ]);
}

function callBlock({ args, ...call }: ToolCall): Block {
  const pieces = halvesOf(JSON.stringify(args));
  return {
    start: { toolUse: toolUse(call) },
    deltas: pieces.map((input) => ({ toolUse: { input } })),
  };
}

function piece(name: string, body: JsonObject): Piece {
  return { role: 'content', bytes: event(name, body) };
}

/** Every event is padded, so that its length says nothing. */
function event(name: string, body: JsonObject): Uint8Array {
  return encodeEvent(name, { ...body, p: 'abcdefghijklmnopqrstuvwxyz' });
}
