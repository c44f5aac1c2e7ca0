import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BreakerRecord,
  type BreakerReport,
  type BreakerSnapshot,
  breakerRecordSchema,
  NEW_BREAKER,
  PROBE_LEASE_MS,
  syncBreaker,
} from '../../../src/domain/breaker.ts';
import { type BreakerPolicy, breakerPolicySchema } from '../../../src/domain/routing-config.ts';

const policies = fc.record({
  failureThreshold: fc.integer({ min: 1, max: 5 }),
  cooldownSeconds: fc.integer({ min: 1, max: 120 }),
  halfOpenRequests: fc.integer({ min: 1, max: 3 }),
});
const isolates = fc.constantFrom('a', 'b', 'c', 'd');
const runs = fc.array(
  fc.integer({ min: -4, max: 4 }).filter((run) => run !== 0),
  { maxLength: 4 },
);

/** What may happen to a breaker, by what anybody can see of it. */
type Event =
  | { readonly type: 'report'; readonly from: string; readonly runs: readonly number[] }
  | { readonly type: 'ask'; readonly from: string }
  | { readonly type: 'probe-ends'; readonly isGood: boolean }
  | { readonly type: 'again'; readonly place: number }
  | { readonly type: 'time-passes'; readonly ms: number };

const events: fc.Arbitrary<readonly Event[]> = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('report' as const), from: isolates, runs }),
    fc.record({ type: fc.constant('ask' as const), from: isolates }),
    fc.record({ type: fc.constant('probe-ends' as const), isGood: fc.boolean() }),
    fc.record({ type: fc.constant('again' as const), place: fc.nat() }),
    fc.record({
      type: fc.constant('time-passes' as const),
      ms: fc.oneof(fc.nat(2000), fc.nat(130_000)),
    }),
  ),
  { maxLength: 60 },
);

/** A breaker and the messages of its isolates; every step is shown to `look`. */
class World {
  record: BreakerRecord = NEW_BREAKER;
  now = 1_000_000;
  readonly sent: BreakerReport[] = [];
  readonly permits: { readonly id: string; readonly from: string }[] = [];
  readonly policy: BreakerPolicy;
  #ids = 0;

  constructor(policy: BreakerPolicy) {
    this.policy = breakerPolicySchema.parse(policy);
  }

  send(fields: Partial<BreakerReport> & { readonly from: string }): BreakerSnapshot {
    const report: BreakerReport = {
      sequence: this.sent.length + 1,
      runs: [],
      sinceSuccessMs: 0,
      wantsPermit: false,
      policy: this.policy,
      ...fields,
    };
    this.sent.push(report);
    return this.deliver(report);
  }

  deliver(report: BreakerReport): BreakerSnapshot {
    this.#ids += 1;
    const moment = { now: this.now, newPermitId: `permit-${this.#ids}` };
    const { record, snapshot } = syncBreaker(this.record, report, moment);
    this.record = record;
    if (snapshot.permit) this.permits.push({ id: snapshot.permit.id, from: report.from });
    return snapshot;
  }

  happen(event: Event): void {
    switch (event.type) {
      case 'report':
        this.send(event);
        return;
      case 'ask':
        this.send({ from: event.from, wantsPermit: true });
        return;
      case 'probe-ends': {
        const permit = this.permits.shift();
        if (permit === undefined) return;
        const probe = { permit: permit.id, isGood: event.isGood };
        this.send({ from: permit.from, probe });
        return;
      }
      case 'again': {
        const report = this.sent[event.place % Math.max(this.sent.length, 1)];
        if (report !== undefined) this.deliver({ ...report, wantsPermit: false });
        return;
      }
      case 'time-passes':
        this.now += event.ms;
    }
  }

  get livePermits(): number {
    const { phase } = this.record;
    if (phase.state !== 'half-open') return 0;
    return phase.permits.filter(({ expiresAt }) => expiresAt > this.now).length;
  }
}

function live(policy: BreakerPolicy, history: readonly Event[], look: (world: World) => void) {
  const world = new World(policy);
  for (const event of history) {
    world.happen(event);
    look(world);
  }
  return world;
}

describe('syncBreaker, whatever happens', () => {
  it('opens exactly when the threshold of failures in a row is reached, and never below it', () => {
    const reports = fc.array(fc.record({ from: isolates, runs }), { maxLength: 20 });
    fc.assert(
      fc.property(policies, reports, (policy, sent) => {
        const world = new World(policy);
        const outcomes: string[] = [];
        const threshold = 'x'.repeat(policy.failureThreshold);
        for (const report of sent) {
          outcomes.push(...report.runs.map((run) => (run > 0 ? '.' : 'x').repeat(Math.abs(run))));
          const hasReachedThreshold = outcomes.join('').includes(threshold);

          world.now += 1;
          expect(world.send(report).state).toBe(hasReachedThreshold ? 'open' : 'closed');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('lets its epoch only grow, with every change of state', () => {
    fc.assert(
      fc.property(policies, events, (policy, history) => {
        let { epoch, phase } = NEW_BREAKER;
        live(policy, history, ({ record }) => {
          const hasChanged = record.phase.state !== phase.state;
          expect(record.epoch - epoch).toBeGreaterThanOrEqual(hasChanged ? 1 : 0);
          ({ epoch, phase } = record);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('has no more probes under way than the policy wants, and none while it is open', () => {
    fc.assert(
      fc.property(policies, events, (policy, history) => {
        live(policy, history, (world) => {
          expect(world.livePermits).toBeLessThanOrEqual(policy.halfOpenRequests);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing for a report that it had before', () => {
    fc.assert(
      fc.property(policies, events, (policy, history) => {
        live(policy, history, (world) => {
          // Time alone may have changed something: that is taken out by asking first.
          world.send({ from: 'e' });
          const before = world.record;
          for (const report of world.sent) world.deliver({ ...report, wantsPermit: false });

          expect(world.record).toBe(before);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('comes back from every state: after a cooldown and a lease, one good probe at a time', () => {
    fc.assert(
      fc.property(policies, events, (policy, history) => {
        const world = live(policy, history, () => undefined);
        world.now += policy.cooldownSeconds * 1000 + PROBE_LEASE_MS;
        for (let probes = 0; probes < policy.halfOpenRequests; probes++) {
          const { permit, state } = world.send({ from: 'e', wantsPermit: true });
          if (state === 'closed') break;
          if (permit === undefined) throw new Error(`no permit in ${state}`);
          world.send({ from: 'e', probe: { permit: permit.id, isGood: true } });
        }

        expect(world.send({ from: 'e' }).state).toBe('closed');
      }),
      { numRuns: 500 },
    );
  });

  it('is stored and read again without a change', () => {
    fc.assert(
      fc.property(policies, events, (policy, history) => {
        const { record } = live(policy, history, () => undefined);

        expect(breakerRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
      }),
    );
  });
});
