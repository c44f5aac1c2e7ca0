import type { AttemptFailure } from '../domain/failure.ts';
import type { Clock } from '../domain/ports.ts';

/**
 * The one signal of an attempt: it aborts when the caller leaves or a limit passes, and remembers
 * which. It covers the body as well as the headers.
 */
export type AttemptGuard = {
  readonly signal: AbortSignal;
  /** What aborted it; undefined while nothing has. */
  failure(): AttemptFailure | undefined;
  /** Whether the caller has left, also where the call goes on without it. */
  isDeserted(): boolean;
  /** Starts a limit; the result ends it. Limits that pass abort with their failure. */
  limit(durationMs: number, failure: AttemptFailure): () => void;
  /** Tells when a time has passed, and aborts nothing; ends with the guard. */
  mark(durationMs: number, onPassed: () => void): void;
  /** Aborts when nothing is noted for so long: the limit on gaps inside a stream. */
  limitGaps(idleMs: number, failure: AttemptFailure): { note(): void };
  /** Aborts by hand, e.g. to close a connection that stays open behind its answer. */
  abort(failure: AttemptFailure): void;
  /** Ends every limit. The signal stays as it is. */
  close(): void;
};

export const CANCELLED: AttemptFailure = {
  kind: 'cancel',
  code: 'client_closed_request',
  message: 'the caller left',
  status: undefined,
  accepted: 'unknown',
};

/** `stayMs`: how long the call goes on behind a caller who has left; it ends at once by default. */
export function openGuard(clock: Clock, caller: AbortSignal, stayMs = 0): AttemptGuard {
  const controller = new AbortController();
  const timers = new Set<AbortController>();
  let failure: AttemptFailure | undefined;
  const abort = (cause: AttemptFailure): void => {
    if (controller.signal.aborted) return;
    failure = cause;
    controller.abort(new Error(cause.message));
  };
  const openTimer = (): AbortController => {
    const timer = new AbortController();
    timers.add(timer);
    return timer;
  };
  const after = (durationMs: number, act: () => void): (() => void) => {
    const timer = openTimer();
    const expire = async (): Promise<void> => {
      await clock.wait(Math.max(durationMs, 0), timer.signal);
      if (!timer.signal.aborted) act();
    };
    void expire();
    return () => {
      timers.delete(timer);
      timer.abort();
    };
  };
  const onCallerLeft = (): void => {
    if (stayMs === 0) abort(CANCELLED);
    else after(stayMs, () => abort(CANCELLED));
  };
  if (caller.aborted) abort(CANCELLED);
  else caller.addEventListener('abort', onCallerLeft, { once: true });
  return {
    signal: controller.signal,
    failure: () => failure,
    isDeserted: () => caller.aborted,
    abort,
    limit: (durationMs, cause) => after(durationMs, () => abort(cause)),
    mark: (durationMs, onPassed) => {
      after(durationMs, onPassed);
    },
    limitGaps: (idleMs, cause) => {
      const timer = openTimer();
      let notedAt = clock.now();
      // One wake-up per gap limit, not per chunk: it sleeps until the earliest possible stall.
      const watch = async (): Promise<void> => {
        while (!timer.signal.aborted) {
          const leftMs = notedAt + idleMs - clock.now();
          if (leftMs <= 0) return abort(cause);
          await clock.wait(leftMs, timer.signal);
        }
      };
      void watch();
      return {
        note: () => {
          notedAt = clock.now();
        },
      };
    },
    close: () => {
      caller.removeEventListener('abort', onCallerLeft);
      for (const timer of timers) timer.abort();
      timers.clear();
    },
  };
}

/** Rejects when the signal aborts: for racing a wait that would not notice. */
export function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
