import { parseJson } from '../../domain/json.ts';
import type { ModelStreamPart } from '../../domain/response.ts';
import { BROKEN_EVENT } from '../malformed.ts';
import type { StreamStep } from '../sse.ts';
import { madeToolId } from '../tool-ids.ts';
import {
  extrasOf,
  fromWireCitation,
  fromWireStop,
  fromWireUsage,
  isServerTool,
} from './response.ts';
import { eventSchema, type WireDelta, type WireEvent } from './wire.ts';

/** The tool call whose block is open; blocks follow each other, they do not overlap. */
type OpenToolCall = {
  /** The block's own index, in a space that all blocks share. */
  readonly block: number;
  /** Our index: tool calls before it. */
  readonly index: number;
  readonly hasJson: boolean;
};

export type BedrockStreamState = {
  readonly toolCalls: number;
  readonly open: OpenToolCall | undefined;
};

export const INITIAL_STATE: BedrockStreamState = { toolCalls: 0, open: undefined };

type Reading = { readonly state: BedrockStreamState; readonly parts: readonly ModelStreamPart[] };

/** One event of ConverseStream → parts. */
export const streamStep: StreamStep<BedrockStreamState> = (state, { name, data }) => {
  const event = eventSchema.safeParse(parseJson(data)).data;
  return event === undefined ? { state, ...BROKEN_EVENT } : readEvent(state, name, event);
};

function readEvent(state: BedrockStreamState, name: string | undefined, event: WireEvent): Reading {
  const block = event.contentBlockIndex ?? 0;
  switch (name) {
    case 'contentBlockStart':
      return readBlockStart(state, block, event);
    case 'contentBlockDelta':
      return event.delta ? readDelta(state, block, event.delta) : { state, parts: [] };
    case 'contentBlockStop':
      return readBlockStop(state, block);
    case 'messageStop': {
      const reason = fromWireStop(event.stopReason, state.toolCalls > 0);
      return { state, parts: [{ type: 'finish', reason }] };
    }
    case 'metadata':
      return { state, parts: [...usageParts(event), { type: 'done' }] };
    default:
      return { state, parts: [] };
  }
}

/** Only tools have a start: text and reasoning begin with their first delta. */
function readBlockStart(state: BedrockStreamState, block: number, { start }: WireEvent): Reading {
  const toolUse = start?.toolUse;
  if (!toolUse || isServerTool(toolUse)) return { state, parts: [] };
  const index = state.toolCalls;
  const id = toolUse.toolUseId || madeToolId(undefined, block);
  return {
    state: { toolCalls: index + 1, open: { block, index, hasJson: false } },
    parts: [{ type: 'tool-call-start', index, id, name: toolUse.name ?? '' }],
  };
}

function readDelta(state: BedrockStreamState, block: number, delta: WireDelta): Reading {
  const { text, reasoningContent, toolUse, citation } = delta;
  if (toolUse) return readJsonDelta(state, block, toolUse.input);
  if (text) return { state, parts: [{ type: 'text-delta', text }] };
  if (citation) return { state, parts: [fromWireCitation(citation)] };
  if (!reasoningContent) return { state, parts: [] };
  const extras = extrasOf(reasoningContent.signature, reasoningContent.redactedContent);
  const thought = reasoningContent.text ?? '';
  if (thought === '' && extras === undefined) return { state, parts: [] };
  return { state, parts: [{ type: 'reasoning-delta', text: thought, ...(extras && { extras }) }] };
}

/** Server tools stream their input too: only a tool call that we announced has pieces. */
function readJsonDelta(state: BedrockStreamState, block: number, json: unknown): Reading {
  const { open } = state;
  if (typeof json !== 'string' || json === '' || open?.block !== block) return { state, parts: [] };
  return {
    state: { ...state, open: { ...open, hasJson: true } },
    parts: [{ type: 'tool-call-delta', index: open.index, arguments: json }],
  };
}

/** Arguments that never came are `{}`, not nothing. */
function readBlockStop(state: BedrockStreamState, block: number): Reading {
  const { open } = state;
  if (open?.block !== block) return { state, parts: [] };
  const parts: ModelStreamPart[] = open.hasJson
    ? []
    : [{ type: 'tool-call-delta', index: open.index, arguments: '{}' }];
  return { state: { ...state, open: undefined }, parts };
}

/** Usage comes last, behind the finish. */
function usageParts({ usage }: WireEvent): ModelStreamPart[] {
  return usage ? [{ type: 'usage', usage: fromWireUsage(usage) }] : [];
}
