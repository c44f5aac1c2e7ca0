import type { AttemptFailure } from '../domain/failure.ts';
import type { RoutingConfig } from '../domain/routing-config.ts';

/** The first wait at the most; doubled with each further try on the same model. */
const BASE_MS = 200;
/** A wish of the provider up to this is waited for; above it another model is faster. */
export const MAX_RETRY_AFTER_WAIT_MS = 3000;
/** Waiting may take this share of what is left until the deadline. */
const MAX_SHARE_OF_TIME_LEFT = 0.25;

export type BackoffInput = {
  readonly failure: AttemptFailure;
  /** Tries on this model so far, from 1. */
  readonly tries: number;
  readonly strategy: RoutingConfig['fallback']['backoffStrategy'];
  readonly timeLeftMs: number;
  /** 0 to 1. */
  readonly jitter: number;
};

/** How long to wait before asking the same model again, in milliseconds; undefined: do not. */
export function backoffMs(input: BackoffInput): number | undefined {
  const { failure, timeLeftMs } = input;
  const mostMs = timeLeftMs * MAX_SHARE_OF_TIME_LEFT;
  if (failure.retryAfterMs !== undefined) {
    const isShort = failure.retryAfterMs <= Math.min(MAX_RETRY_AFTER_WAIT_MS, mostMs);
    return isShort ? failure.retryAfterMs : undefined;
  }
  // A connection that never stood says nothing of load: the next one may be tried at once.
  if (failure.kind === 'transport') return 0;
  return Math.min(ceilingMs(input) * input.jitter, mostMs);
}

function ceilingMs({ strategy, tries }: BackoffInput): number {
  switch (strategy) {
    case 'exponential':
      return BASE_MS * 2 ** (tries - 1);
    case 'linear':
      return BASE_MS * tries;
    case 'constant':
      return BASE_MS;
  }
}
