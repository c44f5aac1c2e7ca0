import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttemptFailure, FAILURE_KINDS } from '../../../src/domain/failure.ts';
import { type BackoffInput, backoffMs } from '../../../src/execute/backoff.ts';

function aBackoff(fields: Partial<BackoffInput> & { readonly retryAfterMs?: number }) {
  const { retryAfterMs, ...input } = fields;
  const failure = { ...aFailure('route'), ...input.failure, retryAfterMs };
  const usual = { tries: 1, strategy: 'exponential', timeLeftMs: 600_000, jitter: 1 } as const;
  return { ...usual, ...input, failure };
}

function aFailure(kind: AttemptFailure['kind']): AttemptFailure {
  return { kind, code: 'test', message: 'test', status: 500, accepted: 'no' };
}

describe('backoffMs', () => {
  it.each([
    ['exponential', 1, 200],
    ['exponential', 2, 400],
    ['exponential', 3, 800],
    ['linear', 1, 200],
    ['linear', 3, 600],
    ['constant', 1, 200],
    ['constant', 3, 200],
  ] as const)('waits by %s growth at try %i up to %i ms', (strategy, tries, mostMs) => {
    expect(backoffMs(aBackoff({ strategy, tries, jitter: 1 }))).toBe(mostMs);
    expect(backoffMs(aBackoff({ strategy, tries, jitter: 0.25 }))).toBe(mostMs / 4);
    expect(backoffMs(aBackoff({ strategy, tries, jitter: 0 }))).toBe(0);
  });

  it.each([
    ['is kept as it is, without jitter', 2000, 600_000, 2000],
    ['of exactly 3 s is waited for', 3000, 600_000, 3000],
    ['above 3 s is not waited for', 3001, 600_000, undefined],
    ['above a quarter of the time left is not waited for', 2000, 7999, undefined],
    ['of a quarter of the time left is waited for', 2000, 8000, 2000],
    ['of nothing means at once', 0, 600_000, 0],
  ])('a Retry-After %s (F01, F16)', (_, retryAfterMs, timeLeftMs, waitMs) => {
    expect(backoffMs(aBackoff({ retryAfterMs, timeLeftMs, jitter: 0.1 }))).toBe(waitMs);
  });

  it('tries a connection that never stood again at once (F42)', () => {
    expect(backoffMs(aBackoff({ failure: aFailure('transport') }))).toBe(0);
  });

  it('never waits longer than a quarter of the time left, or 3 s', () => {
    const input = fc.record({
      kind: fc.constantFrom(...FAILURE_KINDS),
      retryAfterMs: fc.option(fc.nat(600_000), { nil: undefined }),
      tries: fc.integer({ min: 1, max: 4 }),
      strategy: fc.constantFrom('exponential' as const, 'linear' as const, 'constant' as const),
      timeLeftMs: fc.nat(600_000),
      jitter: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    fc.assert(
      fc.property(input, ({ kind, retryAfterMs, ...rest }) => {
        const waitMs = backoffMs({ ...rest, failure: { ...aFailure(kind), retryAfterMs } });

        if (waitMs === undefined) return;
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(Math.min(rest.timeLeftMs / 4, 3000));
      }),
    );
  });
});
