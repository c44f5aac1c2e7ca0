import { describe, expect, it } from 'vitest';
import { readClientHints, withHints } from '../../../src/ingest/client-hints.ts';

const headers = (timeout: string, retries = '0'): Headers =>
  new Headers({ 'x-stainless-timeout': timeout, 'x-stainless-retry-count': retries });

describe('readClientHints', () => {
  it.each([
    ['10', false, { deadlineMs: 9000 }],
    ['600', false, { deadlineMs: 599_000 }],
    ['2', false, { deadlineMs: 1800 }],
    ['10', true, { beginMs: 9000 }],
    ['0', false, {}],
    ['-5', false, {}],
    ['soon', false, {}],
    ['1e9', false, {}],
  ])(
    'with a timeout of %s s, stream %s, answers in time by %o (F73)',
    (timeout, isStream, hints) => {
      expect(readClientHints(headers(timeout), isStream)).toEqual(hints);
    },
  );

  it.each([
    ['0', {}],
    ['1', { isRetry: true }],
    ['2', { isRetry: true }],
    ['many', {}],
  ])('with %s retries reads %o (F72)', (retries, hints) => {
    expect(readClientHints(headers('x', retries), false)).toEqual(hints);
  });

  it('reads nothing where nothing is sent', () => {
    expect(readClientHints(new Headers(), false)).toEqual({});
  });
});

describe('withHints', () => {
  it('lets the shorter of both deadlines hold', () => {
    expect(withHints({ deadlineMs: 5000 }, { deadlineMs: 9000 })).toEqual({ deadlineMs: 5000 });
    expect(withHints({ deadlineMs: 9500 }, { deadlineMs: 9000 })).toEqual({ deadlineMs: 9000 });
    expect(withHints({}, { deadlineMs: 9000 })).toEqual({ deadlineMs: 9000 });
    expect(withHints({ deadlineMs: 5000 }, {})).toEqual({ deadlineMs: 5000 });
  });
});
