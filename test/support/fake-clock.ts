import type { Clock } from '../../src/domain/ports.ts';

type Wait = { readonly dueAt: number; readonly end: () => void };

/** Rounds of the event loop that let every promise and stream of a test run as far as it can. */
const SETTLE_ROUNDS = 4;
/** An endless loop of waits is a fault of the code, not a reason to hang. */
const MAX_WAITS = 10_000;

/** Lets everything run that does not wait for the clock. */
export async function settle(): Promise<void> {
  for (let round = 0; round < SETTLE_ROUNDS; round++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** Time that only passes when a test says so. Starts at 1,000,000 ms. */
export class FakeClock implements Clock {
  #now = 1_000_000;
  readonly #waits = new Set<Wait>();

  now(): number {
    return this.#now;
  }

  /** Waits that have neither passed nor been aborted: none is left when a request is over. */
  get waiting(): number {
    return this.#waits.size;
  }

  wait(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        this.#waits.delete(wait);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const wait: Wait = { dueAt: this.#now + durationMs, end };
      this.#waits.add(wait);
      signal?.addEventListener('abort', end, { once: true });
    });
  }

  /** Passes time: ends the waits that fall due, in order, and lets what they woke run in between. */
  async advance(durationMs: number): Promise<void> {
    const until = this.#now + durationMs;
    await settle();
    while (this.#endNext(until)) await settle();
    this.#now = until;
  }

  /** Passes as much time as the work needs. @throws Error when it waits for something else. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isSettled = false;
    const note = (): void => {
      isSettled = true;
    };
    work.then(note, note);
    for (let waits = 0; waits < MAX_WAITS; waits++) {
      await settle();
      if (isSettled) return work;
      if (!this.#endNext(Infinity)) throw new Error('the work waits for something but the clock');
    }
    throw new Error(`the work waited more than ${MAX_WAITS} times`);
  }

  #endNext(until: number): boolean {
    const [next] = [...this.#waits].sort((a, b) => a.dueAt - b.dueAt);
    if (next === undefined || next.dueAt > until) return false;
    this.#now = Math.max(this.#now, next.dueAt);
    next.end();
    return true;
  }
}
