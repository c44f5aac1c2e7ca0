import { describe, expect, it } from 'vitest';
import { type BreakerRecord, NEW_BREAKER, syncBreaker } from '../../../src/domain/breaker.ts';
import { Ramp } from '../../../src/domain/breaker-ramp.ts';
import { BreakerView } from '../../../src/domain/breaker-view.ts';
import type { BreakerPolicy } from '../../../src/domain/routing-config.ts';

const PLAIN: BreakerPolicy = { failureThreshold: 3, cooldownSeconds: 5, halfOpenRequests: 1 };
const START = 1_000_000;

/** One object of a model, and what is told to it. */
class Model {
  record: BreakerRecord = NEW_BREAKER;
  #sequence = 0;
  readonly #policy: BreakerPolicy;

  constructor(options: Partial<BreakerPolicy>) {
    this.#policy = { ...PLAIN, ...options };
  }

  tell(now: number, runs: readonly number[], more: { slow?: number; jitter?: number } = {}) {
    return this.#sync(now, { runs, slow: more.slow ?? 0 }, more.jitter);
  }

  /** Asks for a probe and tells its outcome. */
  probe(now: number, isGood: boolean, jitter?: number) {
    const { permit } = this.#sync(now, { wantsPermit: true });
    return this.#sync(now, { probe: { permit: permit?.id ?? '', isGood } }, jitter);
  }

  #sync(now: number, fields: object, jitter = 0.5) {
    this.#sequence += 1;
    const report = {
      from: 'a',
      sequence: this.#sequence,
      runs: [],
      sinceSuccessMs: 0,
      wantsPermit: false,
      policy: this.#policy,
      ...fields,
    };
    const { record, snapshot } = syncBreaker(this.record, report, {
      now,
      newPermitId: `permit-${this.#sequence}`,
      jitter,
    });
    this.record = record;
    return snapshot;
  }
}

describe('a breaker with a failure ratio', () => {
  const mixed = [-2, 1, -2, 1, -1, 3];

  it('opens at the share among enough calls, never in a row', () => {
    const model = new Model({ failureRatio: 0.5 });

    expect(model.tell(START, mixed).state).toBe('open');
  });

  it.each<[string, Partial<BreakerPolicy>, number]>([
    ['below the share', { failureRatio: 0.6 }, START],
    ['among too few calls', { failureRatio: 0.5, minimumCalls: 11 }, START],
    ['without the option', {}, START],
  ])('stays closed %s', (_, options, now) => {
    expect(new Model(options).tell(now, mixed).state).toBe('closed');
  });

  it('forgets by time, not by calls (F92)', () => {
    const model = new Model({ failureRatio: 0.5 });

    model.tell(START, [-2, 1, -2, 1]);
    expect(model.tell(START + 30_000, [1, -2, 1, -2, 3]).state).toBe('closed');
    expect(model.tell(START + 40_000, [1, -2, 1, -2]).state).toBe('open');
  });
});

describe('a breaker with a slow ratio', () => {
  it('opens at the share of slow calls, though they answered', () => {
    const model = new Model({ slowRatio: 0.8 });

    expect(model.tell(START, [10], { slow: 7 }).state).toBe('closed');
    expect(model.tell(START + 1, [2], { slow: 3 }).state).toBe('open');
  });
});

describe('a cooldown that grows', () => {
  const options = { maxCooldownSeconds: 60 };

  it('doubles with every opening up to the most, and begins anew after five steady minutes (F87)', () => {
    const model = new Model(options);
    let now = START;
    const cooldowns = [model.tell(now, [-3]).ttlMs];
    for (let probe = 0; probe < 5; probe++) {
      now += cooldowns.at(-1) ?? 0;
      cooldowns.push(model.probe(now, false).ttlMs);
    }
    expect(cooldowns).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000]);

    now += 60_000;
    expect(model.probe(now, true).state).toBe('closed');
    expect(model.tell(now + 1000, [-3]).ttlMs).toBe(60_000);
    now += 61_000;
    model.probe(now, true);

    expect(model.tell(now + 300_000, [-3]).ttlMs).toBe(5000);
  });

  it('differs by up to a fifth, so that models do not come back together', () => {
    expect(new Model(options).tell(START, [-3], { jitter: 0 }).ttlMs).toBe(4000);
    expect(new Model(options).tell(START, [-3], { jitter: 1 }).ttlMs).toBe(6000);
    expect(new Model({}).tell(START, [-3], { jitter: 1 }).ttlMs).toBe(5000);
  });
});

describe('a ramp', () => {
  it('is told of behind a good probe, as long as it lasts', () => {
    const model = new Model({ rampSeconds: 10 });
    model.tell(START, [-3]);

    expect(model.probe(START + 5000, true).rampLeftMs).toBe(10_000);
    expect(model.tell(START + 9000, [1]).rampLeftMs).toBe(6000);
    expect(model.tell(START + 15_000, [1]).rampLeftMs).toBeUndefined();
  });

  it('offers about a tenth of the requests at first, and all of them at its end (F86)', () => {
    const ramp = new Ramp();
    ramp.begin(0, 10_000, 10_000);
    const offered = (now: number): number => {
      let count = 0;
      for (let request = 0; request < 100; request++) {
        if (!ramp.offers(now)) continue;
        ramp.take();
        count += 1;
      }
      return count;
    };

    expect([offered(0), offered(5000), offered(10_000)]).toEqual([9, 56, 100]);
  });

  it('turns nobody away who has no other candidate', () => {
    const view = new BreakerView(() => ({ ...PLAIN, rampSeconds: 10 }));
    view.accept({ epoch: 2, state: 'closed', ttlMs: 0, failuresInRow: 0, rampLeftMs: 10_000 }, 0);

    expect(view.health(0)).toEqual({ state: 'closed', isPassable: false, retryInMs: 0 });
    view.endRamp();

    expect(view.health(0).isPassable).toBe(true);
  });
});
