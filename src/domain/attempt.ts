import type { Warning } from './dialect.ts';
import type { AttemptFailure } from './failure.ts';
import type { ModelId } from './model.ts';
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
  /** As the provider reported it; empty when it did not. */
  readonly usage: Usage;
  /** What came of text, reasoning and tool arguments, for estimating what was not reported. */
  readonly outputCharacters: number;
  readonly warnings: readonly Warning[];
};
