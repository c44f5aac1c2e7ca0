import type { Warning } from './dialect.ts';
import type { AttemptFailure } from './failure.ts';
import type { ModelId } from './model.ts';
import type { NanoUsd } from './money.ts';
import type { FinishReason, Usage } from './response.ts';

/** How one call ended. A stream that was cut or left is `failed` or `cancelled` with its usage. */
export type AttemptOutcome =
  | { readonly type: 'answered'; readonly finishReason: FinishReason }
  | { readonly type: 'failed'; readonly failure: AttemptFailure }
  | { readonly type: 'cancelled' };

/** One call to one candidate, closed. */
export type Attempt = {
  /** From 1, in order of dispatch, over the whole request. */
  readonly number: number;
  readonly model: ModelId;
  readonly provider: string;
  readonly isProbe: boolean;
  readonly startedAt: number;
  /** From dispatch to the first content; undefined when none came. */
  readonly firstContentMs: number | undefined;
  readonly durationMs: number;
  readonly outcome: AttemptOutcome;
  /** The provider's HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  readonly upstreamId: string | undefined;
  readonly upstreamModel: string | undefined;
  readonly usage: Usage;
  /** True when any part of `usage` is our estimate, because the provider reported none. */
  readonly usageIsEstimated: boolean;
  /** Undefined when the price is not known. */
  readonly costNanoUsd: NanoUsd | undefined;
  readonly warnings: readonly Warning[];
};

/** Whether the provider may bill the attempt: it took the request, or may have. */
export function isBillable(outcome: AttemptOutcome): boolean {
  return outcome.type !== 'failed' || outcome.failure.accepted !== 'no';
}
