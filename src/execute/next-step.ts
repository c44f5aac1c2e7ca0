import { type AttemptFailure, REACTIONS } from '../domain/failure.ts';
import type { RoutingRequest } from '../domain/request.ts';
import type { RoutingConfig } from '../domain/routing-config.ts';
import { backoffMs } from './backoff.ts';

/** Over everything: retries, fallbacks, hedges (fault catalogue §1). */
export const MAX_ATTEMPTS = 4;
/** So many further candidates keep an attempt each before a model is asked again. */
const RESERVED_CANDIDATES = 2;

export type NextStep =
  | { readonly type: 'stop' }
  | { readonly type: 'next-model'; readonly needsLargerModel: boolean }
  | { readonly type: 'same-model'; readonly waitMs: number };

export type Situation = {
  readonly failure: AttemptFailure;
  /** Attempts that there may still be, over all models. */
  readonly attemptsLeft: number;
  /** Tries on this model so far, from 1. */
  readonly tries: number;
  /** Candidates behind this one. */
  readonly candidatesLeft: number;
  /** Whether the model's provider has another key that may be used now. */
  readonly hasAnotherKey: boolean;
  readonly timeLeftMs: number;
  readonly jitter: number;
  readonly fallback: RoutingConfig['fallback'];
  readonly onContentFilter: RoutingRequest['onContentFilter'];
  /** The client retries by itself: our own retries would multiply (fault catalogue F72). */
  readonly isRetry: boolean;
};

/** What to do after a failed attempt. Pure: the class of the failure alone decides. */
export function nextStep(situation: Situation): NextStep {
  const { failure } = situation;
  const reaction = REACTIONS[failure.kind];
  if (failure.kind === 'policy' && situation.onContentFilter === 'fallback') return NEXT_MODEL;
  const waitMs = retryWaitMs(situation);
  if (waitMs !== undefined) return { type: 'same-model', waitMs };
  if (!(failure.triesNext ?? reaction.triesNext)) return { type: 'stop' };
  return { type: 'next-model', needsLargerModel: reaction.needsLargerModel };
}

const NEXT_MODEL: NextStep = { type: 'next-model', needsLargerModel: false };

/** Asking the same model again is worth it where nothing was accepted and others are not robbed. */
function retryWaitMs(situation: Situation): number | undefined {
  const { failure, fallback, tries } = situation;
  const isKeyAtFault = REACTIONS[failure.kind].health.startsWith('key');
  if (situation.isRetry || tries > fallback.maxRetries || !leavesEnough(situation))
    return undefined;
  if (isKeyAtFault && situation.hasAnotherKey) return 0;
  if (!mayBeRetried(failure)) return undefined;
  const { timeLeftMs, jitter } = situation;
  return backoffMs({ failure, tries, strategy: fallback.backoffStrategy, timeLeftMs, jitter });
}

function mayBeRetried(failure: AttemptFailure): boolean {
  if (failure.kind === 'rate') return failure.retryAfterMs !== undefined;
  const isWorthIt = failure.retryable ?? REACTIONS[failure.kind].retriesSameModel;
  return isWorthIt && failure.accepted === 'no';
}

/** Whether a further try on the same model leaves an attempt for each of the next candidates. */
export function leavesEnough({
  attemptsLeft,
  candidatesLeft,
}: Pick<Situation, 'attemptsLeft' | 'candidatesLeft'>): boolean {
  return attemptsLeft - 1 >= Math.min(candidatesLeft, RESERVED_CANDIDATES);
}
