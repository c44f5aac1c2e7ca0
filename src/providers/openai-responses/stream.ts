import { parseJson } from '../../domain/json.ts';
import type { ModelStreamPart, ResponsePart } from '../../domain/response.ts';
import { isErrorBody } from '../error-body.ts';
import { BROKEN_EVENT } from '../malformed.ts';
import type { StreamStep } from '../sse.ts';
import { madeToolId } from '../tool-ids.ts';
import { fromFailedAnswer } from './failure.ts';
import {
  extrasOf,
  fromWireAnnotation,
  fromWireItem,
  fromWireStatus,
  fromWireUsage,
  PARAGRAPH,
} from './response.ts';
import { eventSchema, type WireEvent, type WireItem, type WireResponse } from './wire.ts';

/** What has come of an item. Several may be open at once: OpenRouter's overlap. */
type OpenItem = {
  /** Our index of a tool call; undefined for items of other types. */
  readonly call: number | undefined;
  /** A piece has come, so that the whole item at its end says nothing new. */
  readonly hasPieces: boolean;
  /** Its sources have come as events of their own. */
  readonly hasSources: boolean;
};

const UNSEEN: OpenItem = { call: undefined, hasPieces: false, hasSources: false };

export type ResponsesStreamState = {
  readonly upstreamId: string | undefined;
  readonly toolCalls: number;
  /** By their place in the output. */
  readonly items: ReadonlyMap<number, OpenItem>;
};

export const INITIAL_STATE: ResponsesStreamState = {
  upstreamId: undefined,
  toolCalls: 0,
  items: new Map(),
};

type Reading = {
  readonly state: ResponsesStreamState;
  readonly parts: readonly ModelStreamPart[];
};

/** One event of a Responses stream → parts. */
export const streamStep: StreamStep<ResponsesStreamState> = (state, event) => {
  // OpenRouter ends with the mark of another dialect.
  if (event.data.trim() === '[DONE]') return { state, parts: [{ type: 'done' }] };
  const json = parseJson(event.data);
  if (event.name === 'error' || isErrorBody(json)) {
    return { state, parts: [{ type: 'error', failure: fromFailedAnswer(json) }] };
  }
  const body = eventSchema.safeParse(json).data;
  if (body === undefined) return { state, ...BROKEN_EVENT };
  return READERS.get(body.type)?.(state, body) ?? { state, parts: [] };
};

type Reader = (state: ResponsesStreamState, event: WireEvent) => Reading;

/** Events that are not here say nothing new, or belong to tools that the provider runs itself. */
const READERS: ReadonlyMap<string, Reader> = new Map(
  Object.entries<Reader>({
    'response.created': readStart,
    'response.in_progress': readStart,
    'response.queued': readStart,
    'response.output_item.added': readItemStart,
    'response.output_text.delta': pieceReader('text-delta'),
    'response.refusal.delta': pieceReader('refusal-delta'),
    'response.reasoning_text.delta': pieceReader('reasoning-delta'),
    'response.reasoning_summary_text.delta': pieceReader('reasoning-delta'),
    'response.reasoning_summary_part.added': readParagraph,
    'response.output_text.annotation.added': readSource,
    'response.function_call_arguments.delta': (state, event) => readJson(state, event, event.delta),
    'response.function_call_arguments.done': readWholeJson,
    'response.output_item.done': readItem,
    'response.completed': readEnd,
    'response.incomplete': readEnd,
    'response.failed': readFailure,
  }),
);

function readStart(state: ResponsesStreamState, { response }: WireEvent): Reading {
  const upstreamId = response?.id;
  if (state.upstreamId !== undefined || !upstreamId) return { state, parts: [] };
  const upstreamModel = response.model ?? undefined;
  return {
    state: { ...state, upstreamId },
    parts: [{ type: 'start', upstreamId, upstreamModel }],
  };
}

function placeOf({ output_index: place }: WireEvent): number {
  return place ?? 0;
}

function openItem(state: ResponsesStreamState, event: WireEvent): OpenItem {
  return state.items.get(placeOf(event)) ?? UNSEEN;
}

function withItem(
  state: ResponsesStreamState,
  event: WireEvent,
  changes: Partial<OpenItem>,
): ResponsesStreamState {
  const item = { ...openItem(state, event), ...changes };
  return { ...state, items: new Map(state.items).set(placeOf(event), item) };
}

function pieceReader(type: 'text-delta' | 'refusal-delta' | 'reasoning-delta'): Reader {
  return (state, event) => {
    if (!event.delta) return { state, parts: [] };
    const { hasPieces } = openItem(state, event);
    return {
      state: hasPieces ? state : withItem(state, event, { hasPieces: true }),
      parts: [{ type, text: event.delta }],
    };
  };
}

/** The parts of a summary are paragraphs; the first has none before it. */
function readParagraph(state: ResponsesStreamState, { summary_index: index }: WireEvent): Reading {
  return { state, parts: index ? [{ type: 'reasoning-delta', text: PARAGRAPH }] : [] };
}

function readSource(state: ResponsesStreamState, event: WireEvent): Reading {
  if (!event.annotation) return { state, parts: [] };
  return {
    state: withItem(state, event, { hasSources: true }),
    parts: [fromWireAnnotation(event.annotation)],
  };
}

function readItemStart(state: ResponsesStreamState, event: WireEvent): Reading {
  const { item } = event;
  return item?.type === 'function_call' ? openCall(state, event, item) : { state, parts: [] };
}

function openCall(state: ResponsesStreamState, event: WireEvent, item: WireItem): Reading {
  const call = state.toolCalls;
  const id = item.call_id || madeToolId(state.upstreamId, placeOf(event));
  return {
    state: { ...withItem(state, event, { call }), toolCalls: call + 1 },
    parts: [{ type: 'tool-call-start', index: call, id, name: item.name ?? '' }],
  };
}

/** Server tools stream their input too: only a tool call that we announced has pieces. */
function readJson(
  state: ResponsesStreamState,
  event: WireEvent,
  json: string | null | undefined,
): Reading {
  const { call, hasPieces } = openItem(state, event);
  if (call === undefined || !json) return { state, parts: [] };
  return {
    state: hasPieces ? state : withItem(state, event, { hasPieces: true }),
    parts: [{ type: 'tool-call-delta', index: call, arguments: json }],
  };
}

/** Arguments that came in pieces come once more as a whole. */
function readWholeJson(state: ResponsesStreamState, event: WireEvent): Reading {
  const { hasPieces } = openItem(state, event);
  return hasPieces ? { state, parts: [] } : readJson(state, event, event.arguments);
}

/** The whole item: it brings what did not come in pieces, and what stands only at its end. */
function readItem(state: ResponsesStreamState, event: WireEvent): Reading {
  const { item } = event;
  if (!item) return { state, parts: [] };
  if (item.type === 'function_call') return endCall(state, event, item);
  const { hasPieces, hasSources } = openItem(state, event);
  const isNews = ({ type }: ResponsePart) => (type === 'citation' ? !hasSources : !hasPieces);
  const news = fromWireItem(item, '').filter(isNews).flatMap(partOf);
  const extras = hasPieces && item.type === 'reasoning' ? extrasOf(item) : undefined;
  return { state, parts: extras ? [{ type: 'reasoning-delta', text: '', extras }] : news };
}

function endCall(state: ResponsesStreamState, event: WireEvent, item: WireItem): Reading {
  const isKnown = openItem(state, event).call !== undefined;
  const opened = isKnown ? { state, parts: [] } : openCall(state, event, item);
  if (openItem(opened.state, event).hasPieces) return opened;
  const whole = readJson(opened.state, event, item.arguments || '{}');
  return { state: whole.state, parts: [...opened.parts, ...whole.parts] };
}

function partOf(part: ResponsePart): ModelStreamPart[] {
  switch (part.type) {
    case 'text':
      return [{ ...part, type: 'text-delta' }];
    case 'reasoning':
      return [{ ...part, type: 'reasoning-delta' }];
    case 'refusal':
      return [{ ...part, type: 'refusal-delta' }];
    case 'citation':
      return [part];
    case 'tool-call':
      return [];
  }
}

/** The last event: usage and finish come with it, and nothing behind it. */
function readEnd(state: ResponsesStreamState, { response }: WireEvent): Reading {
  if (!response) return { state, parts: [{ type: 'done' }] };
  const reason = fromWireStatus(response, state.toolCalls > 0);
  return {
    state,
    parts: [...usageParts(response), { type: 'finish', reason }, { type: 'done' }],
  };
}

function readFailure(state: ResponsesStreamState, { response }: WireEvent): Reading {
  const failure = fromFailedAnswer({ error: response?.error });
  return { state, parts: [...usageParts(response), { type: 'error', failure }] };
}

function usageParts(response: WireResponse | null | undefined): ModelStreamPart[] {
  return response?.usage ? [{ type: 'usage', usage: fromWireUsage(response.usage) }] : [];
}
