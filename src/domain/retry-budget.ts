/** Second tries on one model, as a share of its first ones. */
const SHARE = 0.1;
/** So many a second are always allowed: a quiet model's retries cannot become a storm. */
const FLOOR_PER_SECOND = 1;
/** What may be saved up, in tries. */
const MOST = 10;

/**
 * Keeps second tries on one model few, so that an outage is not answered with a storm of them (fault
 * catalogue F90). Each isolate counts for itself: together they stay within the share.
 */
export class RetryBudget {
  #left = MOST;
  #countedAt = 0;

  /** A first try on the model. */
  note(): void {
    this.#left = Math.min(this.#left + SHARE, MOST);
  }

  /** Takes leave for a second try. */
  take(now: number): boolean {
    const seconds = Math.max(now - this.#countedAt, 0) / 1000;
    this.#countedAt = now;
    this.#left = Math.min(this.#left + seconds * FLOOR_PER_SECOND, MOST);
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
