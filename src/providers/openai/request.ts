import type { Conversation, ToolChoice } from '../../domain/conversation.ts';
import type { NativeBody, Warning } from '../../domain/dialect.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import { patchJsonText } from '../../domain/json-text.ts';
import type { Parameter } from '../../domain/model.ts';
import type { ModelCall, WireRequest } from '../../domain/ports.ts';
import { awsSignature } from '../aws-key.ts';
import { callHeaders } from '../call-headers.ts';
import { callUrl } from '../call-url.ts';
import { quirksOf } from '../resolve-provider.ts';
import type { Quirks } from '../vendor.ts';
import { toWireMessages } from './messages.ts';
import { patchMessages } from './native-messages.ts';
import { REASONING_FIELDS, saysReasoning, toReasoningFields } from './reasoning.ts';

/** The fields of the dialect that each parameter stands for. */
const PARAMETER_FIELDS: Readonly<Record<Parameter, readonly string[]>> = {
  temperature: ['temperature'],
  'top-p': ['top_p'],
  'top-k': ['top_k'],
  'frequency-penalty': ['frequency_penalty'],
  'presence-penalty': ['presence_penalty'],
  seed: ['seed', 'random_seed'],
  stop: ['stop'],
  'logit-bias': ['logit_bias'],
  logprobs: ['logprobs', 'top_logprobs'],
  'several-choices': ['n'],
  'json-object': ['response_format'],
  'single-tool-call': ['parallel_tool_calls'],
  verbosity: ['verbosity'],
};

/** Ours to set for every vendor, never taken over from the caller's body. */
const OWN_FIELDS = [
  'model',
  'stream',
  'stream_options',
  'max_tokens',
  'max_completion_tokens',
  'seed',
];

/** The conversation as a Chat Completions request of the model's vendor. */
export function toWireRequest(call: ModelCall): WireRequest {
  const quirks = quirksFor(call);
  const warnings: Warning[] = [];
  return {
    url: callUrl(call, { path: '/chat/completions' }),
    headers: callHeaders(call, 'bearer'),
    body: nativeBody(call, quirks, warnings) ?? builtBody(call, quirks, warnings),
    warnings,
    ...awsSignature(call),
  };
}

/**
 * The vendor's quirks, for this call: a model that does not reason refuses what another one has
 * thought, and one that is told not to reason needs nothing of it.
 */
function quirksFor({ model, conversation }: ModelCall): Quirks {
  const quirks = quirksOf(model.provider);
  const { requiresReasoning = false, reasoningReturn, ...others } = quirks;
  if (isReasoningOff(conversation)) {
    return reasoningReturn === undefined ? others : { ...others, reasoningReturn };
  }
  return model.capability.reasoning || requiresReasoning ? quirks : others;
}

function isReasoningOff({ reasoning, native }: Conversation): boolean {
  if (reasoning?.effort === 'none' || reasoning?.budgetTokens === 0) return true;
  const thinking = native?.body.value['thinking'];
  return isJsonObject(thinking) && thinking['type'] === 'disabled';
}

/** The caller's own text with only the changed members set anew; undefined for other dialects. */
function nativeBody(call: ModelCall, quirks: Quirks, warnings: Warning[]): string | undefined {
  const { native } = call.conversation;
  if (native?.dialect !== 'openai-chat') return undefined;
  const changes = { ...vendorChanges(call, native, warnings), ...settings(call, quirks) };
  // Said anew in the vendor's own words, it must not stand there in others, too.
  const said = REASONING_FIELDS.some((name) => name in changes) ? REASONING_FIELDS : [];
  const left = new Set([...OWN_FIELDS, ...said, ...refusedFields(call, quirks)]);
  const kept = new Set([...native.fields, ...(quirks.ownFields ?? [])]);
  return patchJsonText(native.body, (name) => kept.has(name) && !left.has(name), changes);
}

/** Parts of the caller's body that this vendor wants to have said differently. */
function vendorChanges(call: ModelCall, { body }: NativeBody, warnings: Warning[]): JsonObject {
  const { conversation } = call;
  const quirks = quirksFor(call);
  const changes: Record<string, JsonValue> = {};
  const messages = patchMessages(body.value['messages'], quirks, warnings);
  if (messages !== undefined) changes['messages'] = messages;
  if (!saysReasoning(body.members, quirks)) {
    Object.assign(changes, reasoningFields(call, quirks, warnings));
  }
  const needsOtherChoice = quirks.requiredToolChoice !== undefined || quirks.hasNoNamedToolChoice;
  if (needsOtherChoice && conversation.toolChoice !== undefined) {
    Object.assign(changes, toolFields(conversation, quirks));
  }
  return changes;
}

function builtBody(call: ModelCall, quirks: Quirks, warnings: Warning[]): string {
  const { conversation } = call;
  const fields: Record<string, JsonValue> = {
    ...settings(call, quirks),
    messages: toWireMessages(conversation, quirks, warnings),
    ...toolFields(conversation, quirks),
    ...formatFields(conversation),
    ...reasoningFields(call, quirks, warnings),
    ...samplingFields(conversation),
  };
  for (const name of refusedFields(call, quirks)) delete fields[name];
  return JSON.stringify(fields);
}

/** A model that does not reason refuses every setting of it, that it shall not among them. */
function reasoningFields(call: ModelCall, quirks: Quirks, warnings: Warning[]): JsonObject {
  const { conversation, model } = call;
  if (!model.capability.reasoning) return {};
  return toReasoningFields(conversation.reasoning, quirks, warnings);
}

function refusedFields(call: ModelCall, quirks: Quirks): readonly string[] {
  const unhonored = [...call.unhonored].flatMap((parameter) => PARAMETER_FIELDS[parameter]);
  return [...unhonored, ...(quirks.refusedFields ?? [])];
}

function settings(call: ModelCall, quirks: Quirks): JsonObject {
  const { conversation, maxOutputTokens } = call;
  const fields: Record<string, JsonValue> = { model: call.model.upstreamModel };
  if (conversation.stream) {
    fields['stream'] = true;
    if (quirks.sendsUsageUnasked !== true) fields['stream_options'] = { include_usage: true };
  }
  if (maxOutputTokens !== undefined) {
    fields[quirks.outputLimitField ?? 'max_completion_tokens'] = maxOutputTokens;
  }
  const { seed } = conversation.sampling;
  if (seed !== undefined && !call.unhonored.has('seed')) fields[quirks.seedField ?? 'seed'] = seed;
  return fields;
}

function toolFields(conversation: Conversation, quirks: Quirks): JsonObject {
  const { toolChoice } = conversation;
  const isOnlyNamed = quirks.hasNoNamedToolChoice === true && toolChoice?.type === 'tool';
  const offered = isOnlyNamed
    ? conversation.tools.filter((tool) => tool.name === toolChoice.name)
    : conversation.tools;
  if (offered.length === 0) return {};
  const tools = offered.map(({ name, description, parameters, strict }) => ({
    type: 'function',
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      parameters,
      ...(strict === undefined ? {} : { strict }),
    },
  }));
  return {
    tools,
    ...(toolChoice && { tool_choice: toWireToolChoice(toolChoice, quirks, isOnlyNamed) }),
    ...(conversation.parallelToolCalls === undefined
      ? {}
      : { parallel_tool_calls: conversation.parallelToolCalls }),
  };
}

function toWireToolChoice(choice: ToolChoice, quirks: Quirks, isOnlyNamed: boolean): JsonValue {
  const required = quirks.requiredToolChoice ?? 'required';
  if (choice.type === 'tool') {
    return isOnlyNamed ? required : { type: 'function', function: { name: choice.name } };
  }
  return choice.type === 'required' ? required : choice.type;
}

function formatFields(conversation: Conversation): JsonObject {
  const format = conversation.responseFormat;
  if (format?.type === 'json-object') return { response_format: { type: 'json_object' } };
  if (format?.type !== 'json-schema') return {};
  const { name, schema, strict, description } = format;
  return {
    response_format: {
      type: 'json_schema',
      json_schema: { name, ...(description === undefined ? {} : { description }), schema, strict },
    },
  };
}

function samplingFields(conversation: Conversation): JsonObject {
  const { sampling, stop } = conversation;
  const fields = {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
    logit_bias: sampling.logitBias,
    logprobs: sampling.logprobs,
    top_logprobs: sampling.topLogprobs,
    n: sampling.choices,
    verbosity: sampling.verbosity,
    stop: stop.length === 0 ? undefined : stop,
  };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as JsonObject; // undefined was filtered out above
}
