import { describe, expect, it } from 'vitest';
import {
  type BreakerRecord,
  type BreakerReport,
  NEW_BREAKER,
  PROBE_LEASE_MS,
  syncBreaker,
} from '../../../src/domain/breaker.ts';
import { type BreakerPolicy, breakerPolicySchema } from '../../../src/domain/routing-config.ts';

/** One breaker, driven by hand: reports number themselves. */
class Driven {
  record: BreakerRecord = NEW_BREAKER;
  now = 0;
  readonly #policy: BreakerPolicy;
  #sequence = 0;

  constructor(policy: Partial<BreakerPolicy> = {}) {
    this.#policy = breakerPolicySchema.parse(policy);
  }

  sync(fields: Partial<BreakerReport> = {}) {
    this.#sequence += 1;
    const report: BreakerReport = {
      from: 'isolate-1',
      sequence: this.#sequence,
      runs: [],
      sinceSuccessMs: 0,
      wantsPermit: false,
      policy: this.#policy,
      ...fields,
    };
    const moment = { now: this.now, newPermitId: `permit-${this.#sequence}` };
    const { record, snapshot } = syncBreaker(this.record, report, moment);
    this.record = record;
    return snapshot;
  }

  /** Opens it, and waits until probes may go. */
  halfOpen(): this {
    this.sync({ runs: [-this.#policy.failureThreshold] });
    this.now += this.#policy.cooldownSeconds * 1000;
    return this;
  }

  /** Asks for leave to probe. */
  ask(from = 'isolate-1'): string | undefined {
    return this.sync({ from, wantsPermit: true }).permit?.id;
  }
}

const good = (permit = '') => ({ probe: { permit, isGood: true } });
const bad = (permit = '') => ({ probe: { permit, isGood: false } });

describe('syncBreaker, closed', () => {
  it('begins closed, and an isolate need not ask again without a failure', () => {
    expect(new Driven().sync()).toEqual({
      epoch: 0,
      state: 'closed',
      ttlMs: 60_000,
      failuresInRow: 0,
    });
  });

  it.each([
    ['the third failure in a row', [[-1], [-1], [-1]], 'open'],
    ['three failures of one report', [[-3]], 'open'],
    ['failures behind successes', [[5, -2], [-1]], 'open'],
    ['three in a row with anything behind them', [[2, -3, 4]], 'open'],
    ['two failures', [[-2]], 'closed'],
    ['two and two with a success between', [[-2], [1, -2]], 'closed'],
    ['failures that alternate with successes', [[-1, 1, -1, 1, -1, 1, -1]], 'closed'],
  ])('after %s is as the row says', (_, reports, state) => {
    const breaker = new Driven();

    for (const runs of reports) {
      breaker.now += 1;
      breaker.sync({ runs });
    }

    expect(breaker.sync().state).toBe(state);
  });

  it("counts failures of several isolates as one row, in the order of the reports' arrival", () => {
    const breaker = new Driven();
    const states = ['a', 'b', 'c'].map((from) => breaker.sync({ from, runs: [-1] }).state);

    expect(states).toEqual(['closed', 'closed', 'open']);
  });

  it('lets no success from before an outage end the row of failures', () => {
    const breaker = new Driven();
    breaker.now = 5000;
    breaker.sync({ from: 'a', runs: [100, -1], sinceSuccessMs: 10 });
    breaker.now = 6000;
    const [old, late] = [1001, 999].map((sinceSuccessMs) => {
      const other = Object.assign(new Driven(), { record: breaker.record, now: 6000 });
      return other.sync({ from: 'b', runs: [100, -1], sinceSuccessMs }).failuresInRow;
    });

    expect([old, late]).toEqual([2, 1]);
  });

  it('forgets failures that are more than a minute old (F92)', () => {
    const breaker = new Driven();
    breaker.sync({ runs: [-2] });
    breaker.now += 60_001;

    expect(breaker.sync({ runs: [-1] })).toMatchObject({ state: 'closed', failuresInRow: 1 });
  });

  it('remembers them for a minute', () => {
    const breaker = new Driven();
    breaker.sync({ runs: [-2] });
    breaker.now += 60_000;

    expect(breaker.sync({ runs: [-1] }).state).toBe('open');
  });

  it('opens at the threshold that the policy of the report names', () => {
    const breaker = new Driven({ failureThreshold: 1 });

    expect(breaker.sync({ runs: [-1] }).state).toBe('open');
  });
});

describe('syncBreaker, open', () => {
  it('stays open for its cooldown and says how long that is', () => {
    const breaker = new Driven({ cooldownSeconds: 60 });
    const opened = breaker.sync({ runs: [-3] });
    breaker.now += 59_999;
    const late = breaker.sync({ wantsPermit: true });

    expect(opened).toEqual({ epoch: 1, state: 'open', ttlMs: 60_000, failuresInRow: 0 });
    expect(late).toEqual({ epoch: 1, state: 'open', ttlMs: 1, failuresInRow: 0 });
  });

  it('takes news of requests that began before for nothing', () => {
    const breaker = new Driven();
    breaker.sync({ runs: [-3] });

    expect(breaker.sync({ runs: [100] }).state).toBe('open');
    expect(breaker.sync({ runs: [-100] })).toMatchObject({ state: 'open', ttlMs: 60_000 });
  });
});

describe('syncBreaker, half-open', () => {
  it('turns half-open when the cooldown has passed, and leases one probe to who asks', () => {
    const breaker = new Driven().halfOpen();

    expect(breaker.sync({ from: 'a', wantsPermit: true })).toEqual({
      epoch: 2,
      state: 'half-open',
      ttlMs: 5000,
      failuresInRow: 0,
      permit: { id: 'permit-2', ttlMs: PROBE_LEASE_MS },
    });
    expect(breaker.ask('b')).toBeUndefined();
    expect(breaker.ask('a')).toBeUndefined();
  });

  it('leases nothing to who does not ask', () => {
    expect(new Driven().halfOpen().sync()).toMatchObject({ state: 'half-open', permit: undefined });
  });

  it('closes at the first content of its probe', () => {
    const breaker = new Driven().halfOpen();

    const snapshot = breaker.sync(good(breaker.ask()));

    expect(snapshot).toEqual({ epoch: 3, state: 'closed', ttlMs: 60_000, failuresInRow: 0 });
  });

  it('opens again for a whole cooldown when its probe fails', () => {
    const breaker = new Driven().halfOpen();

    const snapshot = breaker.sync(bad(breaker.ask()));

    expect(snapshot).toEqual({ epoch: 3, state: 'open', ttlMs: 60_000, failuresInRow: 0 });
  });

  it('gives a lost lease to the next who asks, and takes no answer of the lost one', () => {
    const breaker = new Driven().halfOpen();
    const lost = breaker.ask('a');
    breaker.now += PROBE_LEASE_MS - 1;
    const early = breaker.ask('b');
    breaker.now += 1;
    const next = breaker.ask('b');

    expect([early, typeof next]).toEqual([undefined, 'string']);
    expect(breaker.sync({ from: 'a', ...bad(lost) }).state).toBe('half-open');
    expect(breaker.sync({ from: 'b', ...good(next) }).state).toBe('closed');
  });

  it('tells when to ask again: at the end of the lease, after 5 s at the latest', () => {
    const breaker = new Driven().halfOpen();
    breaker.ask('a');
    const first = breaker.sync({ from: 'b' }).ttlMs;
    breaker.now += PROBE_LEASE_MS - 2000;
    const last = breaker.sync({ from: 'b' }).ttlMs;
    breaker.now += 1999;
    const least = breaker.sync({ from: 'b' }).ttlMs;

    expect([first, last, least]).toEqual([5000, 2000, 250]);
  });

  it('with several probes wanted, lets so many go and needs so many good ones', () => {
    const breaker = new Driven({ halfOpenRequests: 2 }).halfOpen();
    const permits = ['a', 'b', 'c'].map((from) => breaker.ask(from));

    expect(permits.map((permit) => typeof permit)).toEqual(['string', 'string', 'undefined']);
    expect(breaker.sync(good(permits[0])).state).toBe('half-open');
    expect(breaker.ask('c')).toBeUndefined();
    expect(breaker.sync(good(permits[1])).state).toBe('closed');
  });

  it('takes news of requests that began before for nothing, also beside a good probe', () => {
    const breaker = new Driven().halfOpen();

    const snapshot = breaker.sync({ ...good(breaker.ask()), runs: [-5] });

    expect(snapshot).toMatchObject({ state: 'closed', failuresInRow: 0 });
  });
});

describe('syncBreaker, reports', () => {
  it('takes a report that is sent again for the same report', () => {
    const breaker = new Driven();
    const report = { sequence: 7, runs: [-2] };
    breaker.sync(report);

    expect(breaker.sync(report)).toMatchObject({ state: 'closed', failuresInRow: 2 });
    expect(breaker.sync({ sequence: 6, runs: [-1] }).failuresInRow).toBe(2);
    expect(breaker.sync({ sequence: 8, runs: [-1] }).state).toBe('open');
  });

  it('tells the reports of one isolate from those of another', () => {
    const breaker = new Driven();
    breaker.sync({ from: 'a', sequence: 1, runs: [-1] });

    expect(breaker.sync({ from: 'b', sequence: 1, runs: [-1] }).failuresInRow).toBe(2);
  });

  it('does not change for a question', () => {
    const breaker = new Driven();
    breaker.sync({ runs: [-1] });
    const before = breaker.record;
    breaker.sync();

    expect(breaker.record).toBe(before);
  });

  it('remembers a thousand isolates and no more', () => {
    const breaker = new Driven();
    for (let at = 0; at < 1010; at++) breaker.sync({ from: `isolate-${at}`, runs: [1] });

    expect(breaker.record.seen).toHaveLength(1000);
    expect(breaker.record.seen.at(-1)?.[0]).toBe('isolate-1009');
  });
});
