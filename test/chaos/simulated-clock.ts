import type { Clock } from '../../src/domain/ports.ts';

/** Rounds of the event loop that let every promise and stream run as far as it can. */
const SETTLE_ROUNDS = 4;
/** A round number of no meaning, so that no duration is taken for an instant. */
const BEGINNING_AT = 1_700_000_000_000;

type Waits = Set<() => void>;

/**
 * Time that passes only when nothing else is left to do: an hour of a fleet takes as long as the work
 * in it. The same waits fall due in the same order, so that a run can be repeated exactly.
 */
export class SimulatedClock implements Clock {
  #now = BEGINNING_AT;
  readonly #waitsAt = new Map<number, Waits>();
  readonly #instants = new Instants();
  #held = 0;

  now(): number {
    return this.#now;
  }

  wait(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true || durationMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const dueAt = Math.ceil(this.#now + durationMs);
      const waits = this.#waitsFor(dueAt);
      const end = (): void => {
        waits.delete(end);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      waits.add(end);
      signal?.addEventListener('abort', end, { once: true });
    });
  }

  /** Time stands still until the result is called: something is under way in the machine's own time. */
  hold(): () => void {
    this.#held += 1;
    let isHeld = true;
    return () => {
      if (isHeld) this.#held -= 1;
      isHeld = false;
    };
  }

  /** Passes as much time as the work needs. @throws Error when it waits for something else. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    let isSettled = false;
    const note = (): void => {
      isSettled = true;
    };
    work.then(note, note);
    for (;;) {
      await this.#settle();
      if (isSettled) return await work;
      if (!this.#endNext()) throw new Error('the work waits for something but the clock');
    }
  }

  async #settle(): Promise<void> {
    for (let round = 0; round < SETTLE_ROUNDS || this.#held > 0; round++) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  #endNext(): boolean {
    for (;;) {
      const dueAt = this.#instants.take();
      if (dueAt === undefined) return false;
      const waits = this.#waitsAt.get(dueAt);
      this.#waitsAt.delete(dueAt);
      if (waits === undefined || waits.size === 0) continue;
      this.#now = dueAt;
      for (const end of [...waits]) end();
      return true;
    }
  }

  #waitsFor(dueAt: number): Waits {
    let waits = this.#waitsAt.get(dueAt);
    if (waits === undefined) {
      waits = new Set();
      this.#waitsAt.set(dueAt, waits);
      // A wait without end never falls due.
      if (dueAt < Infinity) this.#instants.add(dueAt);
    }
    return waits;
  }
}

/** Numbers, of which the smallest is taken first: a binary heap. */
class Instants {
  readonly #heap: number[] = [];

  add(instant: number): void {
    const heap = this.#heap;
    let at = heap.push(instant) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#valueAt(parent) <= instant) break;
      heap[at] = this.#valueAt(parent);
      at = parent;
    }
    heap[at] = instant;
  }

  take(): number | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const child = this.#valueAt(left + 1) < this.#valueAt(left) ? left + 1 : left;
      if (this.#valueAt(child) >= last) break;
      heap[at] = this.#valueAt(child);
      at = child;
    }
    heap[at] = last;
    return first;
  }

  #valueAt(at: number): number {
    return this.#heap[at] ?? Infinity;
  }
}
