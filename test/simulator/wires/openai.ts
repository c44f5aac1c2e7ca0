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

/** OpenAI Chat Completions, with the departures of the vendors that speak it. */
export const openaiWire: SimulatedWire = {
  name: 'openai',
  streamType: 'text/event-stream; charset=utf-8',
  credentialOf: (headers) =>
    headers.get('authorization')?.replace(BEARER, '') ?? headers.get('api-key') ?? undefined,
  read,
  whole,
  stream,
  error,
  streamError: (words) => `data: ${JSON.stringify(error(words).body)}\n\n`,
};

const BEARER = /^Bearer\s*/i;
const DATA_URL = /^data:([^;,]+);base64,(.*)$/s;

function read(body: unknown): Prompt | Refusal {
  const request = asObject(body);
  const messages = asList(request['messages']).map(asObject);
  if (messages.length === 0) {
    return {
      kind: 'invalid',
      message: "Missing required parameter: 'messages'.",
      field: 'messages',
    };
  }
  const users = messages.filter(({ role }) => role === 'user');
  const parts = asList(users.at(-1)?.['content']).map(asObject);
  const last = messages.findLastIndex(({ role }) => role !== 'tool');
  const format = asObject(request['response_format']);
  return {
    model: asText(request['model']),
    isStream: request['stream'] === true,
    userText: asText(users.at(-1)?.['content']) || parts.map(({ text }) => asText(text)).join(' '),
    characters: charactersIn(messages) + charactersIn(request['tools']),
    attachments: parts.flatMap(attachmentIn),
    tools: asList(request['tools']).map((tool) => {
      const fn = asObject(asObject(tool)['function']);
      return { name: asText(fn['name']), schema: asObject(fn['parameters']) };
    }),
    toolChoice: choiceIn(request['tool_choice']),
    allowsParallelCalls: request['parallel_tool_calls'] !== false,
    toolResults: messages.slice(last + 1).map(({ content }) => asText(content)),
    schema: schemaIn(format),
    maxTokens: limitIn(request),
    stops: [request['stop']].flat().map(asText),
    wantsReasoning: request['reasoning_effort'] !== undefined || request['reasoning'] !== undefined,
    wantsStreamUsage: asObject(request['stream_options'])['include_usage'] === true,
  };
}

function attachmentIn(part: JsonObject): readonly string[] {
  if (part['type'] === 'image_url') {
    const image = part['image_url'];
    const url = asText(image) || asText(asObject(image)['url']);
    const [, mediaType, data] = DATA_URL.exec(url) ?? [];
    return [mediaType !== undefined && data !== undefined ? describeData(mediaType, data) : url];
  }
  return part['type'] === 'text' ? [] : [asText(part['type'])];
}

function choiceIn(choice: unknown): Prompt['toolChoice'] {
  if (choice === 'none' || choice === 'required') return choice;
  if (choice === 'any') return 'required';
  const name = asText(asObject(asObject(choice)['function'])['name']);
  return name === '' ? 'auto' : { name };
}

function schemaIn(format: JsonObject): JsonObject | undefined {
  if (format['type'] === 'json_object') return {};
  if (format['type'] !== 'json_schema') return undefined;
  return asObject(asObject(format['json_schema'])['schema']);
}

function limitIn(request: JsonObject): number | undefined {
  const limit = request['max_completion_tokens'] ?? request['max_tokens'];
  return typeof limit === 'number' ? limit : undefined;
}

function whole({ prompt, answer, id, label }: Telling): unknown {
  const isRefusal = answer.finish === 'refusal';
  const calls = answer.calls.map(wireCall);
  return {
    id,
    object: 'chat.completion',
    created: CREATED,
    model: prompt.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: calls.length > 0 || isRefusal ? null : answer.text,
          refusal: isRefusal ? answer.text : null,
          ...(answer.reasoning === '' ? {} : { reasoning_content: answer.reasoning }),
          ...(calls.length === 0 ? {} : { tool_calls: calls }),
          annotations: [],
        },
        logprobs: null,
        finish_reason: finishOf(answer),
      },
    ],
    usage: usageOf(answer, label),
    service_tier: 'default',
    system_fingerprint: 'fp_simulated',
  };
}

/** Fixed, so that the same call gives the same bytes. */
const CREATED = 1_780_000_000;

function wireCall({ id, name, args }: ToolCall): JsonObject {
  return {
    id: `call_${id}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  };
}

function finishOf({ finish }: Answer): string {
  if (finish === 'tool-calls') return 'tool_calls';
  return finish === 'length' ? 'length' : 'stop';
}

/** xAI counts reasoning outside the completion; everybody else inside. */
function usageOf({ usage }: Answer, label: string): JsonObject {
  const { inputTokens, cachedTokens, outputTokens, reasoningTokens } = usage;
  const isOutside = label.includes('x.ai') || label === 'xai';
  return {
    prompt_tokens: inputTokens,
    completion_tokens: isOutside ? outputTokens : outputTokens + reasoningTokens,
    total_tokens: inputTokens + outputTokens + reasoningTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reasoningTokens, audio_tokens: 0 },
  };
}

const SENDS_USAGE_UNASKED = /mistral|deepseek|cerebras|cloudflare|openrouter|perplexity/;
const HAS_NO_DONE = /cerebras|perplexity/;

function stream(telling: Telling): readonly Piece[] {
  const { prompt, answer, label } = telling;
  const chunk = chunkWriter(telling);
  const pieces: Piece[] = [];
  if (label.includes('openrouter'))
    pieces.push({ role: 'head', bytes: ': OPENROUTER PROCESSING\n\n' });
  pieces.push({ role: 'head', bytes: chunk({ role: 'assistant', content: '', refusal: null }) });
  for (const text of piecesOf(answer.reasoning)) {
    pieces.push({ role: 'content', bytes: chunk({ reasoning_content: text }) });
  }
  const field = answer.finish === 'refusal' ? 'refusal' : 'content';
  for (const text of answer.calls.length > 0 ? [] : piecesOf(answer.text)) {
    pieces.push({ role: 'content', bytes: chunk({ [field]: text }) });
  }
  pieces.push(...callPieces(answer.calls, chunk));
  const unasked = SENDS_USAGE_UNASKED.test(label);
  pieces.push({
    role: 'finish',
    bytes: chunk({}, finishOf(answer), unasked ? usageOf(answer, label) : undefined),
  });
  if (prompt.wantsStreamUsage && !unasked) {
    pieces.push({ role: 'usage', bytes: usageChunk(telling) });
  }
  if (!HAS_NO_DONE.test(label)) pieces.push({ role: 'terminal', bytes: 'data: [DONE]\n\n' });
  return pieces;
}

type ChunkWriter = (delta: JsonObject, finish?: string, usage?: JsonObject) => string;

function chunkWriter({ id, prompt }: Telling): ChunkWriter {
  return (delta, finish, usage) => {
    const choice = { index: 0, delta, logprobs: null, finish_reason: finish ?? null };
    return event({ ...chunkHead(id, prompt.model), choices: [choice], ...(usage && { usage }) });
  };
}

function usageChunk({ id, prompt, answer, label }: Telling): string {
  return event({ ...chunkHead(id, prompt.model), choices: [], usage: usageOf(answer, label) });
}

function chunkHead(id: string, model: string): JsonObject {
  return { id, object: 'chat.completion.chunk', created: CREATED, model, service_tier: 'default' };
}

function event(body: JsonObject): string {
  return `data: ${JSON.stringify(body)}\n\n`;
}

function callPieces(calls: readonly ToolCall[], chunk: ChunkWriter): readonly Piece[] {
  return calls.flatMap((call, index) => {
    const { id, type, function: fn } = wireCall(call);
    const { name, arguments: json } = asObject(fn);
    const start = { index, id, type, function: { name, arguments: '' } };
    const rest = halvesOf(asText(json)).map((half) => ({ index, function: { arguments: half } }));
    return [start, ...rest].map(
      (delta): Piece => ({ role: 'content', bytes: chunk({ tool_calls: [delta] }) }),
    );
  });
}

const ERRORS: Readonly<Record<ErrorWords['kind'], readonly [number, string, string | null]>> = {
  invalid: [400, 'invalid_request_error', null],
  'context-length': [400, 'invalid_request_error', 'context_length_exceeded'],
  'too-large': [413, 'invalid_request_error', 'request_too_large'],
  'content-filter': [400, 'invalid_request_error', 'content_filter'],
  auth: [401, 'invalid_request_error', 'invalid_api_key'],
  permission: [403, 'invalid_request_error', 'unsupported_country_region_territory'],
  'not-found': [404, 'invalid_request_error', 'model_not_found'],
  conflict: [409, 'conflict_error', null],
  rate: [429, 'requests', 'rate_limit_exceeded'],
  quota: [429, 'insufficient_quota', 'insufficient_quota'],
  server: [500, 'server_error', null],
  unavailable: [503, 'server_error', null],
  timeout: [504, 'server_error', null],
  overload: [503, 'service_unavailable_error', 'server_is_overloaded'],
};

function error({ kind, message, code, field }: ErrorWords): ErrorReply {
  const [status, type, ownCode] = ERRORS[kind];
  return {
    status,
    headers: { 'x-request-id': 'req_simulated' },
    body: { error: { message, type, param: field ?? null, code: code ?? ownCode } },
  };
}
