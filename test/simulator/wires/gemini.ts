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
import { type ErrorReply, type ErrorWords, type Piece, piecesOf } from '../wire.ts';

/** Google Gemini's generateContent; a stream is SSE with `\r\n` line ends. */
export const geminiWire: SimulatedWire = {
  name: 'gemini',
  streamType: 'text/event-stream',
  credentialOf: (headers, url) =>
    headers.get('x-goog-api-key') ??
    url.searchParams.get('key') ??
    headers.get('authorization')?.replace(BEARER, '') ??
    undefined,
  read,
  whole: (telling) => chunk(telling, partsOf(telling.answer), true),
  stream,
  error,
  streamError: (words) => event(error(words).body),
};

const BEARER = /^Bearer\s*/i;
const MODEL = /models\/([^/:]+):(\w+)$/;

function read(body: unknown, url: URL): Prompt | Refusal {
  const request = asObject(body);
  const contents = asList(request['contents']).map(asObject);
  const fault = faultIn(contents);
  if (fault !== undefined) return { kind: 'invalid', message: fault };
  const [, model = '', method = ''] = MODEL.exec(url.pathname) ?? [];
  const parts = asList(contents.at(-1)?.['parts']).map(asObject);
  const users = contents.filter(({ role }) => role !== 'model');
  const userParts = users.flatMap(({ parts: own }) => asList(own).map(asObject));
  const texts = userParts.map(({ text }) => asText(text)).filter((text) => text !== '');
  const config = asObject(request['generationConfig']);
  const calling = asObject(asObject(request['toolConfig'])['functionCallingConfig']);
  return {
    model: decodeURIComponent(model),
    isStream: method === 'streamGenerateContent',
    userText: texts.at(-1) ?? '',
    characters: charactersIn([request['systemInstruction'], contents, request['tools']]),
    attachments: parts.flatMap(attachmentIn),
    tools: asList(request['tools']).flatMap(toolsIn),
    toolChoice: choiceIn(calling),
    allowsParallelCalls: true,
    toolResults: parts.flatMap(resultIn),
    schema: schemaIn(config),
    maxTokens:
      typeof config['maxOutputTokens'] === 'number' ? config['maxOutputTokens'] : undefined,
    stops: asList(config['stopSequences']).map(asText),
    wantsReasoning: asObject(config['thinkingConfig'])['includeThoughts'] === true,
    wantsStreamUsage: true,
  };
}

function faultIn(contents: readonly JsonObject[]): string | undefined {
  if (contents.length === 0) return '* GenerateContentRequest.contents: contents is not specified';
  const isWrong = contents.some(
    ({ role }) => role !== undefined && role !== 'user' && role !== 'model',
  );
  if (isWrong) return 'Please use a valid role: user, model.';
  const results = contents.flatMap(({ parts }) => asList(parts).map(asObject));
  const wrong = results.find(({ functionResponse }) => {
    const { response } = asObject(functionResponse);
    return (
      functionResponse !== undefined && (typeof response !== 'object' || Array.isArray(response))
    );
  });
  return (
    wrong &&
    'Invalid value at functionResponse.response (type.googleapis.com/google.protobuf.Struct)'
  );
}

function attachmentIn({ inlineData, fileData }: JsonObject): readonly string[] {
  const { mimeType, data } = asObject(inlineData);
  if (inlineData !== undefined) return [describeData(asText(mimeType), asText(data))];
  return fileData === undefined ? [] : [asText(asObject(fileData)['fileUri'])];
}

function toolsIn(tool: unknown): Prompt['tools'] {
  return asList(asObject(tool)['functionDeclarations'])
    .map(asObject)
    .map((declaration) => ({
      name: asText(declaration['name']),
      schema: asObject(declaration['parametersJsonSchema'] ?? declaration['parameters']),
    }));
}

function choiceIn({ mode, allowedFunctionNames }: JsonObject): Prompt['toolChoice'] {
  if (mode === 'NONE') return 'none';
  if (mode !== 'ANY') return 'auto';
  const names = asList(allowedFunctionNames);
  return names.length === 1 ? { name: asText(names[0]) } : 'required';
}

function resultIn({ functionResponse }: JsonObject): readonly string[] {
  if (functionResponse === undefined) return [];
  return [JSON.stringify(asObject(functionResponse)['response'])];
}

function schemaIn(config: JsonObject): JsonObject | undefined {
  if (config['responseMimeType'] !== 'application/json') return undefined;
  return asObject(config['responseJsonSchema'] ?? config['responseSchema']);
}

type Part = JsonObject;

function partsOf({ reasoning, text, calls }: Answer): readonly Part[] {
  const parts: Part[] = [];
  if (reasoning !== '') parts.push({ text: reasoning, thought: true });
  if (text !== '') parts.push({ text });
  return [...parts, ...calls.map(callPart)];
}

/** Only the first of parallel calls has a signature; none has an id. */
function callPart({ name, args }: ToolCall, place: number): Part {
  return { functionCall: { name, args }, ...(place === 0 ? { thoughtSignature: SIGNATURE } : {}) };
}

const SIGNATURE = 'c2ltdWxhdGVk';

/** One whole response, which is also what every chunk of a stream is. */
function chunk(
  { prompt, answer, id }: Telling,
  parts: readonly Part[],
  isLast: boolean,
): JsonObject {
  const content = answer.finish === 'refusal' && isLast ? {} : { parts, role: 'model' };
  const finishReason = FINISH_REASONS[answer.finish] ?? 'STOP';
  return {
    candidates: [{ content, ...(isLast ? { finishReason } : {}), index: 0 }],
    usageMetadata: usageOf(answer, isLast),
    modelVersion: prompt.model,
    responseId: id,
  };
}

/** Everything else is STOP, a function call too. */
const FINISH_REASONS: Readonly<Partial<Record<Answer['finish'], string>>> = {
  refusal: 'SAFETY',
  length: 'MAX_TOKENS',
};

/** Thoughts are counted beside the candidates, not inside. */
function usageOf({ usage }: Answer, isLast: boolean): JsonObject {
  const { inputTokens, cachedTokens, outputTokens, reasoningTokens } = usage;
  const shown = isLast ? outputTokens : 0;
  return {
    promptTokenCount: inputTokens,
    ...(shown > 0 ? { candidatesTokenCount: shown } : {}),
    totalTokenCount: inputTokens + shown + reasoningTokens,
    ...(cachedTokens > 0 ? { cachedContentTokenCount: cachedTokens } : {}),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: inputTokens }],
    ...(reasoningTokens > 0 ? { thoughtsTokenCount: reasoningTokens } : {}),
  };
}

function stream(telling: Telling): readonly Piece[] {
  const { reasoning, text, calls, finish } = telling.answer;
  const shown = finish === 'refusal' ? [] : piecesOf(text);
  const parts: readonly Part[] = [
    ...piecesOf(reasoning).map((piece) => ({ text: piece, thought: true })),
    ...shown.map((piece) => ({ text: piece })),
    ...calls.map(callPart),
  ];
  const pieces = parts.map((part): Piece => {
    return { role: 'content', bytes: event(chunk(telling, [part], false)) };
  });
  return [...pieces, { role: 'finish', bytes: event(chunk(telling, [{ text: '' }], true)) }];
}

function event(body: unknown): string {
  return `data: ${JSON.stringify(body)}\r\n\r\n`;
}

const ERRORS: Readonly<Record<ErrorWords['kind'], readonly [number, string]>> = {
  invalid: [400, 'INVALID_ARGUMENT'],
  'context-length': [400, 'INVALID_ARGUMENT'],
  'too-large': [413, 'INVALID_ARGUMENT'],
  'content-filter': [400, 'INVALID_ARGUMENT'],
  auth: [400, 'INVALID_ARGUMENT'],
  permission: [403, 'PERMISSION_DENIED'],
  'not-found': [404, 'NOT_FOUND'],
  conflict: [409, 'ABORTED'],
  rate: [429, 'RESOURCE_EXHAUSTED'],
  quota: [429, 'RESOURCE_EXHAUSTED'],
  server: [500, 'INTERNAL'],
  unavailable: [503, 'UNAVAILABLE'],
  timeout: [504, 'DEADLINE_EXCEEDED'],
  overload: [503, 'UNAVAILABLE'],
};

const OWN_MESSAGES: Readonly<Partial<Record<ErrorWords['kind'], string>>> = {
  'context-length':
    'The input token count (2000016) exceeds the maximum number of tokens allowed (1048576).',
  auth: 'API key not valid. Please pass a valid API key.',
  overload: 'The model is overloaded. Please try again later.',
};

function error({ kind, message }: ErrorWords): ErrorReply {
  const [code, status] = ERRORS[kind];
  const details = detailsOf(kind);
  return {
    status: code,
    headers: {},
    body: {
      error: {
        code,
        message: OWN_MESSAGES[kind] ?? message,
        status,
        ...(details.length > 0 ? { details } : {}),
      },
    },
  };
}

function detailsOf(kind: ErrorWords['kind']): readonly JsonObject[] {
  const type = 'type.googleapis.com/google.rpc';
  if (kind === 'auth') return [{ '@type': `${type}.ErrorInfo`, reason: 'API_KEY_INVALID' }];
  if (kind !== 'quota') return [];
  const quotaId = 'GenerateRequestsPerDayPerProjectPerModel-FreeTier';
  return [{ '@type': `${type}.QuotaFailure`, violations: [{ quotaId }] }];
}
