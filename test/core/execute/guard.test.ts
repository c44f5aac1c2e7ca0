import { describe, expect, it } from 'vitest';
import type { AttemptFailure } from '../../../src/domain/failure.ts';
import { CANCELLED, openGuard, whenAborted } from '../../../src/execute/guard.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function cause(code: string): AttemptFailure {
  return { kind: 'slow', code, message: code, status: undefined, accepted: 'unknown' };
}

function opened() {
  const clock = new FakeClock();
  const caller = new AbortController();
  return { clock, caller, guard: openGuard(clock, caller.signal) };
}

describe('openGuard', () => {
  it('aborts when a limit passes, and remembers which', async () => {
    const { clock, guard } = opened();
    guard.limit(300, cause('first'));
    guard.limit(200, cause('second'));
    await clock.advance(199);
    const before = guard.signal.aborted;
    await clock.advance(1);

    expect([before, guard.signal.aborted, guard.failure()]).toEqual([false, true, cause('second')]);
  });

  it('does not abort for a limit that has ended', async () => {
    const { clock, guard } = opened();
    const end = guard.limit(200, cause('limit'));
    end();
    await clock.advance(1000);

    expect([guard.failure(), clock.waiting]).toEqual([undefined, 0]);
  });

  it('aborts at once for a limit that is over already', async () => {
    const { clock, guard } = opened();
    guard.limit(-5, cause('late'));
    await clock.advance(0);

    expect(guard.failure()).toEqual(cause('late'));
  });

  it('aborts when the caller leaves, and when the caller has left already', () => {
    const { clock, caller, guard } = opened();
    caller.abort();

    expect(guard.failure()).toEqual(CANCELLED);
    expect(openGuard(clock, caller.signal).failure()).toEqual(CANCELLED);
  });

  it('stays so long behind a caller who leaves (F71)', async () => {
    const clock = new FakeClock();
    const caller = new AbortController();
    const guard = openGuard(clock, caller.signal, 500);
    await clock.advance(1000);
    const before = guard.isDeserted();
    caller.abort();
    await clock.advance(499);
    const meanwhile = [guard.isDeserted(), guard.signal.aborted];
    await clock.advance(1);

    expect([before, meanwhile, guard.failure()]).toEqual([false, [true, false], CANCELLED]);
  });

  it('keeps its first cause', async () => {
    const { clock, caller, guard } = opened();
    guard.limit(100, cause('limit'));
    guard.abort(cause('by hand'));
    caller.abort();
    await clock.advance(100);

    expect(guard.failure()).toEqual(cause('by hand'));
  });

  it('aborts when nothing is noted for so long, however long it all takes', async () => {
    const { clock, guard } = opened();
    const gaps = guard.limitGaps(100, cause('gap'));
    for (let at = 0; at < 10; at++) {
      await clock.advance(99);
      gaps.note();
    }
    const before = guard.failure();
    await clock.advance(100);

    expect([before, guard.failure()]).toEqual([undefined, cause('gap')]);
  });

  it('leaves no timer and no listener behind when it is closed', async () => {
    const { clock, caller, guard } = opened();
    guard.limit(100, cause('limit'));
    guard.limitGaps(100, cause('gap'));
    guard.close();
    caller.abort();
    await clock.advance(1000);

    expect([clock.waiting, guard.signal.aborted]).toEqual([0, false]);
  });
});

describe('whenAborted', () => {
  it('rejects with what aborted, also where that is past', async () => {
    const { guard } = opened();
    const waiting = whenAborted(guard.signal);
    guard.abort(cause('by hand'));

    await expect(waiting).rejects.toThrow('by hand');
    await expect(whenAborted(guard.signal)).rejects.toThrow('by hand');
  });
});
