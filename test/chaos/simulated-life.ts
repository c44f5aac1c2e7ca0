import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../src/domain/ports.ts';

/** What a request calls when it has got past the door, where keys are compared in real time. */
export const ENTERED = new AsyncLocalStorage<() => void>();

/**
 * One isolate's time on earth. What it has sent is on its way; once it is dead nothing wakes it any
 * more, and whoever is connected to it finds the connection broken.
 */
export class Life {
  #hasEnded = false;
  /** Not an `AbortSignal`: each listener of one takes longer to add than the one before. */
  readonly #mourners = new Set<() => void>();

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  end(): void {
    this.#hasEnded = true;
    for (const mourn of this.#mourners) mourn();
    this.#mourners.clear();
  }

  /** Tells of its end, until the result is called. */
  onEnd(mourn: () => void): () => void {
    if (this.#hasEnded) mourn();
    else this.#mourners.add(mourn);
    return () => {
      this.#mourners.delete(mourn);
    };
  }

  /** What it begins, and what comes back to it, while it lives. */
  async while<Result>(work: () => Promise<Result>): Promise<Result> {
    ENTERED.getStore()?.();
    if (this.#hasEnded) return await never();
    try {
      const result = await work();
      return this.#hasEnded ? await never() : result;
    } catch (error) {
      if (this.#hasEnded) return await never();
      throw error;
    }
  }

  clockOf(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      wait: (durationMs, signal) => this.while(() => clock.wait(durationMs, signal)),
    };
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
