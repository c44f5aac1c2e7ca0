import { describe, expect, it } from 'vitest';
import { RouterError, retryAfterFor } from '../../../src/domain/errors.ts';

describe('RouterError', () => {
  it('has its code, its evidence and its cause', () => {
    const cause = new Error('KV GET failed');
    const error = new RouterError('internal_error', 'the router failed', { field: 'x', cause });

    expect(error).toMatchObject({ name: 'RouterError', code: 'internal_error', cause });
    expect(error.details.field).toBe('x');
    expect(new RouterError('not_found', 'no')).not.toHaveProperty('cause');
  });
});

describe('retryAfterFor', () => {
  it.each([
    [0, 1000],
    [999, 1000],
    [12_345, 12_345],
    [60_001, 60_000],
    [Infinity, 60_000],
  ])('tells a caller who could come back in %d ms to do so in %i', (waitMs, toldMs) => {
    expect(retryAfterFor(waitMs)).toBe(toldMs);
  });
});
