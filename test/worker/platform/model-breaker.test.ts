import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { BreakerReport } from '../../../src/domain/breaker.ts';
import { breakerPolicySchema } from '../../../src/domain/routing-config.ts';
import { breakerObject } from '../bindings.ts';

let sequence = 0;

/** A report of an isolate; each is a new one. */
function aReport(fields: Partial<BreakerReport> = {}): BreakerReport {
  sequence += 1;
  return {
    from: 'isolate-1',
    sequence,
    runs: [],
    sinceSuccessMs: 0,
    wantsPermit: false,
    policy: breakerPolicySchema.parse({ cooldownSeconds: 60 }),
    ...fields,
  };
}

/** Over as soon as it has begun. */
const NO_COOLDOWN = breakerPolicySchema.parse({ cooldownSeconds: 0.1 });
const afterCooldown = () => new Promise((resolve) => setTimeout(resolve, 150));

describe('ModelBreaker.sync', () => {
  it('is closed for a model that nobody has told of', async () => {
    const snapshot = await breakerObject('breaker/new').sync(aReport());

    expect(snapshot).toMatchObject({ state: 'closed', epoch: 0, failuresInRow: 0 });
  });

  it('adds up what isolates report until the threshold opens it', async () => {
    const breaker = breakerObject('breaker/adding');

    const first = await breaker.sync(aReport({ from: 'isolate-1', runs: [-1] }));
    const second = await breaker.sync(aReport({ from: 'isolate-2', runs: [-1] }));
    const third = await breaker.sync(aReport({ from: 'isolate-3', runs: [-1] }));

    expect([first, second].map(({ failuresInRow }) => failuresInRow)).toEqual([1, 2]);
    expect(third).toMatchObject({ state: 'open', epoch: 1 });
    expect(third.ttlMs).toBeGreaterThan(59_000);
  });

  it('never opens for failures with successes between them', async () => {
    const breaker = breakerObject('breaker/noise');

    for (let round = 0; round < 10; round++) await breaker.sync(aReport({ runs: [-2, 40] }));

    expect(await breaker.sync(aReport())).toMatchObject({ state: 'closed', failuresInRow: 0 });
  });

  it('takes a repeated report once', async () => {
    const breaker = breakerObject('breaker/repeated');
    const report = aReport({ runs: [-1] });

    const snapshots = await Promise.all([1, 2, 3, 4].map(() => breaker.sync(report)));

    expect(snapshots.map(({ failuresInRow }) => failuresInRow)).toEqual([1, 1, 1, 1]);
  });

  it('F76 keeps its state when it leaves memory', async () => {
    const opened = await breakerObject('breaker/evicted').sync(aReport({ runs: [-3] }));
    const counting = await breakerObject('breaker/evicted-counting').sync(aReport({ runs: [-2] }));

    await abortAllDurableObjects();

    const open = await breakerObject('breaker/evicted').sync(aReport());
    expect(open).toMatchObject({ state: 'open', epoch: opened.epoch });
    expect(open.ttlMs).toBeLessThanOrEqual(opened.ttlMs);
    const closed = await breakerObject('breaker/evicted-counting').sync(aReport());
    expect(closed.failuresInRow).toBe(counting.failuresInRow);
  });

  it('F76 starts closed where another version left what cannot be read', async () => {
    await runInDurableObject(breakerObject('breaker/unreadable'), (_, state) => {
      state.storage.kv.put('breaker', { epoch: 'seven' });
    });

    const snapshot = await breakerObject('breaker/unreadable').sync(aReport());

    expect(snapshot).toMatchObject({ state: 'closed', epoch: 0 });
  });

  it('writes nothing for a question', async () => {
    const breaker = breakerObject('breaker/asked');

    await breaker.sync(aReport());

    const stored = await runInDurableObject(breaker, (_, state) => state.storage.kv.get('breaker'));
    expect(stored).toBeUndefined();
  });

  it('F86 leases one probe to fifty isolates that ask at once', async () => {
    const breaker = breakerObject('breaker/probed');
    await breaker.sync(aReport({ runs: [-3], policy: NO_COOLDOWN }));
    await afterCooldown();

    const isolates = Array.from({ length: 50 }, (_, at) => `isolate-${at}`);
    const snapshots = await Promise.all(
      isolates.map((from) =>
        breaker.sync(aReport({ from, wantsPermit: true, policy: NO_COOLDOWN })),
      ),
    );

    expect(new Set(snapshots.map(({ state }) => state))).toEqual(new Set(['half-open']));
    expect(snapshots.filter(({ permit }) => permit !== undefined)).toHaveLength(1);
  });

  it('closes with a good probe and opens again with a bad one', async () => {
    for (const isGood of [true, false]) {
      const breaker = breakerObject(`breaker/probe-${isGood}`);
      await breaker.sync(aReport({ runs: [-3], policy: NO_COOLDOWN }));
      await afterCooldown();
      const { permit } = await breaker.sync(aReport({ wantsPermit: true, policy: NO_COOLDOWN }));

      const probe = { permit: permit?.id ?? '', isGood };
      const snapshot = await breaker.sync(aReport({ probe }));

      expect(snapshot.state).toBe(isGood ? 'closed' : 'open');
    }
  });

  it('keeps the lease of a probe when it leaves memory', async () => {
    const breaker = breakerObject('breaker/probe-evicted');
    await breaker.sync(aReport({ runs: [-3], policy: NO_COOLDOWN }));
    await afterCooldown();
    await breaker.sync(aReport({ wantsPermit: true, policy: NO_COOLDOWN }));

    await abortAllDurableObjects();

    const again = breakerObject('breaker/probe-evicted');
    const { state, permit } = await again.sync(aReport({ from: 'isolate-2', wantsPermit: true }));
    expect([state, permit]).toEqual(['half-open', undefined]);
  });
});
