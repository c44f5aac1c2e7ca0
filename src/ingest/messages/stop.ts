import type { Conversation } from '../../domain/conversation.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { FinishReason } from '../../domain/response.ts';

/** The dialect's own reasons; providers that use its words for the same are taken at them. */
const OWN_REASONS = new Set([
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
]);

/** `null` where the provider gave no reason that a caller could act on. */
const STOP_REASONS: Readonly<Record<FinishReason['unified'], string | null>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  error: null,
  unknown: null,
};

/** How an answer ended, and what it held. */
export type Ending = {
  readonly reason: FinishReason;
  readonly hasCalls: boolean;
  /** The words of a refusal; undefined when there was none. */
  readonly refusal: string | undefined;
};

/** Callers go by the reason alone: it says `tool_use` and `refusal` wherever there is a call or a refusal. */
export function toStop(ending: Ending, { stop }: Conversation): JsonObject {
  const reason = stopReasonOf(ending);
  // Only where there is but one is it known which sequence it was.
  const [sequence] = stop;
  const isKnown = reason === 'stop_sequence' && stop.length === 1 && sequence !== undefined;
  return {
    stop_reason: reason,
    stop_sequence: isKnown ? sequence : null,
    ...(reason === 'refusal' && {
      stop_details: { type: 'refusal', category: null, explanation: ending.refusal ?? null },
    }),
  };
}

function stopReasonOf({ reason, hasCalls, refusal }: Ending): string | null {
  const { unified, raw } = reason;
  if (raw !== undefined && OWN_REASONS.has(raw)) return raw;
  if (unified !== 'stop') return STOP_REASONS[unified];
  if (refusal !== undefined) return 'refusal';
  return hasCalls ? 'tool_use' : 'end_turn';
}
