import type {
  Conversation,
  Reasoning,
  ResponseFormat,
  Sampling,
} from '../../domain/conversation.ts';
import type { NativeBody, Warning } from '../../domain/dialect.ts';
import type { JsonText } from '../../domain/json-text.ts';
import type { DialectRequest } from '../dialect.ts';
import { ROUTING_FIELDS } from '../routing-fields.ts';
import { invalidRequest } from '../zod-fault.ts';
import {
  DIALECT_FIELDS,
  type ResponsesBody,
  responsesBodySchema,
  UNTRANSLATABLE_FIELDS,
} from './body.ts';
import { type Findings, noFindings } from './findings.ts';
import { toMessages } from './items.ts';
import { withoutForeignReasoning } from './native-input.ts';
import { refuseStored } from './stateless.ts';
import { toOffer } from './tools.ts';

/** @throws RouterError `invalid_request` that names the field. */
export function readResponsesRequest(body: JsonText): DialectRequest {
  refuseStored(body);
  const parsed = responsesBodySchema.safeParse(body.value);
  if (!parsed.success) throw invalidRequest(parsed.error, '');
  const request = parsed.data;
  return {
    conversation: toConversation(request, body),
    wantsUsage: true,
    wantsCost: false,
    user: request.user ?? request.safety_identifier ?? undefined,
  };
}

function toConversation(request: ResponsesBody, body: JsonText): Conversation {
  const findings = noFindings();
  const messages = toMessages(request, findings);
  const { tools, toolChoice } = toOffer(request, findings);
  noteSettings(request, findings);
  return {
    messages,
    tools,
    toolChoice,
    parallelToolCalls: request.parallel_tool_calls ?? undefined,
    responseFormat: toResponseFormat(request),
    maxOutputTokens: request.max_output_tokens ?? undefined,
    stop: [],
    sampling: toSampling(request),
    reasoning: toReasoning(request),
    stream: request.stream === true,
    native: toNative(body, findings),
    warnings: [...findings.warnings, ...unknownFields(body)],
  };
}

const LOGPROBS = 'message.output_text.logprobs';

/** Settings that only this dialect has words for. */
function noteSettings(request: ResponsesBody, findings: Findings): void {
  const { reasoning, truncation, include, top_logprobs: topLogprobs } = request;
  // Our own words for an answer have no place for them.
  if (topLogprobs || include?.includes(LOGPROBS)) findings.indispensable.add('top_logprobs');
  if (truncation === 'auto') findings.untranslatable.add('truncation');
  const { effort: _, summary: __, generate_summary: ___, ...others } = reasoning ?? {};
  for (const [name, value] of Object.entries(others)) {
    if (value !== null) findings.untranslatable.add(`reasoning.${name}`);
  }
}

function toResponseFormat({ text }: ResponsesBody): ResponseFormat | undefined {
  const format = text?.format;
  if (format === undefined || format === null) return undefined;
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json_object') return { type: 'json-object' };
  const { name, description, schema, strict } = format;
  return {
    type: 'json-schema',
    name,
    ...(description && { description }),
    schema,
    strict: strict === true,
  };
}

function toSampling({ temperature, top_p: topP, text }: ResponsesBody): Sampling {
  const verbosity = text?.verbosity;
  return {
    ...(typeof temperature === 'number' && { temperature }),
    ...(typeof topP === 'number' && { topP }),
    ...(verbosity && { verbosity }),
  };
}

/** A summary is what this dialect shows of reasoning. */
function toReasoning({ reasoning }: ResponsesBody): Reasoning | undefined {
  if (reasoning === undefined || reasoning === null) return undefined;
  const { effort, summary, generate_summary: formerly } = reasoning;
  const isVisible = (summary ?? formerly ?? undefined) !== undefined;
  if (!effort && !isVisible) return undefined;
  return { ...(effort && { effort }), visible: isVisible };
}

function toNative(body: JsonText, { untranslatable, indispensable }: Findings): NativeBody {
  const fields = UNTRANSLATABLE_FIELDS.filter((name) => body.members.has(name));
  return {
    dialect: 'openai-responses',
    body: withoutForeignReasoning(body),
    fields: DIALECT_FIELDS,
    untranslatable: [...fields, ...untranslatable],
    isOnlyForm: indispensable.size > 0,
  };
}

const ROUTER_FIELDS = new Set([
  ...ROUTING_FIELDS,
  'background',
  'conversation',
  'previous_response_id',
  'prompt',
]);

function unknownFields(body: JsonText): Warning[] {
  return [...body.members.keys()]
    .filter((name) => !DIALECT_FIELDS.has(name) && !ROUTER_FIELDS.has(name))
    .map((field) => ({
      type: 'unknown-field',
      field,
      message: `${field} goes only to providers that know it`,
    }));
}
