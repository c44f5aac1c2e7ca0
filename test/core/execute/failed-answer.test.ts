import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../src/domain/errors.ts';
import {
  type AttemptFailure,
  FAILURE_KINDS,
  type FailureKind,
} from '../../../src/domain/failure.ts';
import { failedAnswer } from '../../../src/execute/failed-answer.ts';

function aFailure(kind: FailureKind, fields: Partial<AttemptFailure> = {}): AttemptFailure {
  return { kind, code: kind, message: `it was ${kind}`, status: 500, accepted: 'no', ...fields };
}

describe('failedAnswer', () => {
  const rows: readonly (readonly [FailureKind, ErrorCode, boolean])[] = [
    ['client', 'upstream_rejected_request', false],
    ['client-size', 'context_length_exceeded', false],
    ['policy', 'content_filter', false],
    ['rate', 'rate_limited', true],
    ['quota', 'no_capacity', false],
    ['key', 'upstream_auth', false],
    ['overload', 'no_capacity', false],
    ['route', 'upstream_error', false],
    ['malformed', 'upstream_malformed', false],
    ['slow', 'upstream_timeout', false],
    ['content', 'upstream_malformed', false],
    ['transport', 'upstream_error', false],
    ['provider', 'upstream_error', false],
    ['mid-stream', 'upstream_stream_error', false],
    ['cancel', 'client_closed_request', false],
    ['deadline', 'deadline_exceeded', false],
    ['self', 'internal_error', false],
  ];

  it.each(rows)('answers %s with %s, and that the client should try again: %s', (...row) => {
    const [kind, code, shouldRetry] = row;

    const error = failedAnswer([aFailure(kind)], false);

    expect([error.code, error.details.shouldRetry]).toEqual([code, shouldRetry]);
    expect(error.message).toBe(`it was ${kind}; one attempt failed`);
  });

  it('has a row above for every kind', () => {
    expect(rows.map(([kind]) => kind)).toEqual(FAILURE_KINDS);
  });

  it.each<[readonly FailureKind[], ErrorCode]>([
    [['route', 'client'], 'upstream_rejected_request'],
    [['client-size', 'route'], 'context_length_exceeded'],
    [['route', 'deadline'], 'deadline_exceeded'],
    [['malformed', 'rate', 'overload'], 'rate_limited'],
    [['key', 'transport'], 'upstream_auth'],
    [['transport', 'overload'], 'no_capacity'],
    [['malformed', 'slow'], 'upstream_timeout'],
    [['self', 'route'], 'upstream_error'],
  ])('of %j takes the one that the caller can do most about: %s', (kinds, code) => {
    expect(
      failedAnswer(
        kinds.map((kind) => aFailure(kind)),
        false,
      ).code,
    ).toBe(code);
  });

  it('does not take a model that was unable for the request’s fault', () => {
    const unable = aFailure('client', { triesNext: true });

    expect(failedAnswer([aFailure('overload'), unable], false).code).toBe('no_capacity');
    expect(failedAnswer([unable, aFailure('policy')], false).code).toBe('content_filter');
    expect(failedAnswer([unable], false).code).toBe('upstream_rejected_request');
  });

  it('takes the first of two that are alike', () => {
    const failures = [aFailure('rate', { message: 'first' }), aFailure('rate')];

    expect(failedAnswer(failures, false).message).toBe('first; 2 attempts failed');
  });

  it.each<[string, readonly (number | undefined)[], number]>([
    ['the smallest wish of the providers', [34_000, 8000, 20_000], 8000],
    ['a minute at the most (F16)', [600_000, 86_400_000], 60_000],
    ['a second at the least', [10], 1000],
    ['our own hold where none says (F08)', [undefined], 5000],
    ['our own hold where it is the shortest', [undefined, 34_000], 5000],
  ])('tells a client that is to wait %s', (_, waits, retryAfterMs) => {
    const failures = waits.map((wait) => aFailure('rate', { retryAfterMs: wait }));

    expect(failedAnswer(failures, false).details).toMatchObject({
      retryAfterMs,
      shouldRetry: true,
    });
  });

  it('tells when an overload is over where the provider says so (F12)', () => {
    const { details } = failedAnswer([aFailure('overload', { retryAfterMs: 7000 })], false);

    expect(details).toMatchObject({ retryAfterMs: 7000, shouldRetry: false });
    expect(failedAnswer([aFailure('overload')], false).details.retryAfterMs).toBeUndefined();
  });

  it('tells no wait for what waiting does not help', () => {
    const failures = [aFailure('client'), aFailure('rate', { retryAfterMs: 5000 })];

    expect(failedAnswer(failures, false).details.retryAfterMs).toBeUndefined();
  });

  it('names the field that a provider blames, and every class that was tried', () => {
    const failures = [aFailure('route'), aFailure('client', { field: 'tools.0' })];

    expect(failedAnswer(failures, false).details).toMatchObject({ field: 'tools.0', failures });
  });
});
