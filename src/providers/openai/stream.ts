import { parseJson } from '../../domain/json.ts';
import type { ModelCall } from '../../domain/ports.ts';
import type { ModelStreamPart } from '../../domain/response.ts';
import type { StreamStep } from '../sse.ts';
import { madeToolId } from '../tool-ids.ts';
import { fromErrorInBody } from './failure.ts';
import { argumentsText, fromWireContent, fromWireFinish, fromWireUsage } from './response.ts';
import {
  completionSchema,
  type WireCompletion,
  type WireMessage,
  type WireToolCall,
} from './wire.ts';

type OpenToolCall = {
  /** The vendor's index; undefined where it sends none (old Mistral). */
  readonly wireIndex: number | undefined;
  readonly id: string;
};

export type OpenAiStreamState = {
  /** The answer's id, once a chunk has named it. */
  readonly upstreamId: string | undefined;
  /** In order of appearance: the place in the list is our index. */
  readonly toolCalls: readonly OpenToolCall[];
  /** Characters of text so far, for vendors that send the whole text again with each chunk. */
  readonly textLength: number;
};

export const INITIAL_STATE: OpenAiStreamState = {
  upstreamId: undefined,
  toolCalls: [],
  textLength: 0,
};

/** One event of a Chat Completions stream → parts. An event that cannot be read is left out. */
export function streamStep(call: ModelCall): StreamStep<OpenAiStreamState> {
  return (state, event) => {
    if (event.data.trim() === '[DONE]') return { state, parts: [{ type: 'done' }] };
    const json = parseJson(event.data);
    const chunk = completionSchema.safeParse(json).data;
    if (chunk === undefined) return { state, parts: [], isBroken: true };
    if (chunk.error !== undefined && chunk.error !== null) {
      return { state, parts: [{ type: 'error', failure: fromErrorInBody(json) }] };
    }
    return readChunk(state, chunk, call);
  };
}

type Reading = { readonly state: OpenAiStreamState; readonly parts: readonly ModelStreamPart[] };

function readChunk(state: OpenAiStreamState, chunk: WireCompletion, call: ModelCall): Reading {
  const start = readStart(state, chunk);
  const choice = chunk.choices?.find(({ index }) => (index ?? 0) === 0);
  const text = readText(start.state, choice?.delta, choice?.message);
  const toolCalls = readToolCalls(text.state, choice?.delta?.tool_calls ?? []);
  const parts: ModelStreamPart[] = [...start.parts, ...text.parts, ...toolCalls.parts];
  if (choice?.finish_reason) {
    parts.push({ type: 'finish', reason: fromWireFinish(choice.finish_reason) });
  }
  const usage = chunk.usage ?? chunk.x_groq?.usage;
  if (usage) parts.push({ type: 'usage', usage: fromWireUsage(usage, call) });
  return { state: toolCalls.state, parts };
}

/** Azure's first chunk names nothing: the id and model of the first chunk that has them count. */
function readStart(state: OpenAiStreamState, chunk: WireCompletion): Reading {
  if (state.upstreamId !== undefined || !chunk.id) return { state, parts: [] };
  const upstreamModel = chunk.model || undefined;
  return {
    state: { ...state, upstreamId: chunk.id },
    parts: [{ type: 'start', upstreamId: chunk.id, upstreamModel }],
  };
}

type MaybeMessage = WireMessage | null | undefined;

function readText(state: OpenAiStreamState, delta: MaybeMessage, whole: MaybeMessage): Reading {
  const parts: ModelStreamPart[] = [];
  const reasoning = delta?.reasoning_content ?? delta?.reasoning;
  if (reasoning) parts.push({ type: 'reasoning-delta', text: reasoning });
  for (const part of fromWireContent(contentOf(state, delta, whole))) {
    const type = part.type === 'text' ? 'text-delta' : 'reasoning-delta';
    parts.push({ type, text: part.text });
  }
  if (delta?.refusal) parts.push({ type: 'refusal-delta', text: delta.refusal });
  const added = parts.reduce(
    (sum, part) => sum + (part.type === 'text-delta' ? part.text.length : 0),
    0,
  );
  return { state: added === 0 ? state : { ...state, textLength: state.textLength + added }, parts };
}

/** Perplexity repeats the whole text in each chunk, and its last delta repeats the one before. */
function contentOf(state: OpenAiStreamState, delta: MaybeMessage, whole: MaybeMessage): unknown {
  return typeof whole?.content === 'string'
    ? whole.content.slice(state.textLength)
    : delta?.content;
}

function readToolCalls(state: OpenAiStreamState, pieces: readonly WireToolCall[]): Reading {
  let toolCalls = state.toolCalls;
  const parts: ModelStreamPart[] = [];
  for (const piece of pieces) {
    const known = toolCalls.findIndex((toolCall) => isSame(toolCall, piece));
    const index = known >= 0 ? known : toolCalls.length;
    if (known < 0) {
      const id = piece.id || madeToolId(state.upstreamId, index);
      toolCalls = [...toolCalls, { wireIndex: piece.index ?? undefined, id }];
      parts.push({ type: 'tool-call-start', index, id, name: piece.function?.name ?? '' });
    }
    const added = argumentsText(piece.function?.arguments);
    if (added !== '') parts.push({ type: 'tool-call-delta', index, arguments: added });
  }
  return { state: { ...state, toolCalls }, parts };
}

/** By index where the vendor counts; an id of its own begins a new call even at a known index. */
function isSame(toolCall: OpenToolCall, piece: WireToolCall): boolean {
  if (piece.id && piece.id !== toolCall.id) return false;
  return (piece.index ?? undefined) === toolCall.wireIndex;
}
