import type { AttemptFailure } from '../domain/failure.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** A limit without a hint: most limits are per minute, and a token bucket refills steadily. */
export const RATE_HOLD_MS = 5 * SECOND_MS;
/** Money does not come back by itself soon; asked again a few times an hour (fault catalogue F04). */
const QUOTA_HOLD_MS = 15 * MINUTE_MS;
/** Once may be the provider's own trouble; a wrong key is an operator's work (F18). */
const REJECTED_KEY_HOLD_MS = { once: 5 * SECOND_MS, again: 10 * MINUTE_MS };
/** A permission or a model that is gone (F20, F22). */
const NOT_OFFERED_HOLD_MS = 60 * MINUTE_MS;

export type KeyHold = {
  readonly holdMs: number;
  /** True when only the pair of key and model rests, not the key. */
  readonly isForModel: boolean;
};

/**
 * How long a failure rests the key that was used; undefined when it says nothing of the key.
 * `rejections`: how often in a row the provider has rejected it, this time included.
 */
export function holdOf(failure: AttemptFailure, rejections: number): KeyHold | undefined {
  if (failure.code === 'not_permitted' || failure.code === 'model_gone') {
    return { holdMs: NOT_OFFERED_HOLD_MS, isForModel: true };
  }
  if (failure.kind === 'rate') {
    return { holdMs: failure.retryAfterMs ?? RATE_HOLD_MS, isForModel: true };
  }
  if (failure.kind === 'quota') return { holdMs: QUOTA_HOLD_MS, isForModel: false };
  if (failure.kind === 'key') {
    return { holdMs: REJECTED_KEY_HOLD_MS[rejections > 1 ? 'again' : 'once'], isForModel: false };
  }
  return undefined;
}
