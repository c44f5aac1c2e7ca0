import type { BreakerHealth } from './ports.ts';

/** Transport failures of one host, without a success between them, that close it. */
const MOST_FAILURES = 5;
/** Open models of one host that close it for the others. */
const MOST_OPEN_MODELS = 3;
/** Failures older than this count no more. */
const WINDOW_MS = 30_000;
/** A probe that nothing was heard of is lost, and another may go. Above the first-token limit. */
const PROBE_MS = 75_000;

const PASSABLE: BreakerHealth = { state: 'closed', isPassable: true, retryInMs: 0 };

/**
 * One provider's host as an isolate sees it, derived from its models: when several of them are open,
 * or its connections keep failing, the others are not tried one by one. After the cooldown one call
 * is its probe; any success opens the way again (fault catalogue F46).
 */
export class HostView {
  #failedAt: readonly number[] = [];
  readonly #openUntilByModel = new Map<string, number>();
  #closedUntil = 0;
  #probeUntil = 0;

  health(now: number): BreakerHealth {
    if (this.#closedUntil === 0) return PASSABLE;
    if (now < this.#closedUntil) {
      return { state: 'open', isPassable: false, retryInMs: this.#closedUntil - now };
    }
    const isPassable = now >= this.#probeUntil;
    return { state: 'half-open', isPassable, retryInMs: Math.max(this.#probeUntil - now, 0) };
  }

  /** Takes leave for one call; the first one behind a cooldown is the probe. */
  pass(now: number): boolean {
    const { state, isPassable } = this.health(now);
    if (isPassable && state === 'half-open') this.#probeUntil = now + PROBE_MS;
    return isPassable;
  }

  noteSuccess(): void {
    if (this.#failedAt.length > 0) this.#failedAt = [];
    this.#openUntilByModel.clear();
    this.#closedUntil = 0;
    this.#probeUntil = 0;
  }

  /** A failure that counts against a model; only those of the connection are the host's own. */
  noteFailure(isOfConnection: boolean, now: number, cooldownMs: number): void {
    const isProbe = now < this.#probeUntil;
    if (isOfConnection) {
      this.#failedAt = [...this.#failedAt.filter((at) => now - at < WINDOW_MS), now];
    }
    if (isProbe || this.#failedAt.length >= MOST_FAILURES) this.#close(now, cooldownMs);
  }

  /** One of its models opened. */
  noteOpenModel(model: string, now: number, cooldownMs: number): void {
    this.#openUntilByModel.set(model, now + cooldownMs);
    const open = [...this.#openUntilByModel.values()].filter((until) => until > now);
    if (open.length >= MOST_OPEN_MODELS) this.#close(now, cooldownMs);
  }

  #close(now: number, cooldownMs: number): void {
    this.#failedAt = [];
    this.#probeUntil = 0;
    this.#closedUntil = now + cooldownMs;
  }
}
