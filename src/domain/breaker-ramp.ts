/** The share of traffic with which a ramp begins. */
const FIRST_SHARE = 0.1;

/**
 * Lets traffic back to a model that has just recovered: a growing share of the requests is offered to
 * it, evenly spread, the others go to the next candidate. Without a ramp everything passes.
 */
export class Ramp {
  #until = 0;
  #lengthMs = 0;
  #credit = 0;

  begin(now: number, leftMs: number, lengthMs: number): void {
    if (leftMs <= 0) return;
    this.#until = now + leftMs;
    this.#lengthMs = Math.max(lengthMs, leftMs);
  }

  /** Whether one more request may go; asked once for each. */
  offers(now: number): boolean {
    if (now >= this.#until) return true;
    const passed = 1 - (this.#until - now) / this.#lengthMs;
    this.#credit += FIRST_SHARE + (1 - FIRST_SHARE) * passed;
    return this.#credit >= 1;
  }

  take(): void {
    this.#credit = Math.max(this.#credit - 1, 0);
  }

  end(): void {
    this.#until = 0;
  }
}
