import { describe, expect, it } from 'vitest';
import { type AttemptFailure, FAILURE_KINDS, REACTIONS } from '../../../src/domain/failure.ts';
import { holdOf } from '../../../src/execute/key-hold.ts';

function aFailure(fields: Partial<AttemptFailure>): AttemptFailure {
  const usual = { kind: 'rate', code: 'test', message: 'test', status: 429 } as const;
  return { ...usual, accepted: 'no', ...fields };
}

const SECOND = 1000;
const MINUTE = 60_000;

describe('holdOf', () => {
  it.each<[string, Partial<AttemptFailure>, number, boolean]>([
    [
      'a limit, for as long as the provider says (F01)',
      { retryAfterMs: 34_000 },
      34 * SECOND,
      true,
    ],
    ['a limit without a hint, for 5 s', {}, 5 * SECOND, true],
    ['a limit that is over already', { retryAfterMs: 0 }, 0, true],
    ['a quota, for 15 min and for all models (F04)', { kind: 'quota' }, 15 * MINUTE, false],
    ['a key rejected twice in a row, for 10 min (F18)', { kind: 'key' }, 10 * MINUTE, false],
    [
      'a key that may not use the model, for an hour (F20)',
      { kind: 'key', code: 'not_permitted' },
      60 * MINUTE,
      true,
    ],
    [
      'a model that is gone, for an hour (F22)',
      { kind: 'route', code: 'model_gone' },
      60 * MINUTE,
      true,
    ],
  ])('rests %s', (_, failure, holdMs, isForModel) => {
    expect(holdOf(aFailure(failure), 2)).toEqual({ holdMs, isForModel });
  });

  it('rests a key that was rejected once for a short time only (F18)', () => {
    const rejected = aFailure({ kind: 'key', code: 'key_rejected' });

    expect(holdOf(rejected, 1)).toEqual({ holdMs: 5 * SECOND, isForModel: false });
  });

  it('rests no key for what is not the key', () => {
    const others = FAILURE_KINDS.filter((kind) => !REACTIONS[kind].health.startsWith('key'));

    expect(others.map((kind) => holdOf(aFailure({ kind }), 0))).toEqual(
      others.map(() => undefined),
    );
  });
});
