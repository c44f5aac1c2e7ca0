/** The simulator's time; another one than the machine's where a test passes hours. */
export type SimulatorClock = {
  now(): number;
  /** Resolves after the time, or early when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
};

export const REAL_CLOCK: SimulatorClock = { now: () => Date.now(), wait };

/** Longer than any test; `setTimeout` takes no more. */
const LONGEST_MS = 2 ** 31 - 1;

function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(ms, LONGEST_MS));
    signal.addEventListener('abort', end, { once: true });
  });
}
