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
import type { ErrorWords, Piece, SimulatedWire, Telling } from '../wire.ts';
import { halvesOf, piecesOf } from '../wire.ts';
import { openaiWire } from './openai.ts';

/** OpenAI's Responses API, as its vendors speak it. */
export const responsesWire: SimulatedWire = {
  name: 'openai-responses',
  streamType: 'text/event-stream; charset=utf-8',
  credentialOf: openaiWire.credentialOf,
  read,
  whole: (telling) => responseOf(telling, itemsOf(telling.answer)),
  stream,
  error: openaiWire.error,
  streamError,
};

const DATA_URL = /^data:([^;,]+);base64,(.*)$/s;

function read(body: unknown): Prompt | Refusal {
  const request = asObject(body);
  const { input } = request;
  const items =
    typeof input === 'string' ? [{ role: 'user', content: input }] : asList(input).map(asObject);
  const fault = faultIn(request, items);
  if (fault !== undefined) return fault;
  const users = items.filter(({ role }) => role === 'user');
  const content = users.at(-1)?.['content'];
  const parts = asList(content).map(asObject);
  const last = items.findLastIndex(({ type }) => type !== 'function_call_output');
  return {
    model: asText(request['model']),
    isStream: request['stream'] === true,
    userText: asText(content) || parts.map(({ text }) => asText(text)).join(' '),
    characters: charactersIn([request['instructions'], items, request['tools']]),
    attachments: parts.flatMap(attachmentIn),
    tools: asList(request['tools']).map((tool) => {
      const { name, parameters } = asObject(tool);
      return { name: asText(name), schema: asObject(parameters) };
    }),
    toolChoice: choiceIn(request['tool_choice']),
    allowsParallelCalls: request['parallel_tool_calls'] !== false,
    toolResults: items.slice(last + 1).map(({ output }) => resultText(output)),
    schema: schemaIn(asObject(asObject(request['text'])['format'])),
    maxTokens:
      typeof request['max_output_tokens'] === 'number' ? request['max_output_tokens'] : undefined,
    stops: [],
    wantsReasoning: request['reasoning'] !== undefined,
    wantsStreamUsage: true,
  };
}

function faultIn(request: JsonObject, items: readonly JsonObject[]): Refusal | undefined {
  const invalid = (message: string, field: string): Refusal => ({
    kind: 'invalid',
    message,
    field,
  });
  if (items.length === 0) return invalid("Missing required parameter: 'input'.", 'input');
  const nameless = asList(request['tools']).findIndex((tool) => {
    const { type, name } = asObject(tool);
    return type === 'function' && asText(name) === '';
  });
  if (nameless >= 0) {
    const field = `tools[${nameless}].name`;
    return invalid(`Missing required parameter: '${field}'.`, field);
  }
  const { max_output_tokens: limit } = request;
  if (typeof limit === 'number' && limit < 16) {
    return invalid(
      "Invalid 'max_output_tokens': integer below minimum value.",
      'max_output_tokens',
    );
  }
  const isLost = items.some((item) => item['type'] === 'reasoning' && !item['encrypted_content']);
  if (isLost) return invalid('A reasoning item is not persisted when `store` is false.', 'input');
  return undefined;
}

function attachmentIn(part: JsonObject): readonly string[] {
  if (part['type'] === 'input_text') return [];
  const url = asText(part['image_url'] ?? part['file_data'] ?? part['file_url']);
  const [, mediaType, data] = DATA_URL.exec(url) ?? [];
  return [mediaType !== undefined && data !== undefined ? describeData(mediaType, data) : url];
}

function choiceIn(choice: unknown): Prompt['toolChoice'] {
  if (choice === 'none' || choice === 'required') return choice;
  const name = asText(asObject(choice)['name']);
  return name === '' ? 'auto' : { name };
}

function resultText(output: unknown): string {
  const parts = asList(output).map(asObject);
  return asText(output) || parts.map(({ text }) => asText(text)).join(' ');
}

function schemaIn(format: JsonObject): JsonObject | undefined {
  if (format['type'] === 'json_object') return {};
  return format['type'] === 'json_schema' ? asObject(format['schema']) : undefined;
}

/** Fixed, so that the same call gives the same bytes. */
const CREATED = 1_780_000_000;

type Status = 'in_progress' | 'completed' | 'incomplete' | 'failed';

function statusOf({ finish }: Answer): Status {
  return finish === 'length' ? 'incomplete' : 'completed';
}

function responseOf({ prompt, answer, id }: Telling, output: readonly JsonObject[]): JsonObject {
  const status = statusOf(answer);
  return {
    ...headOf(id, prompt.model, status),
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    output,
    usage: usageOf(answer),
  };
}

function headOf(id: string, model: string, status: Status): JsonObject {
  return {
    id,
    object: 'response',
    created_at: CREATED,
    status,
    error: null,
    incomplete_details: null,
    model,
    output: [],
    parallel_tool_calls: true,
    store: false,
    usage: null,
  };
}

/** Cached tokens are inside the input, reasoning inside the output. */
function usageOf({ usage }: Answer): JsonObject {
  const { inputTokens, cachedTokens, outputTokens, reasoningTokens } = usage;
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedTokens, cache_write_tokens: 0 },
    output_tokens: outputTokens + reasoningTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: inputTokens + outputTokens + reasoningTokens,
  };
}

function itemsOf({ reasoning, text, calls, finish }: Answer): readonly JsonObject[] {
  const items: JsonObject[] = [];
  if (reasoning !== '') items.push(reasoningItem(reasoning));
  if (text !== '') items.push(messageItem([contentOf(text, finish)], 'completed'));
  return [...items, ...calls.map((call) => callItem(call, JSON.stringify(call.args), 'completed'))];
}

function reasoningItem(text: string): JsonObject {
  const summary = text === '' ? [] : [{ type: 'summary_text', text }];
  return { id: 'rs_1', type: 'reasoning', summary, encrypted_content: ENCRYPTED };
}

const ENCRYPTED = 'Z0FBQUFBc2ltdWxhdGVk';

function messageItem(content: readonly JsonObject[], status: string): JsonObject {
  return { id: 'msg_1', type: 'message', status, content, role: 'assistant' };
}

function contentOf(text: string, finish: Answer['finish']): JsonObject {
  if (finish === 'refusal') return { type: 'refusal', refusal: text };
  return { type: 'output_text', annotations: [], logprobs: [], text };
}

function callItem({ id, name }: ToolCall, json: string, status: string): JsonObject {
  return {
    id: `fc_${id}`,
    type: 'function_call',
    status,
    arguments: json,
    call_id: `call_${id}`,
    name,
  };
}

type Draft = { readonly role: Piece['role']; readonly type: string; readonly body: JsonObject };

function stream(telling: Telling): readonly Piece[] {
  const { prompt, answer, id, label } = telling;
  const created = { response: headOf(id, prompt.model, 'in_progress') };
  const drafts: Draft[] = [
    { role: 'head', type: 'response.created', body: created },
    { role: 'head', type: 'response.in_progress', body: created },
    ...itemDrafts(answer),
    {
      role: 'finish',
      type: `response.${statusOf(answer)}`,
      body: { response: responseOf(telling, itemsOf(answer)) },
    },
  ];
  const pieces = drafts.map(({ role, type, body }, at): Piece => {
    return { role, bytes: event(type, { sequence_number: at, ...body }) };
  });
  // OpenRouter begins with a comment, and ends with the mark of another dialect.
  if (!label.includes('openrouter')) return pieces;
  const comment: Piece = { role: 'head', bytes: ': OPENROUTER PROCESSING\n\n' };
  return [comment, ...pieces, { role: 'terminal', bytes: 'data: [DONE]\n\n' }];
}

function itemDrafts(answer: Answer): readonly Draft[] {
  const { reasoning, text, calls } = answer;
  const items = [
    ...(reasoning === '' ? [] : [reasoningDrafts(reasoning)]),
    ...(text === '' ? [] : [messageDrafts(answer)]),
    ...calls.map(callDrafts),
  ];
  return items.flatMap((drafts, at) =>
    drafts.map(({ role, type, body }) => ({ role, type, body: { output_index: at, ...body } })),
  );
}

function content(type: string, body: JsonObject): Draft {
  return { role: 'content', type: `response.${type}`, body };
}

function reasoningDrafts(text: string): readonly Draft[] {
  const place = { item_id: 'rs_1', summary_index: 0 };
  return [
    content('output_item.added', { item: reasoningItem('') }),
    content('reasoning_summary_part.added', { ...place, part: { type: 'summary_text', text: '' } }),
    ...piecesOf(text).map((delta) => content('reasoning_summary_text.delta', { ...place, delta })),
    content('reasoning_summary_text.done', { ...place, text }),
    content('output_item.done', { item: reasoningItem(text) }),
  ];
}

function messageDrafts({ text, finish }: Answer): readonly Draft[] {
  const place = { item_id: 'msg_1', content_index: 0 };
  const kind = finish === 'refusal' ? 'refusal' : 'output_text';
  const whole = contentOf(text, finish);
  return [
    content('output_item.added', { item: messageItem([], 'in_progress') }),
    content('content_part.added', { ...place, part: contentOf('', finish) }),
    ...piecesOf(text).map((delta) =>
      content(`${kind}.delta`, { ...place, delta, obfuscation: 'x' }),
    ),
    content(`${kind}.done`, { ...place, [finish === 'refusal' ? 'refusal' : 'text']: text }),
    content('content_part.done', { ...place, part: whole }),
    content('output_item.done', { item: messageItem([whole], 'completed') }),
  ];
}

function callDrafts(call: ToolCall): readonly Draft[] {
  const place = { item_id: `fc_${call.id}` };
  const json = JSON.stringify(call.args);
  return [
    content('output_item.added', { item: callItem(call, '', 'in_progress') }),
    ...halvesOf(json).map((delta) => content('function_call_arguments.delta', { ...place, delta })),
    content('function_call_arguments.done', { ...place, arguments: json }),
    content('output_item.done', { item: callItem(call, json, 'completed') }),
  ];
}

function event(type: string, body: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...body })}\n\n`;
}

/** The response has failed, which is told in its own last event. */
function streamError(words: ErrorWords): string {
  const { type, code, message } = asObject(asObject(openaiWire.error(words).body)['error']);
  const error = { code: code ?? type, message };
  return event('response.failed', { response: { ...headOf('resp_failed', '', 'failed'), error } });
}
