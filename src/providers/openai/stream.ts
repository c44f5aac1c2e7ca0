import { parseJson } from '../../domain/json.ts';
import type { ModelCall } from '../../domain/ports.ts';
import type { ModelStreamPart } from '../../domain/response.ts';
import { isErrorBody } from '../error-body.ts';
import { BROKEN_EVENT } from '../malformed.ts';
import type { StreamStep } from '../sse.ts';
import { madeToolId } from '../tool-ids.ts';
import { citationsOf } from './citations.ts';
import { fromErrorInBody } from './failure.ts';
import {
  argumentsText,
  finishOf,
  fromWireContent,
  fromWireUsage,
  reasoningOf,
  toolExtras,
  toolNameOf,
} from './response.ts';
import {
  completionSchema,
  type WireChoice,
  type WireCompletion,
  type WireMessage,
  type WireToolCall,
} from './wire.ts';

type OpenToolCall = {
  /** The vendor's index; undefined where it sends none (old Mistral). */
  readonly wireIndex: number | undefined;
  readonly id: string;
  readonly hasJson: boolean;
};

export type OpenAiStreamState = {
  /** The answer's id, once a chunk has named it. */
  readonly upstreamId: string | undefined;
  /** In order of appearance: the place in the list is our index. */
  readonly toolCalls: readonly OpenToolCall[];
  /** Characters of text so far, for vendors that send the whole text again with each chunk. */
  readonly textLength: number;
  /** Sources given so far, for vendors that send the whole list again with each chunk. */
  readonly citations: number;
};

export const INITIAL_STATE: OpenAiStreamState = {
  upstreamId: undefined,
  toolCalls: [],
  textLength: 0,
  citations: 0,
};

/** One event of a Chat Completions stream → parts. */
export function streamStep(call: ModelCall): StreamStep<OpenAiStreamState> {
  return (state, event) => {
    if (event.data.trim() === '[DONE]') return { state, parts: [{ type: 'done' }] };
    const json = parseJson(event.data);
    if (event.name === 'error' || isErrorBody(json)) {
      return { state, parts: [{ type: 'error', failure: fromErrorInBody(json) }] };
    }
    const chunk = completionSchema.safeParse(json).data;
    return chunk === undefined ? { state, ...BROKEN_EVENT } : readChunk(state, chunk, call);
  };
}

type Reading = { readonly state: OpenAiStreamState; readonly parts: readonly ModelStreamPart[] };

function readChunk(before: OpenAiStreamState, chunk: WireCompletion, call: ModelCall): Reading {
  const start = readStart(before, chunk);
  const choice = chunk.choices?.find(({ index }) => (index ?? 0) === 0);
  const text = readText(start.state, choice?.delta, choice?.message);
  const toolCalls = readToolCalls(text.state, choice?.delta);
  const citations = readCitations(toolCalls.state, chunk, choice);
  const finish = readFinish(citations.state, choice);
  const usage = chunk.usage ?? chunk.x_groq?.usage;
  return {
    state: finish.state,
    parts: [
      ...start.parts,
      ...text.parts,
      ...toolCalls.parts,
      ...citations.parts,
      ...finish.parts,
      ...(usage ? [{ type: 'usage' as const, usage: fromWireUsage(usage, call) }] : []),
    ],
  };
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
  const pieces = [
    ...(delta ? reasoningOf(delta) : []),
    ...fromWireContent(contentOf(state, delta, whole)),
  ];
  const parts: ModelStreamPart[] = pieces.map((part) =>
    part.type === 'text' ? { ...part, type: 'text-delta' } : { ...part, type: 'reasoning-delta' },
  );
  if (delta?.refusal) parts.push({ type: 'refusal-delta', text: delta.refusal });
  const added = pieces.reduce(
    (sum, { type, text }) => sum + (type === 'text' ? text.length : 0),
    0,
  );
  return { state: added === 0 ? state : { ...state, textLength: state.textLength + added }, parts };
}

/** Perplexity repeats the whole text in each chunk, and its last delta repeats the one before. */
function contentOf(state: OpenAiStreamState, delta: MaybeMessage, whole: MaybeMessage): unknown {
  if (typeof whole?.content === 'string') return whole.content.slice(state.textLength);
  return delta?.content ?? delta?.audio?.transcript;
}

function readToolCalls(state: OpenAiStreamState, delta: MaybeMessage): Reading {
  const { tool_calls: pieces, function_call: called } = delta ?? {};
  const reading: { state: OpenAiStreamState; parts: ModelStreamPart[] } = { state, parts: [] };
  for (const piece of pieces ?? (called ? [{ function: called }] : [])) {
    const read = readToolCall(reading.state, piece);
    reading.state = read.state;
    reading.parts.push(...read.parts);
  }
  return reading;
}

function readToolCall(state: OpenAiStreamState, piece: WireToolCall): Reading {
  const known = state.toolCalls.findLastIndex((toolCall) => isSame(toolCall, piece));
  const index = known >= 0 ? known : state.toolCalls.length;
  const id = state.toolCalls[known]?.id ?? (piece.id || madeToolId(state.upstreamId, index));
  const json = argumentsText(piece);
  const hasJson = json !== '' || state.toolCalls[known]?.hasJson === true;
  const wireIndex = piece.index ?? undefined;
  const start: ModelStreamPart[] =
    known >= 0
      ? []
      : [{ type: 'tool-call-start', index, id, name: toolNameOf(piece), ...toolExtras(piece) }];
  return {
    state: { ...state, toolCalls: state.toolCalls.toSpliced(index, 1, { wireIndex, id, hasJson }) },
    parts: json === '' ? start : [...start, { type: 'tool-call-delta', index, arguments: json }],
  };
}

/** By index where the vendor counts; an id of its own begins a new call even at a known index. */
function isSame(toolCall: OpenToolCall, piece: WireToolCall): boolean {
  if (piece.id && piece.id !== toolCall.id) return false;
  return (piece.index ?? undefined) === toolCall.wireIndex;
}

function readCitations(
  state: OpenAiStreamState,
  chunk: WireCompletion,
  choice: WireChoice | undefined,
): Reading {
  const found = citationsOf(choice?.delta, chunk);
  const isWholeList = (chunk.citations ?? []).length > 0;
  const parts = isWholeList ? found.slice(state.citations) : found;
  return { state: { ...state, citations: state.citations + parts.length }, parts };
}

/** A call that has ended without a word of JSON has no arguments: `{}`, not nothing. */
function readFinish(state: OpenAiStreamState, choice: WireChoice | undefined): Reading {
  if (choice === undefined || (!choice.finish_reason && !choice.finish_details?.type)) {
    return { state, parts: [] };
  }
  const bare = [...state.toolCalls.keys()].filter((index) => !state.toolCalls[index]?.hasJson);
  return {
    state: { ...state, toolCalls: state.toolCalls.map((open) => ({ ...open, hasJson: true })) },
    parts: [
      ...bare.map((index) => ({ type: 'tool-call-delta' as const, index, arguments: '{}' })),
      { type: 'finish', reason: finishOf(choice, state.toolCalls.length > 0) },
    ],
  };
}
