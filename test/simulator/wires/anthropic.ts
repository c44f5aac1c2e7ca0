import type { Answer, ToolCall } from '../answer.ts';
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
import type { SimulatedWire, Telling } from '../wire.ts';
import { type ErrorReply, type ErrorWords, halvesOf, type Piece, piecesOf } from '../wire.ts';

/** Anthropic Messages. */
export const anthropicWire: SimulatedWire = {
  name: 'anthropic',
  streamType: 'text/event-stream; charset=utf-8',
  credentialOf: (headers) =>
    headers.get('x-api-key') ?? headers.get('authorization')?.replace(BEARER, '') ?? undefined,
  read,
  whole,
  stream,
  error,
  streamError: (words) => event('error', asObject(error(words).body)),
};

const BEARER = /^Bearer\s*/i;

function read(body: unknown): Prompt | Refusal {
  const request = asObject(body);
  const messages = asList(request['messages']).map(asObject);
  const fault = faultIn(request, messages);
  if (fault !== undefined) return { kind: 'invalid', message: fault };
  const users = messages.filter(({ role }) => role === 'user');
  const blocks = blocksOf(users.at(-1)?.['content']);
  const choice = asObject(request['tool_choice']);
  const thinking = asObject(request['thinking'])['type'];
  return {
    model: asText(request['model']),
    isStream: request['stream'] === true,
    userText: blocks.map(({ text }) => asText(text)).join(' '),
    characters: charactersIn([request['system'], messages, request['tools']]),
    attachments: blocks.flatMap(attachmentIn),
    tools: asList(request['tools'])
      .map(asObject)
      .map((tool) => ({
        name: asText(tool['name']),
        schema: asObject(tool['input_schema']),
      })),
    toolChoice: choiceIn(choice),
    allowsParallelCalls: choice['disable_parallel_tool_use'] !== true,
    toolResults: blocks.filter(({ type }) => type === 'tool_result').map(resultText),
    schema: schemaIn(request),
    maxTokens: Number(request['max_tokens']),
    stops: asList(request['stop_sequences']).map(asText),
    wantsReasoning: thinking === 'enabled' || thinking === 'adaptive',
    wantsStreamUsage: true,
  };
}

function faultIn(request: JsonObject, messages: readonly JsonObject[]): string | undefined {
  if (typeof request['max_tokens'] !== 'number') return 'max_tokens: Field required';
  if (messages.length === 0) return 'messages: at least one message is required';
  const wrong = messages.find(({ role }) => role !== 'user' && role !== 'assistant');
  if (wrong !== undefined)
    return 'messages: Unexpected role. Use the top-level `system` parameter.';
  return undefined;
}

function blocksOf(content: unknown): readonly JsonObject[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return asList(content).map(asObject);
}

function attachmentIn({ type, source }: JsonObject): readonly string[] {
  if (type !== 'image' && type !== 'document') return [];
  const { type: kind, media_type: mediaType, data, url } = asObject(source);
  return [kind === 'base64' ? describeData(asText(mediaType), asText(data)) : asText(url)];
}

function choiceIn({ type, name }: JsonObject): Prompt['toolChoice'] {
  if (type === 'none') return 'none';
  if (type === 'any') return 'required';
  return type === 'tool' ? { name: asText(name) } : 'auto';
}

function resultText({ content }: JsonObject): string {
  return (
    asText(content) ||
    asList(content)
      .map((part) => asText(asObject(part)['text']))
      .join(' ')
  );
}

function schemaIn(request: JsonObject): JsonObject | undefined {
  const format = asObject(request['output_format'] ?? asObject(request['output_config'])['format']);
  return format['type'] === 'json_schema' ? asObject(format['schema']) : undefined;
}

function whole({ prompt, answer, id }: Telling): unknown {
  return {
    model: prompt.model,
    id,
    type: 'message',
    role: 'assistant',
    content: contentOf(answer),
    stop_reason: stopReasonOf(answer),
    stop_sequence: answer.finish === 'stop-sequence' ? (prompt.stops[0] ?? null) : null,
    usage: usageOf(answer),
  };
}

function contentOf({ reasoning, text, calls }: Answer): readonly JsonObject[] {
  const blocks: JsonObject[] = [];
  if (reasoning !== '')
    blocks.push({ type: 'thinking', thinking: reasoning, signature: SIGNATURE });
  if (text !== '') blocks.push({ type: 'text', text });
  for (const { id, name, args } of calls) {
    blocks.push({ type: 'tool_use', id: `toolu_${id}`, name, input: args });
  }
  return blocks;
}

const SIGNATURE = 'c2ltdWxhdGVkLXNpZ25hdHVyZQ==';

function stopReasonOf({ finish }: Answer): string {
  const reasons = {
    stop: 'end_turn',
    'stop-sequence': 'stop_sequence',
    length: 'max_tokens',
    'tool-calls': 'tool_use',
    refusal: 'refusal',
  };
  return reasons[finish];
}

/** `input_tokens` leaves out what came from the cache. */
function usageOf({ usage }: Answer): JsonObject {
  return {
    input_tokens: usage.inputTokens - usage.cachedTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: usage.cachedTokens,
    output_tokens: usage.outputTokens + usage.reasoningTokens,
    output_tokens_details: { thinking_tokens: usage.reasoningTokens },
    service_tier: 'standard',
  };
}

function stream({ prompt, answer, id }: Telling): readonly Piece[] {
  const usage = { ...usageOf(answer), output_tokens: 1 };
  const message = {
    model: prompt.model,
    id,
    type: 'message',
    role: 'assistant',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  const stopSequence = answer.finish === 'stop-sequence' ? (prompt.stops[0] ?? null) : null;
  return [
    { role: 'head', bytes: event('message_start', { message }) },
    { role: 'head', bytes: event('ping', {}) },
    ...blockPieces(answer),
    {
      role: 'finish',
      bytes: event('message_delta', {
        delta: { stop_reason: stopReasonOf(answer), stop_sequence: stopSequence },
        usage: usageOf(answer),
      }),
    },
    { role: 'terminal', bytes: event('message_stop', {}) },
  ];
}

function blockPieces({ reasoning, text, calls }: Answer): readonly Piece[] {
  const blocks: Block[] = [];
  if (reasoning !== '') {
    const deltas = piecesOf(reasoning).map((thinking) => ({ type: 'thinking_delta', thinking }));
    const signature = { type: 'signature_delta', signature: SIGNATURE };
    const start = { type: 'thinking', thinking: '', signature: '' };
    blocks.push({ start, deltas: [...deltas, signature] });
  }
  if (text !== '') {
    const deltas = piecesOf(text).map((piece) => ({ type: 'text_delta', text: piece }));
    blocks.push({ start: { type: 'text', text: '' }, deltas });
  }
  return [...blocks, ...calls.map(callBlock)].flatMap(({ start, deltas }, index) => [
    piece('content_block_start', { index, content_block: start }),
    ...deltas.map((delta) => piece('content_block_delta', { index, delta })),
    piece('content_block_stop', { index }),
  ]);
}

type Block = { readonly start: JsonObject; readonly deltas: readonly JsonObject[] };

/** A call without arguments streams one empty piece and no JSON at all. */
function callBlock({ id, name, args }: ToolCall): Block {
  const json = JSON.stringify(args);
  const halves = ['', ...(json === '{}' ? [] : halvesOf(json))];
  return {
    start: { type: 'tool_use', id: `toolu_${id}`, name, input: {} },
    deltas: halves.map((half) => ({ type: 'input_json_delta', partial_json: half })),
  };
}

function piece(name: string, body: JsonObject): Piece {
  return { role: 'content', bytes: event(name, body) };
}

function event(name: string, body: JsonObject): string {
  return `event: ${name}\ndata: ${JSON.stringify({ type: name, ...body })}\n\n`;
}

const ERRORS: Readonly<Record<ErrorWords['kind'], readonly [number, string]>> = {
  invalid: [400, 'invalid_request_error'],
  'context-length': [400, 'invalid_request_error'],
  'too-large': [413, 'request_too_large'],
  'content-filter': [400, 'invalid_request_error'],
  auth: [401, 'authentication_error'],
  permission: [403, 'permission_error'],
  'not-found': [404, 'not_found_error'],
  conflict: [409, 'conflict_error'],
  rate: [429, 'rate_limit_error'],
  quota: [402, 'billing_error'],
  server: [500, 'api_error'],
  unavailable: [503, 'api_error'],
  timeout: [504, 'timeout_error'],
  overload: [529, 'overloaded_error'],
};

const OWN_MESSAGES: Readonly<Partial<Record<ErrorWords['kind'], string>>> = {
  'context-length': 'prompt is too long: 3333404 tokens > 200000 maximum',
  auth: 'invalid x-api-key',
};

function error({ kind, message }: ErrorWords): ErrorReply {
  const [status, type] = ERRORS[kind];
  return {
    status,
    headers: { 'request-id': 'req_simulated' },
    body: {
      type: 'error',
      error: { type, message: OWN_MESSAGES[kind] ?? message },
      request_id: 'req_simulated',
    },
  };
}
