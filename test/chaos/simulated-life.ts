import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../src/domain/ports.ts';

/** What a request calls when it has got past the door, where keys are compared in real time. */
export const ENTERED = new AsyncLocalStorage<() => void>();

/**
 * One isolate's time on earth. What it has sent is on its way; once it is dead nothing wakes it any
 * more, and whoever is connected to it finds the connection broken.
 */
export class Life {
  readonly #death = new AbortController();

  get ended(): AbortSignal {
    return this.#death.signal;
  }

  end(): void {
    this.#death.abort(new Error('the isolate was killed'));
  }

  /** What comes back to it while it lives. */
  async back<Result>(work: Promise<Result>): Promise<Result> {
    ENTERED.getStore()?.();
    try {
      const result = await work;
      return this.ended.aborted ? await never() : result;
    } catch (error) {
      if (this.ended.aborted) return await never();
      throw error;
    }
  }

  clockOf(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      wait: (durationMs, signal) => this.back(clock.wait(durationMs, signal)),
    };
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
