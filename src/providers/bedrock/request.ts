import type { Conversation } from '../../domain/conversation.ts';
import type { Warning } from '../../domain/dialect.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Parameter } from '../../domain/model.ts';
import type { ModelCall, WireRequest } from '../../domain/ports.ts';
import { awsSignature } from '../aws-key.ts';
import { callHeaders } from '../call-headers.ts';
import { callUrl } from '../call-url.ts';
import { toOutputSchema } from '../claude-output-schema.ts';
import { type Family, familyOf } from './family.ts';
import { toWireMessages } from './messages.ts';
import { modelFields } from './model-fields.ts';
import { toolFields } from './tools.ts';

/** The conversation as a request of Converse, or of ConverseStream. */
export function toWireRequest(call: ModelCall): WireRequest {
  const { conversation, model } = call;
  const warnings: Warning[] = [];
  const family = familyOf(model);
  const { system, messages } = toWireMessages(conversation, family, warnings);
  const { fields, isReasoning } = modelFields(call, family, warnings);
  const config = inferenceConfig(call, { family, isReasoning, warnings });
  const body = {
    messages,
    ...(system.length > 0 ? { system } : {}),
    ...(Object.keys(config).length > 0 ? { inferenceConfig: config } : {}),
    ...toolFields(call, warnings),
    ...formatFields(conversation, family, warnings),
    ...(Object.keys(fields).length > 0 ? { additionalModelRequestFields: fields } : {}),
  };
  const headers = callHeaders(call, 'aws');
  return {
    url: callUrl(call, {
      path: '/model/{model}/converse',
      streamPath: '/model/{model}/converse-stream',
    }),
    headers: conversation.stream ? { ...headers, accept: EVENT_STREAM } : headers,
    body: JSON.stringify(body),
    warnings,
    ...awsSignature(call, 'aws'),
  };
}

const EVENT_STREAM = 'application/vnd.amazon.eventstream';

type Setting = {
  readonly family: Family;
  readonly isReasoning: boolean;
  readonly warnings: Warning[];
};

function inferenceConfig(call: ModelCall, setting: Setting): JsonObject {
  const { maxOutputTokens } = call;
  return {
    ...(maxOutputTokens === undefined ? {} : { maxTokens: maxOutputTokens }),
    ...samplingFields(call, setting),
    ...stopFields(call, setting.warnings),
  };
}

/** From 0 to 1. Claude takes one of the two; a model that reasons first takes none. */
function samplingFields(call: ModelCall, { family, isReasoning, warnings }: Setting): JsonObject {
  const honored = (parameter: Parameter, value: number | undefined) =>
    call.unhonored.has(parameter) ? undefined : value;
  const temperature = honored('temperature', call.conversation.sampling.temperature);
  const topP = honored('top-p', call.conversation.sampling.topP);
  if (isReasoning) {
    const asked = { temperature, top_p: topP };
    for (const [name, value] of Object.entries(asked)) {
      if (value !== undefined) warn(warnings, name, 'left out: the model reasons first');
    }
    return {};
  }
  if (temperature !== undefined && temperature > 1) {
    warn(warnings, 'temperature', `${temperature} was sent as 1, the highest`);
  }
  const isAlone = family !== 'claude' || temperature === undefined;
  if (!isAlone && topP !== undefined && topP !== 1) {
    warn(warnings, 'top_p', 'left out: it cannot stand beside temperature');
  }
  return {
    ...(temperature === undefined ? {} : { temperature: Math.min(temperature, 1) }),
    ...(topP === undefined || !isAlone ? {} : { topP }),
  };
}

function stopFields(call: ModelCall, warnings: Warning[]): JsonObject {
  const { stop } = call.conversation;
  if (call.unhonored.has('stop')) return {};
  const taken = stop.filter((sequence) => sequence.trim() !== '');
  if (taken.length < stop.length) warn(warnings, 'stop', 'blank sequences were left out');
  return taken.length === 0 ? {} : { stopSequences: taken };
}

/** The schema goes as text. */
function formatFields(
  { responseFormat }: Conversation,
  family: Family,
  warnings: Warning[],
): JsonObject {
  if (responseFormat?.type !== 'json-schema') return {};
  const { name, description, schema } = responseFormat;
  const taken = family === 'claude' ? toOutputSchema(schema, warnings) : schema;
  const jsonSchema = {
    name: name.replace(NOT_IN_NAMES, '_'),
    ...(description ? { description } : {}),
    schema: JSON.stringify(taken),
  };
  return { outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema } } } };
}

const NOT_IN_NAMES = /[^a-zA-Z0-9_-]/g;

function warn(warnings: Warning[], field: string, message: string): void {
  warnings.push({ type: 'changed', field, message });
}
