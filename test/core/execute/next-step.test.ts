import { describe, expect, it } from 'vitest';
import { type AttemptFailure, FAILURE_KINDS } from '../../../src/domain/failure.ts';
import { routingConfigSchema } from '../../../src/domain/routing-config.ts';
import { MAX_ATTEMPTS, nextStep, type Situation } from '../../../src/execute/next-step.ts';

function aSituation(failure: Partial<AttemptFailure>, fields: Partial<Situation> = {}): Situation {
  const base = { kind: 'route', code: 'test', message: 'test', status: 500 } as const;
  return {
    failure: { ...base, accepted: 'no', ...failure },
    attemptsLeft: MAX_ATTEMPTS - 1,
    tries: 1,
    candidatesLeft: 1,
    hasAnotherKey: false,
    timeLeftMs: 600_000,
    jitter: 0.5,
    fallback: routingConfigSchema.parse({}).fallback,
    onContentFilter: undefined,
    isRetry: false,
    ...fields,
  };
}

const STOP = { type: 'stop' };
const NEXT = { type: 'next-model', needsLargerModel: false };
const LARGER = { type: 'next-model', needsLargerModel: true };
const again = (waitMs: number) => ({ type: 'same-model', waitMs });

describe('nextStep', () => {
  const accepted = 'yes';
  it.each<[AttemptFailure['kind'], object, object]>([
    ['client', STOP, STOP],
    ['client-size', LARGER, LARGER],
    ['policy', STOP, STOP],
    ['rate', NEXT, NEXT],
    ['quota', NEXT, NEXT],
    ['key', NEXT, NEXT],
    ['overload', NEXT, NEXT],
    ['route', again(100), NEXT],
    ['malformed', NEXT, NEXT],
    ['slow', NEXT, NEXT],
    ['content', NEXT, NEXT],
    ['transport', again(0), NEXT],
    ['provider', NEXT, NEXT],
    ['mid-stream', STOP, STOP],
    ['cancel', STOP, STOP],
    ['deadline', STOP, STOP],
    ['self', NEXT, NEXT],
  ])('answers %s with its own step, and never asks again what was accepted', (kind, step, late) => {
    expect(nextStep(aSituation({ kind, accepted: 'no' }))).toEqual(step);
    expect(nextStep(aSituation({ kind, accepted }))).toEqual(late);
    expect(nextStep(aSituation({ kind, accepted: 'unknown' }))).toEqual(late);
  });

  it('has a row above for every kind of failure', () => {
    expect(FAILURE_KINDS).toHaveLength(17);
  });

  it.each([
    ['a rate limit that asks for 2 s is waited for', { retryAfterMs: 2000 }, again(2000)],
    ['a rate limit that asks for 5 s is not', { retryAfterMs: 5000 }, NEXT],
    ['a rate limit without a wish is not', {}, NEXT],
  ])('%s (F01)', (_, failure, step) => {
    expect(nextStep(aSituation({ kind: 'rate', ...failure }))).toEqual(step);
  });

  it.each(['rate', 'quota', 'key'] as const)('takes another key after %s at once', (kind) => {
    const failure = { kind, retryAfterMs: 60_000 };

    expect(nextStep(aSituation(failure, { hasAnotherKey: true }))).toEqual(again(0));
  });

  it('takes no other key for what is not the key, and none beyond the retries', () => {
    const overload = aSituation({ kind: 'overload' }, { hasAnotherKey: true });
    const often = aSituation({ kind: 'key' }, { hasAnotherKey: true, tries: 3 });

    expect(nextStep(overload)).toEqual(NEXT);
    expect(nextStep(often)).toEqual(NEXT);
  });

  it.each([
    [1, 2, 'same-model'],
    [2, 2, 'next-model'],
    [2, 1, 'same-model'],
    [3, 1, 'next-model'],
    [3, 0, 'same-model'],
    [4, 0, 'next-model'],
    [1, 19, 'same-model'],
    [2, 19, 'next-model'],
  ])('after %i attempts with %i candidates left goes on with %s', (attempts, left, type) => {
    const step = nextStep(
      aSituation(
        { kind: 'route' },
        { attemptsLeft: MAX_ATTEMPTS - attempts, candidatesLeft: left },
      ),
    );

    expect(MAX_ATTEMPTS).toBe(4);
    expect(step.type).toBe(type);
  });

  it.each([
    [2, 'same-model'],
    [3, 'next-model'],
  ])('with two retries, try %i is followed by %s', (tries, type) => {
    const step = nextStep(aSituation({ kind: 'route' }, { tries, candidatesLeft: 0 }));

    expect(step.type).toBe(type);
  });

  it('asks no model twice for a client that retries by itself (F72)', () => {
    const failed = { kind: 'route', accepted: 'no' } as const;

    expect(nextStep(aSituation(failed))).toEqual(again(100));
    expect(nextStep(aSituation(failed, { isRetry: true }))).toEqual(NEXT);
    expect(nextStep(aSituation({ kind: 'key' }, { isRetry: true, hasAnotherKey: true }))).toEqual(
      NEXT,
    );
  });

  it('lets a failure overrule what its kind says of asking again', () => {
    expect(nextStep(aSituation({ kind: 'route', retryable: false }))).toEqual(NEXT);
    expect(nextStep(aSituation({ kind: 'malformed', retryable: true }))).toEqual(again(100));
  });

  it('goes on where a failure says that another model may do what this one cannot', () => {
    expect(nextStep(aSituation({ kind: 'client', triesNext: true }))).toEqual(NEXT);
    expect(nextStep(aSituation({ kind: 'route', triesNext: false }, { tries: 9 }))).toEqual(STOP);
  });

  it.each([
    [undefined, STOP],
    ['pass', STOP],
    ['fallback', NEXT],
  ] as const)('with onContentFilter %s a refusal of the filter means %o (F26)', (wish, step) => {
    expect(nextStep(aSituation({ kind: 'policy' }, { onContentFilter: wish }))).toEqual(step);
  });
});
