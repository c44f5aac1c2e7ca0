import * as z from 'zod';
import type { BreakerPolicy } from './routing-config.ts';

/** When it began, and what came since: calls, failures among them, slow ones among them. */
export const bucketSchema = z.object({
  from: z.number(),
  calls: z.number(),
  failures: z.number(),
  slow: z.number(),
});
export type Bucket = z.infer<typeof bucketSchema>;
export type Counts = Omit<Bucket, 'from'>;

/** Of a window; finer ones would only make the record larger. */
const BUCKETS = 10;
const DEFAULTS = { windowSeconds: 30, minimumCalls: 10 };

/** Whether the policy looks at shares of a window at all. */
export function hasWindow(policy: BreakerPolicy): boolean {
  return policy.failureRatio !== undefined || policy.slowRatio !== undefined;
}

/** The window with some more calls, and without what is too old: time empties it, not calls (F92). */
export function addToWindow(
  window: readonly Bucket[],
  counts: Counts,
  { now, policy }: { readonly now: number; readonly policy: BreakerPolicy },
): Bucket[] {
  const windowMs = (policy.windowSeconds ?? DEFAULTS.windowSeconds) * 1000;
  const kept = window.filter(({ from }) => now - from < windowMs);
  const last = kept.at(-1);
  if (last === undefined || now - last.from >= windowMs / BUCKETS) {
    return [...kept, { from: now, ...counts }];
  }
  const joined = {
    from: last.from,
    calls: last.calls + counts.calls,
    failures: last.failures + counts.failures,
    slow: last.slow + counts.slow,
  };
  return [...kept.slice(0, -1), joined];
}

/** Whether the share of failures, or of slow calls, is too high among enough calls. */
export function isTooBad(window: readonly Bucket[], policy: BreakerPolicy): boolean {
  const calls = sum(window, 'calls');
  if (calls < (policy.minimumCalls ?? DEFAULTS.minimumCalls)) return false;
  const { failureRatio = Infinity, slowRatio = Infinity } = policy;
  return (
    sum(window, 'failures') / calls >= failureRatio || sum(window, 'slow') / calls >= slowRatio
  );
}

function sum(window: readonly Bucket[], field: keyof Counts): number {
  return window.reduce((total, bucket) => total + bucket[field], 0);
}
