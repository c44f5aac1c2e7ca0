import { parseJson } from '../../domain/json.ts';
import type { ModelStreamPart } from '../../domain/response.ts';
import { isErrorBody } from '../error-body.ts';
import { BROKEN_EVENT } from '../malformed.ts';
import type { StreamStep } from '../sse.ts';
import { madeToolId } from '../tool-ids.ts';
import { fromErrorInBody } from './failure.ts';
import { citationsOf, extrasOf, finishOf, fromWireUsage } from './response.ts';
import { responseSchema, type WirePart, type WireResponse } from './wire.ts';

export type GeminiStreamState = {
  readonly hasStarted: boolean;
  readonly upstreamId: string | undefined;
  readonly toolCalls: number;
};

export const INITIAL_STATE: GeminiStreamState = {
  hasStarted: false,
  upstreamId: undefined,
  toolCalls: 0,
};

/** One event, which is a whole response with what has been added, → parts. */
export const streamStep: StreamStep<GeminiStreamState> = (state, event) => {
  // Some gateways end with the mark of another dialect.
  if (event.data.trim() === '[DONE]') return { state, parts: [] };
  const json = parseJson(event.data);
  if (isErrorBody(json)) {
    return { state, parts: [{ type: 'error', failure: fromErrorInBody(json) }] };
  }
  const response = responseSchema.safeParse(json).data;
  return response === undefined ? { state, ...BROKEN_EVENT } : readResponse(state, response);
};

type Reading = { readonly state: GeminiStreamState; readonly parts: readonly ModelStreamPart[] };

function readResponse(before: GeminiStreamState, response: WireResponse): Reading {
  const parts: ModelStreamPart[] = [];
  let state = before;
  if (!state.hasStarted) {
    const upstreamId = response.responseId ?? undefined;
    state = { ...state, hasStarted: true, upstreamId };
    parts.push({ type: 'start', upstreamId, upstreamModel: response.modelVersion ?? undefined });
  }
  const candidate = response.candidates?.[0];
  for (const part of candidate?.content?.parts ?? []) {
    const read = readPart(state, part);
    state = read.state;
    parts.push(...read.parts);
  }
  parts.push(...citationsOf(candidate));
  const reason = finishOf(response, state.toolCalls > 0);
  if (response.usageMetadata) {
    const usage = fromWireUsage(response.usageMetadata, reason !== undefined);
    parts.push({ type: 'usage', usage });
  }
  if (reason !== undefined) parts.push({ type: 'finish', reason });
  return { state, parts };
}

/** A function call comes whole, in one event. */
function readPart(state: GeminiStreamState, part: WirePart): Reading {
  const extras = extrasOf(part);
  if (!part.functionCall) {
    const text = part.text ?? '';
    if (text === '' && extras.extras === undefined) return { state, parts: [] };
    const type = part.thought === true ? 'reasoning-delta' : 'text-delta';
    return { state, parts: [{ type, text, ...extras }] };
  }
  const index = state.toolCalls;
  const { id, name, args } = part.functionCall;
  const callId = id || madeToolId(state.upstreamId, index);
  return {
    state: { ...state, toolCalls: index + 1 },
    parts: [
      { type: 'tool-call-start', index, id: callId, name: name ?? '', ...extras },
      { type: 'tool-call-delta', index, arguments: JSON.stringify(args ?? {}) },
    ],
  };
}
