import { describe, expect, it } from 'vitest';
import type { BreakerReport, BreakerSnapshot } from '../../../src/domain/breaker.ts';
import { BreakerView, type Pass } from '../../../src/domain/breaker-view.ts';
import { breakerPolicySchema } from '../../../src/domain/routing-config.ts';

const POLICY = breakerPolicySchema.parse({});
const CLOSED = { state: 'closed', isPassable: true, retryInMs: 0 };

/** A view and its clock; passes and outcomes are taken together. */
class Seen {
  now = 1_000_000;
  readonly view = new BreakerView(() => POLICY);

  /** One attempt that ends well or badly at once. */
  attempt(isGood: boolean): Pass {
    const pass = this.view.pass(this.now);
    if (pass === undefined) throw new Error('the breaker lets nothing through');
    this.view.record(pass, isGood, this.now);
    return pass;
  }

  attempts(outcomes: string): this {
    for (const outcome of outcomes) this.attempt(outcome === '.');
    return this;
  }

  report(): BreakerReport {
    return this.view.takeReport('isolate-1', this.now);
  }

  /** Reports, and is answered at once. */
  hears(snapshot: Partial<BreakerSnapshot>): this {
    this.report();
    const usual = { epoch: 1, state: 'closed', ttlMs: 60_000, failuresInRow: 0 } as const;
    this.view.accept({ ...usual, ...snapshot }, this.now);
    return this;
  }

  hearsNothing(): this {
    this.report();
    this.view.acceptSilence(this.now);
    return this;
  }

  /** The object says half-open, and gives leave for one probe. */
  mayProbe(ttlMs = 75_000): this {
    const permit = { id: 'permit-1', ttlMs };
    return this.hears({ epoch: 2, state: 'half-open', ttlMs: 5000, permit });
  }

  get health() {
    return this.view.health(this.now);
  }

  get isDue() {
    return this.view.isDue(this.now);
  }
}

describe('BreakerView, closed', () => {
  it('lets everything through and has nothing to report while all is well', () => {
    const seen = new Seen().attempts('.'.repeat(10_000));

    expect(seen.health).toEqual(CLOSED);
    expect(seen.isDue).toBe(false);
  });

  it('reports a failure with the successes before it, in order and each once', () => {
    const seen = new Seen().attempts('....x.x');

    expect(seen.isDue).toBe(true);
    expect(seen.report()).toEqual({
      from: 'isolate-1',
      sequence: 1,
      runs: [4, -1, 1, -1],
      slow: 0,
      sinceSuccessMs: 0,
      probe: undefined,
      wantsPermit: false,
      policy: POLICY,
    });
    expect(seen.hears({}).attempts('x').report()).toMatchObject({ sequence: 2, runs: [-1] });
  });

  it('says how long ago the newest success was', () => {
    const seen = new Seen().attempts('.');
    seen.now += 700;
    seen.attempts('x');

    expect(seen.report()).toMatchObject({ runs: [1, -1], sinceSuccessMs: 700 });
  });

  it('keeps the newest eight runs', () => {
    const { runs } = new Seen().attempts('x.x.x.x.x.x').report();

    expect(runs).toEqual([1, -1, 1, -1, 1, -1, 1, -1]);
  });

  it('closes the way by its own three failures in a row, whatever the object says', () => {
    const seen = new Seen().attempts('xxx');

    expect(seen.health).toEqual({ state: 'open', isPassable: false, retryInMs: 60_000 });
    expect(seen.view.pass(seen.now)).toBeUndefined();
  });

  it('counts the failures that the fleet has seen before its own', () => {
    const seen = new Seen().attempts('x').hears({ failuresInRow: 2 }).attempts('x');

    expect(seen.health.state).toBe('open');
  });

  it('lets one success end the row', () => {
    expect(new Seen().attempts('xx.xx').health).toEqual(CLOSED);
  });

  it('goes on when the fleet had successes in between: its word stands above bad luck', () => {
    const seen = new Seen().attempts('xxx').hears({ failuresInRow: 2 });

    expect(seen.health).toEqual(CLOSED);
  });

  it('stays closed to all while failures of its own are still untold', () => {
    const seen = new Seen().attempts('x');
    seen.report();
    seen.attempts('xx');
    seen.view.accept({ epoch: 1, state: 'closed', ttlMs: 60_000, failuresInRow: 1 }, seen.now);

    expect(seen.health.state).toBe('open');
  });
});

describe('BreakerView, open', () => {
  it('relies on its object for as long as the object says, and does not ask meanwhile', () => {
    const seen = new Seen().attempts('x').hears({ state: 'open', ttlMs: 42_000 });
    seen.now += 41_999;

    expect(seen.health).toEqual({ state: 'open', isPassable: false, retryInMs: 1 });
    expect(seen.isDue).toBe(false);
  });

  it('asks for leave to probe when the cooldown is over, and lets nothing through before', () => {
    const seen = new Seen().attempts('x').hears({ state: 'open', ttlMs: 42_000 });
    seen.now += 42_000;

    expect(seen.health).toEqual({ state: 'half-open', isPassable: false, retryInMs: 0 });
    expect(seen.isDue).toBe(true);
    expect(seen.report()).toMatchObject({ runs: [], wantsPermit: true });
  });
});

describe('BreakerView, half-open', () => {
  it('spends the permit on one attempt', () => {
    const seen = new Seen().mayProbe();

    expect(seen.health).toEqual({ state: 'half-open', isPassable: true, retryInMs: 0 });
    expect(seen.view.pass(seen.now)?.permit).toBeDefined();
    expect(seen.view.pass(seen.now)).toBeUndefined();
  });

  it('holds a permit no longer than it lasts', () => {
    const seen = new Seen().mayProbe(10_000);
    seen.now += 10_000;

    expect(seen.view.pass(seen.now)).toBeUndefined();
  });

  it.each([true, false])('tells its object that the probe went well: %s', (isGood) => {
    const seen = new Seen().mayProbe();
    seen.attempt(isGood);

    expect(seen.isDue).toBe(true);
    expect(seen.report()).toMatchObject({ probe: { permit: 'permit-1', isGood }, runs: [] });
  });

  it('opens at once by its own failed probe', () => {
    const seen = new Seen().mayProbe();
    seen.attempt(false);

    expect(seen.health).toEqual({ state: 'open', isPassable: false, retryInMs: 60_000 });
  });

  it('gives a permit whose probe said nothing to the next attempt, for as long as it lasts', () => {
    const seen = new Seen().mayProbe(75_000);
    const pass = seen.view.pass(seen.now);
    if (pass === undefined) throw new Error('no permit');
    seen.now += 30_000;
    seen.view.giveBack(pass);
    seen.now += 44_999;
    const lasting = seen.health.isPassable;
    seen.now += 1;

    expect([lasting, seen.health.isPassable]).toEqual([true, false]);
  });

  it('keeps its permit while its object says the same as before, and no longer', () => {
    const seen = new Seen().mayProbe();
    seen.hears({ epoch: 2, state: 'half-open', ttlMs: 5000 });
    const before = seen.health.isPassable;
    seen.hears({ epoch: 4, state: 'half-open', ttlMs: 5000 });

    expect([before, seen.health.isPassable]).toEqual([true, false]);
  });

  it('has nothing to give back of an ordinary attempt', () => {
    const seen = new Seen();
    const pass = seen.view.pass(seen.now);
    if (pass === undefined) throw new Error('closed');
    seen.view.giveBack(pass);

    expect(seen.health).toEqual(CLOSED);
    expect(seen.isDue).toBe(false);
  });

  it("asks again when its object's word is old, while another's probe is out", () => {
    const seen = new Seen().hears({ state: 'half-open', ttlMs: 5000 });
    const early = seen.isDue;
    seen.now += 5000;

    expect([early, seen.isDue]).toEqual([false, true]);
  });
});

describe('BreakerView, reports under way', () => {
  it('sends one report at a time', () => {
    const seen = new Seen().attempts('x');
    seen.report();
    seen.attempts('x');

    expect(seen.isDue).toBe(false);
  });

  it('sends a report that was not answered again as it was, and what came since after it', () => {
    const seen = new Seen().attempts('x');
    const first = seen.report();
    seen.attempts('.x');
    seen.now += 2000;
    const again = seen.report();
    seen.hears({});

    expect(again).toEqual(first);
    expect(seen.report()).toMatchObject({ sequence: 2, runs: [1, -1] });
  });

  it('waits longer after each silence: 2 s, doubled up to 30 s', () => {
    const seen = new Seen().attempts('x');
    const waits = Array.from({ length: 6 }, () => {
      seen.hearsNothing();
      const from = seen.now;
      while (!seen.isDue) seen.now += 1000;
      return seen.now - from;
    });

    expect(waits).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('takes no late word: an older epoch than it knows changes nothing', () => {
    const seen = new Seen().hears({ epoch: 5, state: 'open', ttlMs: 42_000 });
    seen.hears({ epoch: 4, state: 'closed' });

    expect(seen.health.state).toBe('open');
  });

  it('takes a lower epoch when what it knew has run out: its object has begun anew (F76)', () => {
    const seen = new Seen().hears({ epoch: 5, state: 'open', ttlMs: 42_000 });
    seen.now += 42_000;
    seen.hears({ epoch: 0, state: 'closed' });

    expect(seen.health).toEqual(CLOSED);
  });
});

describe('BreakerView, without its object', () => {
  it('goes on alone: rests for a cooldown after its own failures, then lets requests through (F75)', () => {
    const seen = new Seen().attempts('xxx').hearsNothing();
    const before = seen.health.state;
    seen.now += 60_000;

    expect([before, seen.health]).toEqual(['open', CLOSED]);
  });

  it('counts on while its object is silent', () => {
    const seen = new Seen();
    for (let failures = 0; failures < 3; failures++) {
      seen.attempts('x').hearsNothing();
      seen.now += 4000;
    }

    expect(seen.health.state).toBe('open');
  });

  it('relies on the last word for as long as it was meant to last, then fails open', () => {
    const seen = new Seen().hears({ state: 'open', ttlMs: 42_000 });
    seen.hearsNothing();
    const before = seen.health.state;
    seen.now += 42_000;
    seen.hearsNothing();

    expect([before, seen.health]).toEqual(['open', CLOSED]);
  });
});
