import type { BreakerReport, BreakerSnapshot, BreakerState } from './breaker.ts';
import { Ramp } from './breaker-ramp.ts';
import type { BreakerHealth } from './ports.ts';
import type { BreakerPolicy } from './routing-config.ts';

/** A good answer says so long that a model is well. */
const RECENT_MS = 30_000;
/** More runs than this are folded together: the newest decide. */
const MAX_RUNS = 8;
/** How long a report may be under way before another may go. */
const REPORT_LOCK_MS = 2000;
/** After a failed report the next waits this long, doubled up to the most. */
const RETRY_MS = { first: 2000, most: 30_000 };

/** A permit as this isolate holds it, by its own clock. */
type Lease = { readonly id: string; readonly until: number };

/** Leave to pass: an ordinary one, or the probe that the fleet waits for. */
export type Pass = { readonly permit: Lease | undefined };

/**
 * One isolate's view of one breaker. It decides without waiting: from its object's last snapshot and
 * from its own failures, which close the way at once. What it saw is kept as runs for the next report.
 */
export class BreakerView {
  readonly #policy: () => BreakerPolicy;
  #state: BreakerState = 'closed';
  #epoch = 0;
  /** When the snapshot is no longer to be relied on. */
  #freshUntil = 0;
  #permit: Lease | undefined;
  #runs: number[] = [];
  #lastSuccessAt = 0;
  #slow = 0;
  readonly #ramp = new Ramp();
  #probe: { readonly permit: string; readonly isGood: boolean } | undefined;
  #failuresInRow = 0;
  /** Open by this isolate's own failures, whatever the object says or cannot say. */
  #openHereUntil = 0;
  #sequence = 0;
  /** A report that was sent and not answered: it goes again as it was. */
  #unanswered: BreakerReport | undefined;
  #lockedUntil = 0;
  #retryMs = RETRY_MS.first;

  /** The policy is asked for each time: a new registry may bring another. */
  constructor(policy: () => BreakerPolicy) {
    this.#policy = policy;
  }

  health(now: number): BreakerHealth {
    const state = this.#stateAt(now);
    if (state === 'closed') return { state, isPassable: this.#ramp.offers(now), retryInMs: 0 };
    if (state === 'half-open' && this.#hasPermit(now)) {
      return { state, isPassable: true, retryInMs: 0 };
    }
    const until = Math.max(this.#freshUntil, this.#openHereUntil);
    return { state, isPassable: false, retryInMs: Math.max(until - now, 0) };
  }

  hasJustAnswered(now: number): boolean {
    return this.#failuresInRow === 0 && now - this.#lastSuccessAt < RECENT_MS;
  }

  /** Takes leave for one attempt; a permit is spent by it. */
  pass(now: number): Pass | undefined {
    const state = this.#stateAt(now);
    if (state === 'closed') {
      this.#ramp.take();
      return { permit: undefined };
    }
    if (state === 'open' || !this.#hasPermit(now)) return undefined;
    const permit = this.#permit;
    this.#permit = undefined;
    return { permit };
  }

  /** What came of an attempt. */
  record(pass: Pass, isGood: boolean, now: number): void {
    if (pass.permit !== undefined) {
      this.#probe = { permit: pass.permit.id, isGood };
      if (!isGood) this.#openHere(now);
      return;
    }
    this.#failuresInRow = isGood ? 0 : this.#failuresInRow + 1;
    if (isGood) this.#lastSuccessAt = now;
    this.#addRun(isGood ? 1 : -1);
    if (this.#failuresInRow >= this.#policy().failureThreshold) this.#openHere(now);
  }

  /** A call that passed its slow mark: a failure for now, and a slow one among the window's. */
  recordSlow(now: number): void {
    this.#slow += 1;
    this.record({ permit: undefined }, false, now);
  }

  /** Nobody else can answer: the ramp would only turn requests away. */
  endRamp(): void {
    this.#ramp.end();
  }

  /** A probe that said nothing of the model: the permit may be used again while it lasts. */
  giveBack(pass: Pass): void {
    if (pass.permit !== undefined) this.#permit = pass.permit;
  }

  /** Whether the object should hear of something, or be asked. */
  isDue(now: number): boolean {
    if (now < this.#lockedUntil) return false;
    if (this.#unanswered !== undefined || this.#probe !== undefined) return true;
    if (this.#runs.some((run) => run < 0)) return true;
    return this.#state !== 'closed' && now >= this.#freshUntil && !this.#hasPermit(now);
  }

  /** The report to send now; locks out others until it is answered. */
  takeReport(from: string, now: number): BreakerReport {
    this.#lockedUntil = now + REPORT_LOCK_MS;
    if (this.#unanswered !== undefined) return this.#unanswered;
    this.#sequence += 1;
    this.#unanswered = {
      from,
      sequence: this.#sequence,
      runs: this.#runs,
      slow: this.#slow,
      sinceSuccessMs: now - this.#lastSuccessAt,
      probe: this.#probe,
      wantsPermit: this.#state !== 'closed' && now >= this.#freshUntil,
      policy: this.#policy(),
    };
    this.#runs = [];
    this.#slow = 0;
    this.#probe = undefined;
    return this.#unanswered;
  }

  /** The object's answer. An older epoch than is known is late news and changes nothing. */
  accept(snapshot: BreakerSnapshot, now: number): void {
    this.#unanswered = undefined;
    this.#lockedUntil = 0;
    this.#retryMs = RETRY_MS.first;
    // Where what it knew has run out, the object has lost its record and begun anew (F76).
    if (snapshot.epoch < this.#epoch && now < this.#freshUntil) return;
    this.#takePermit(snapshot, now);
    this.#epoch = snapshot.epoch;
    this.#state = snapshot.state;
    this.#freshUntil = now + snapshot.ttlMs;
    this.#ramp.begin(now, snapshot.rampLeftMs ?? 0, (this.#policy().rampSeconds ?? 0) * 1000);
    const hasUntoldFailures = this.#runs.some((run) => run < 0);
    if (snapshot.state !== 'closed' || hasUntoldFailures) return;
    if (now < this.#openHereUntil) {
      // Others had successes in between: the fleet's word stands above a local run of bad luck.
      this.#openHereUntil = 0;
      this.#failuresInRow = 0;
    } else this.#failuresInRow = Math.max(this.#failuresInRow, snapshot.failuresInRow);
  }

  /** The object could not be reached: this isolate goes on alone, and lets requests through again. */
  acceptSilence(now: number): void {
    this.#lockedUntil = now + this.#retryMs;
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS.most);
    if (this.#state === 'closed' || now < this.#freshUntil) return;
    this.#state = 'closed';
    this.#failuresInRow = 0;
  }

  /** A permit is good for its epoch: what it was to find out is known when that has passed. */
  #takePermit({ permit, epoch }: BreakerSnapshot, now: number): void {
    if (permit !== undefined) this.#permit = { id: permit.id, until: now + permit.ttlMs };
    else if (epoch !== this.#epoch) this.#permit = undefined;
  }

  #stateAt(now: number): BreakerState {
    if (now < this.#openHereUntil) return 'open';
    if (this.#state !== 'open') return this.#state;
    return now < this.#freshUntil ? 'open' : 'half-open';
  }

  #hasPermit(now: number): boolean {
    return this.#permit !== undefined && now < this.#permit.until;
  }

  #openHere(now: number): void {
    this.#openHereUntil = now + this.#policy().cooldownSeconds * 1000;
    this.#failuresInRow = 0;
  }

  #addRun(run: 1 | -1): void {
    const last = this.#runs.at(-1);
    if (last !== undefined && Math.sign(last) === run)
      this.#runs[this.#runs.length - 1] = last + run;
    else this.#runs.push(run);
    if (this.#runs.length > MAX_RUNS) this.#runs.shift();
  }
}
