import { parseJson } from '../../domain/json.ts';
import type { ModelStreamPart } from '../../domain/response.ts';
import { isErrorBody } from '../error-body.ts';
import { BROKEN_EVENT } from '../malformed.ts';
import type { StreamStep } from '../sse.ts';
import { madeToolId } from '../tool-ids.ts';
import { fromErrorInBody } from './failure.ts';
import { extrasOf, fromWireCitation, fromWireStop, fromWireUsage } from './response.ts';
import {
  eventSchema,
  type WireBlock,
  type WireDelta,
  type WireEvent,
  type WireUsage,
} from './wire.ts';

/** The tool call whose block is open; blocks follow each other, they do not overlap. */
type OpenToolCall = {
  /** The block's own index, in a space that all blocks share. */
  readonly block: number;
  /** Our index: tool calls before it. */
  readonly index: number;
  /** Given at the start instead of in pieces, as some gateways do. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly hasJson: boolean;
};

export type AnthropicStreamState = {
  readonly upstreamId: string | undefined;
  readonly toolCalls: number;
  readonly open: OpenToolCall | undefined;
  /** Counts given so far. */
  readonly usage: WireUsage;
};

export const INITIAL_STATE: AnthropicStreamState = {
  upstreamId: undefined,
  toolCalls: 0,
  open: undefined,
  usage: {},
};

type Reading = { readonly state: AnthropicStreamState; readonly parts: readonly ModelStreamPart[] };

/** One event of a Messages stream → parts. */
export const streamStep: StreamStep<AnthropicStreamState> = (state, event) => {
  // Some gateways end with the mark of another dialect.
  if (event.data.trim() === '[DONE]') return { state, parts: [] };
  const json = parseJson(event.data);
  if (event.name === 'error' || isErrorBody(json)) {
    return { state, parts: [{ type: 'error', failure: fromErrorInBody(json) }] };
  }
  const body = eventSchema.safeParse(json).data;
  return body === undefined ? { state, ...BROKEN_EVENT } : readEvent(state, body);
};

function readEvent(state: AnthropicStreamState, event: WireEvent): Reading {
  const index = event.index ?? 0;
  switch (event.type) {
    case 'message_start':
      return readStart(state, event);
    case 'content_block_start':
      return event.content_block
        ? readBlockStart(state, index, event.content_block)
        : { state, parts: [] };
    case 'content_block_delta':
      return event.delta ? readDelta(state, index, event.delta) : { state, parts: [] };
    case 'content_block_stop':
      return readBlockStop(state, index);
    case 'message_delta':
      return readEnd(state, event);
    case 'message_stop':
      return { state, parts: [{ type: 'done' }] };
    default:
      return { state, parts: [] };
  }
}

function readStart(state: AnthropicStreamState, { message }: WireEvent): Reading {
  const upstreamId = message?.id ?? undefined;
  const upstreamModel = message?.model ?? undefined;
  const start: ModelStreamPart = { type: 'start', upstreamId, upstreamModel };
  // The output so far is a placeholder: of a stream that breaks it would be taken as the whole.
  const input = { ...message?.usage, output_tokens: undefined, output_tokens_details: undefined };
  const counted = readUsage({ ...state, upstreamId }, input);
  return { state: counted.state, parts: [start, ...counted.parts] };
}

/** Cumulative, and may correct what the start said: fields given replace those given before. */
function readUsage(state: AnthropicStreamState, given: WireUsage): Reading {
  const counts = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
  if (counts.length === 0) return { state, parts: [] };
  const usage: WireUsage = { ...state.usage, ...Object.fromEntries(counts) };
  return { state: { ...state, usage }, parts: [{ type: 'usage', usage: fromWireUsage(usage) }] };
}

function readBlockStart(state: AnthropicStreamState, index: number, block: WireBlock): Reading {
  switch (block.type) {
    case 'text':
      return { state, parts: block.text ? [{ type: 'text-delta', text: block.text }] : [] };
    case 'thinking':
    case 'redacted_thinking': {
      const { extras } = extrasOf(block);
      const text = block.thinking ?? '';
      if (text === '' && extras === undefined) return { state, parts: [] };
      return { state, parts: [{ type: 'reasoning-delta', text, ...(extras && { extras }) }] };
    }
    case 'tool_use': {
      const id = block.id || madeToolId(state.upstreamId, index);
      const open = {
        block: index,
        index: state.toolCalls,
        input: block.input ?? {},
        hasJson: false,
      };
      return {
        state: { ...state, toolCalls: state.toolCalls + 1, open },
        parts: [{ type: 'tool-call-start', index: open.index, id, name: block.name ?? '' }],
      };
    }
    default:
      return { state, parts: [] };
  }
}

function readDelta(state: AnthropicStreamState, index: number, delta: WireDelta): Reading {
  switch (delta.type) {
    case 'text_delta':
      return { state, parts: delta.text ? [{ type: 'text-delta', text: delta.text }] : [] };
    case 'thinking_delta':
      return {
        state,
        parts: delta.thinking ? [{ type: 'reasoning-delta', text: delta.thinking }] : [],
      };
    case 'signature_delta': {
      const { extras } = extrasOf({ signature: delta.signature, data: undefined });
      return { state, parts: extras ? [{ type: 'reasoning-delta', text: '', extras }] : [] };
    }
    case 'citations_delta':
      return { state, parts: delta.citation ? [fromWireCitation(delta.citation)] : [] };
    case 'input_json_delta':
      return readJsonDelta(state, index, delta.partial_json ?? '');
    default:
      return { state, parts: [] };
  }
}

/** Server tools stream their input too: only a tool call that we announced has pieces. */
function readJsonDelta(state: AnthropicStreamState, index: number, json: string): Reading {
  const { open } = state;
  if (json === '' || open?.block !== index) return { state, parts: [] };
  return {
    state: { ...state, open: { ...open, hasJson: true } },
    parts: [{ type: 'tool-call-delta', index: open.index, arguments: json }],
  };
}

/** A tool call without arguments streams no JSON at all; its arguments are `{}`, not nothing. */
function readBlockStop(state: AnthropicStreamState, index: number): Reading {
  const { open } = state;
  if (open?.block !== index) return { state, parts: [] };
  const parts: ModelStreamPart[] = open.hasJson
    ? []
    : [{ type: 'tool-call-delta', index: open.index, arguments: JSON.stringify(open.input) }];
  return { state: { ...state, open: undefined }, parts };
}

function readEnd(state: AnthropicStreamState, { delta, usage }: WireEvent): Reading {
  const counted = readUsage(state, usage ?? {});
  if (!delta?.stop_reason) return counted;
  const reason = fromWireStop(delta.stop_reason, state.toolCalls > 0);
  const finish: ModelStreamPart = { type: 'finish', reason };
  return { state: counted.state, parts: [...counted.parts, finish] };
}
