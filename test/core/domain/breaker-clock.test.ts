import { describe, expect, it } from 'vitest';
import {
  type BreakerRecord,
  type BreakerReport,
  NEW_BREAKER,
  PROBE_LEASE_MS,
  syncBreaker,
} from '../../../src/domain/breaker.ts';
import { breakerPolicySchema } from '../../../src/domain/routing-config.ts';

const HOUR_MS = 3_600_000;
const THEN = 10 * HOUR_MS;
const NOW = THEN - HOUR_MS;

let sequence = 0;

/** One step, at an instant of the object's own clock. */
function sync(record: BreakerRecord, now: number, fields: Partial<BreakerReport> = {}) {
  const report: BreakerReport = {
    from: 'isolate-1',
    sequence: ++sequence,
    runs: [],
    sinceSuccessMs: 0,
    wantsPermit: false,
    policy: breakerPolicySchema.parse({ rampSeconds: 10 }),
    ...fields,
  };
  return syncBreaker(record, report, { now, newPermitId: 'permit' });
}

const OPEN = sync(NEW_BREAKER, THEN, { runs: [-3] }).record;
const PROBING = sync(OPEN, THEN + 60_000, { wantsPermit: true }).record;
const PROBED = { probe: { permit: 'permit', isGood: true } };
const CLOSED = sync(PROBING, THEN + 61_000, PROBED).record;

describe('a breaker whose clock is set back by an hour (F85)', () => {
  it('stays open for one cooldown and no longer', () => {
    const first = sync(OPEN, NOW);

    expect(first.snapshot).toMatchObject({ state: 'open', ttlMs: 60_000 });
    expect(sync(first.record, NOW + 60_000).snapshot.state).toBe('half-open');
  });

  it('waits for a probe for one lease and no longer', () => {
    const waiting = sync(PROBING, NOW, { wantsPermit: true });
    const over = sync(waiting.record, NOW + PROBE_LEASE_MS, {
      from: 'isolate-2',
      wantsPermit: true,
    });

    expect(waiting.snapshot.permit).toBeUndefined();
    expect(over.snapshot.permit).toBeDefined();
  });

  it('ends its ramp in time', () => {
    const ramping = sync(CLOSED, NOW);

    expect(ramping.snapshot.rampLeftMs).toBe(10_000);
    expect(sync(ramping.record, NOW + 10_000).snapshot.rampLeftMs).toBeUndefined();
  });

  it('lets a success end a row of failures', () => {
    const failed = sync(NEW_BREAKER, THEN, { runs: [-2] }).record;
    const back = sync(failed, NOW).record;

    expect(sync(back, NOW + 1000, { runs: [1, -1] }).snapshot.failuresInRow).toBe(1);
  });
});
