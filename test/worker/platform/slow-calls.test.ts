import { describe, expect, it } from 'vitest';
import { ObjectBreakers } from '../../../src/platform/object-breakers.ts';
import { aModel } from '../../support/builders.ts';

const { id } = aModel();

/** Breakers whose objects never answer: what counts is this isolate's own view. */
function breakersAlone(): ObjectBreakers {
  const stub = { sync: () => new Promise(() => undefined) };
  const namespace = { idFromName: () => 'id', get: () => stub };
  return new ObjectBreakers({
    namespace: namespace as never, // only these two methods are called
    clock: { now: () => 1_000_000, wait: () => new Promise(() => undefined) },
    random: { ratio: () => 0.5, id: () => 'isolate' },
    background: { run: () => undefined },
    telemetry: { emit: () => undefined },
    continent: () => undefined,
    policy: () => ({ failureThreshold: 3, cooldownSeconds: 60, halfOpenRequests: 1 }),
  });
}

describe('ObjectBreakers with slow calls', () => {
  it('opens at the third call that hangs, before any has ended (F91)', () => {
    const breakers = breakersAlone();
    const permits = [1, 2, 3].map(() => breakers.acquire(id));

    permits[0]?.noteSlow();
    permits[1]?.noteSlow();
    expect(breakers.health(id).state).toBe('closed');
    permits[2]?.noteSlow();

    expect(breakers.health(id).state).toBe('open');
  });

  it('counts a call once, however often it is slow and when it fails', () => {
    const breakers = breakersAlone();
    const permit = breakers.acquire(id);

    permit?.noteSlow();
    permit?.noteSlow();
    permit?.fail();
    permit?.fail();

    expect(breakers.acquire(id)).toBeDefined();
    expect(breakers.health(id).state).toBe('closed');
  });

  it('stays closed for a model that is slow and answers', () => {
    const breakers = breakersAlone();

    for (let call = 0; call < 10; call++) {
      const permit = breakers.acquire(id);
      permit?.noteSlow();
      permit?.succeed();
    }

    expect(breakers.health(id).state).toBe('closed');
  });
});
