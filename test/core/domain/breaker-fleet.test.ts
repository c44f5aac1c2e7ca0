import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BreakerRecord,
  NEW_BREAKER,
  PROBE_LEASE_MS,
  syncBreaker,
} from '../../../src/domain/breaker.ts';
import { BreakerView } from '../../../src/domain/breaker-view.ts';
import { breakerPolicySchema } from '../../../src/domain/routing-config.ts';

const POLICY = breakerPolicySchema.parse({});
const COOLDOWN_MS = POLICY.cooldownSeconds * 1000;

/** Isolates of one model with its one object, and a provider that is up or down. */
class Fleet {
  now = 1_000_000;
  isProviderUp = true;
  /** What becomes of a report: its object may be away, or its answer be lost. */
  link: 'works' | 'is-down' | 'loses-answers' = 'works';
  /** Calls that reached the provider. */
  readonly calls: { readonly isolate: number; readonly at: number; readonly isProbe: boolean }[] =
    [];
  syncs = 0;
  readonly #views: readonly BreakerView[];
  #record: BreakerRecord = NEW_BREAKER;

  constructor(isolates: number) {
    this.#views = Array.from({ length: isolates }, () => new BreakerView(() => POLICY));
  }

  /** A request that meets the isolate: a call if its view lets it, and its report behind it. */
  request(isolate: number): void {
    const view = this.#viewOf(isolate);
    const pass = view.pass(this.now);
    if (pass !== undefined) {
      this.calls.push({ isolate, at: this.now, isProbe: pass.permit !== undefined });
      view.record(pass, this.isProviderUp, this.now);
    }
    if (view.isDue(this.now)) this.#sync(view, `isolate-${isolate}`);
  }

  /** A request at every isolate, in an order of the caller's choice. */
  requestEverywhere(order: (isolate: number) => number = (isolate) => isolate): void {
    const isolates = this.#views.map((_, isolate) => isolate);
    for (const isolate of isolates.sort((a, b) => order(a) - order(b))) this.request(isolate);
  }

  get state() {
    return this.#record.phase.state;
  }

  /** How many isolates let a request pass. */
  get passable(): number {
    return this.#views.filter((view) => view.health(this.now).isPassable).length;
  }

  #viewOf(isolate: number): BreakerView {
    const view = this.#views[isolate];
    if (view === undefined) throw new Error(`there is no isolate ${isolate}`);
    return view;
  }

  #sync(view: BreakerView, from: string): void {
    this.syncs += 1;
    const report = view.takeReport(from, this.now);
    if (this.link === 'is-down') {
      view.acceptSilence(this.now);
      return;
    }
    const moment = { now: this.now, newPermitId: `permit-${this.syncs}` };
    const { record, snapshot } = syncBreaker(this.#record, report, moment);
    this.#record = record;
    if (this.link === 'loses-answers') view.acceptSilence(this.now);
    else view.accept(snapshot, this.now);
  }
}

describe('a fleet of isolates', () => {
  it('makes no call to the object in 10,000 healthy requests', () => {
    const fleet = new Fleet(20);
    for (let at = 0; at < 10_000; at++) fleet.request(at % 20);

    expect([fleet.calls.length, fleet.syncs]).toEqual([10_000, 0]);
  });

  it('never opens by 1 % of noise, however busy the model is', () => {
    const fleet = new Fleet(20);
    for (let at = 0; at < 50_000; at++) {
      fleet.isProviderUp = at % 100 !== 37;
      fleet.now += 10;
      fleet.request((at * 7) % 20);
    }

    expect(fleet.calls).toHaveLength(50_000);
    expect(fleet.syncs).toBeLessThanOrEqual(500);
    expect(fleet.state).toBe('closed');
  });

  it('loses at most one call per isolate, and the threshold, to an outage', () => {
    const order = fc.func(fc.nat());
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), order, fc.nat(20), (isolates, place, before) => {
        const fleet = new Fleet(isolates);
        for (let at = 0; at < before; at++) fleet.request(at % isolates);
        fleet.now += 1;
        fleet.isProviderUp = false;
        for (let round = 0; round < 10; round++) {
          fleet.requestEverywhere(place);
          fleet.now += 1000;
        }

        const failed = fleet.calls.length - before;
        expect(failed).toBeLessThanOrEqual(isolates - 1 + POLICY.failureThreshold);
        expect([fleet.state, fleet.passable]).toEqual(['open', 0]);
      }),
    );
  });

  it('sends exactly one probe after each cooldown, and is back with the first good one', () => {
    const fleet = new Fleet(50);
    fleet.isProviderUp = false;
    for (let second = 0; second < 200; second++) {
      fleet.requestEverywhere();
      fleet.now += 1000;
    }
    const probes = fleet.calls.filter(({ isProbe }) => isProbe);
    const opened = fleet.calls.filter(({ isProbe }) => !isProbe);
    fleet.isProviderUp = true;
    for (let second = 0; second < 70; second++) {
      fleet.requestEverywhere();
      fleet.now += 1000;
    }

    expect(opened).toHaveLength(50 - 1 + POLICY.failureThreshold);
    expect(probes).toHaveLength(3);
    expect(probes.every(({ at }, place) => at - 1_000_000 >= COOLDOWN_MS * (place + 1))).toBe(true);
    expect([fleet.state, fleet.passable]).toEqual(['closed', 50]);
  });

  it('gives everybody the way free within 5 s of a good probe', () => {
    const fleet = new Fleet(50);
    fleet.isProviderUp = false;
    for (let round = 0; round < 3; round++) fleet.requestEverywhere();
    fleet.isProviderUp = true;
    fleet.now += COOLDOWN_MS;
    let closedAt: number | undefined;
    while (fleet.passable < 50) {
      fleet.requestEverywhere();
      if (fleet.state === 'closed') closedAt ??= fleet.now;
      fleet.now += 250;
    }

    expect(fleet.now - (closedAt ?? 0)).toBeLessThanOrEqual(5250);
    expect(fleet.calls.filter(({ isProbe }) => isProbe)).toHaveLength(1);
  });

  it('finds its way back from anything: after a cooldown, a lease and a wait, all is well', () => {
    const hours = fc.array(
      fc.record({
        isProviderUp: fc.boolean(),
        link: fc.constantFrom('works' as const, 'is-down' as const, 'loses-answers' as const),
        seconds: fc.nat(90),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), hours, (isolates, past) => {
        const fleet = new Fleet(isolates);
        const pass = (seconds: number): void => {
          for (let second = 0; second < seconds; second++) {
            fleet.requestEverywhere();
            fleet.now += 1000;
          }
        };
        for (const { seconds, ...weather } of past) {
          Object.assign(fleet, weather);
          pass(seconds);
        }
        Object.assign(fleet, { isProviderUp: true, link: 'works' });
        pass((COOLDOWN_MS + PROBE_LEASE_MS) / 1000 + 40);

        expect([fleet.state, fleet.passable]).toEqual(['closed', isolates]);
      }),
    );
  });

  it('goes on by local breakers when the object does not answer, and fails open (F75)', () => {
    const fleet = new Fleet(10);
    fleet.link = 'is-down';
    fleet.isProviderUp = false;
    for (let round = 0; round < 10; round++) fleet.requestEverywhere();
    const lost = fleet.calls.length;
    const whileDown = fleet.passable;
    fleet.isProviderUp = true;
    fleet.now += COOLDOWN_MS;

    expect([lost, whileDown, fleet.passable]).toEqual([10 * POLICY.failureThreshold, 0, 10]);
  });
});
