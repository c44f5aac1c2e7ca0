import type { Conversation, Reasoning, ReasoningEffort } from '../../domain/conversation.ts';
import type { Warning } from '../../domain/dialect.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import type { ModelCall, WireRequest } from '../../domain/ports.ts';
import { callHeaders } from '../call-headers.ts';
import { callUrl } from '../call-url.ts';
import { ownExtras } from '../own-extras.ts';
import { toWireContents } from './messages.ts';

/** At most this many stop sequences are taken (Gemini API reference). */
const MAX_STOPS = 5;

/** The conversation as a generateContent request. Without `alt=sse` a stream would be one JSON list. */
export function toWireRequest(call: ModelCall): WireRequest {
  const { conversation, model } = call;
  const warnings: Warning[] = [];
  const config = configOf(call, warnings);
  const body = {
    ...toWireContents(conversation, model.upstreamModel, warnings),
    ...toolFields(conversation, warnings),
    ...(Object.keys(config).length > 0 ? { generationConfig: config } : {}),
  };
  return {
    url: callUrl(call, {
      path: '/models/{model}:generateContent',
      streamPath: '/models/{model}:streamGenerateContent?alt=sse',
    }),
    headers: callHeaders(call, 'x-goog-api-key'),
    body: JSON.stringify(body),
    warnings,
  };
}

function toolFields(conversation: Conversation, warnings: Warning[]): JsonObject {
  const { tools, toolChoice } = conversation;
  if (tools.length === 0) return {};
  if (tools.some(({ strict }) => strict === true)) warnings.push(NOT_STRICT);
  const functionDeclarations = tools.map((tool) => ({
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    parametersJsonSchema: tool.parameters,
    ...ownExtras('gemini', tool),
  }));
  const calling = toolChoice === undefined ? undefined : callingConfig(toolChoice);
  return {
    tools: [{ functionDeclarations }],
    ...(calling && { toolConfig: { functionCallingConfig: calling } }),
  };
}

const NOT_STRICT: Warning = {
  type: 'changed',
  field: 'tools',
  message: 'strict tools were sent as ordinary ones: arguments are not forced into their schema',
};

const MODES = { auto: 'AUTO', none: 'NONE', required: 'ANY' } as const;

function callingConfig(choice: NonNullable<Conversation['toolChoice']>): JsonObject {
  if (choice.type === 'tool') return { mode: 'ANY', allowedFunctionNames: [choice.name] };
  return { mode: MODES[choice.type] };
}

function configOf(call: ModelCall, warnings: Warning[]): JsonObject {
  const { conversation, maxOutputTokens, unhonored } = call;
  const { sampling, responseFormat } = conversation;
  const honored = <Value>(parameter: Parameters<typeof unhonored.has>[0], value: Value) =>
    unhonored.has(parameter) ? undefined : value;
  const fields: Record<string, JsonValue | undefined> = {
    maxOutputTokens,
    temperature: honored('temperature', sampling.temperature),
    topP: honored('top-p', sampling.topP),
    topK: honored('top-k', sampling.topK),
    seed: honored('seed', sampling.seed),
    frequencyPenalty: honored('frequency-penalty', sampling.frequencyPenalty),
    presencePenalty: honored('presence-penalty', sampling.presencePenalty),
    stopSequences: honored('stop', stopsOf(conversation, warnings)),
    ...formatOf(responseFormat),
    thinkingConfig: thinkingOf(call, warnings),
  };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as JsonObject; // undefined was filtered out above
}

function stopsOf({ stop }: Conversation, warnings: Warning[]): readonly string[] | undefined {
  if (stop.length === 0) return undefined;
  if (stop.length > MAX_STOPS) {
    const message = `only the first ${MAX_STOPS} sequences were sent`;
    warnings.push({ type: 'changed', field: 'stop', message });
  }
  return stop.slice(0, MAX_STOPS);
}

function formatOf(format: Conversation['responseFormat']): JsonObject {
  if (format === undefined || format.type === 'text') return {};
  const json = { responseMimeType: 'application/json' };
  return format.type === 'json-schema' ? { ...json, responseJsonSchema: format.schema } : json;
}

/** Models from the third generation on take a level, those before a budget. */
const TAKES_LEVEL = /gemini-(?:[3-9]|\d\d|(?:pro|flash|flash-lite)-latest)/;
/** Models that cannot stop thinking, and the least budget they take. */
const ALWAYS_THINKS = /gemini-2\.5-pro/;
const LEAST_PRO_BUDGET_TOKENS = 128;

const BUDGETS: Readonly<Record<ReasoningEffort, number>> = {
  none: 0,
  minimal: 512,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 24_576,
  max: 24_576,
};

const LEVELS: Readonly<Record<ReasoningEffort, string>> = {
  none: 'minimal',
  minimal: 'minimal',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};

/** From a budget to the levels, where the caller has named tokens. */
const LEVEL_BY_BUDGET = [
  { atMostTokens: 0, level: 'minimal' },
  { atMostTokens: 2048, level: 'low' },
  { atMostTokens: 8192, level: 'medium' },
] as const;

function thinkingOf(
  { conversation, model }: ModelCall,
  warnings: Warning[],
): JsonObject | undefined {
  const { reasoning } = conversation;
  // A model that does not reason refuses the setting.
  if (reasoning === undefined || !model.capability.reasoning) return undefined;
  const amount = TAKES_LEVEL.test(model.upstreamModel)
    ? levelOf(reasoning, warnings)
    : budgetOf(reasoning, model.upstreamModel);
  const visible = reasoning.visible === undefined ? {} : { includeThoughts: reasoning.visible };
  const config = { ...amount, ...visible };
  return Object.keys(config).length === 0 ? undefined : config;
}

function levelOf({ effort, budgetTokens }: Reasoning, warnings: Warning[]): JsonObject {
  if (effort !== undefined) {
    const thinkingLevel = LEVELS[effort];
    if (thinkingLevel !== effort) warnChanged(`effort "${effort}"`, thinkingLevel, warnings);
    return { thinkingLevel };
  }
  if (budgetTokens === undefined) return {};
  const found = LEVEL_BY_BUDGET.find(({ atMostTokens }) => budgetTokens <= atMostTokens);
  const thinkingLevel = found?.level ?? 'high';
  warnChanged(`a budget of ${budgetTokens} tokens`, thinkingLevel, warnings);
  return { thinkingLevel };
}

function budgetOf({ effort, budgetTokens }: Reasoning, upstreamModel: string): JsonObject {
  const wanted = budgetTokens ?? (effort === undefined ? undefined : BUDGETS[effort]);
  if (wanted === undefined) return {};
  const least = ALWAYS_THINKS.test(upstreamModel) ? LEAST_PRO_BUDGET_TOKENS : 0;
  return { thinkingBudget: Math.max(wanted, least) };
}

function warnChanged(wanted: string, level: string, warnings: Warning[]): void {
  const message = `${wanted} was sent as level "${level}"`;
  warnings.push({ type: 'changed', field: 'reasoning', message });
}
