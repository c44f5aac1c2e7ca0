import { describe, expect, it } from 'vitest';
import { resetMs } from '../../../src/providers/rate-limits.ts';
import { durationMs, retryAfterMs } from '../../../src/providers/retry-after.ts';

const DATE = 'Wed, 25 Nov 2026 12:00:00 GMT';
const SENT_AT = Date.parse(DATE);

const wish = (fields: Readonly<Record<string, string>>) => retryAfterMs(new Headers(fields));

describe('retryAfterMs', () => {
  it.each<[string, Readonly<Record<string, string>>, number | undefined]>([
    ['seconds', { 'retry-after': '34' }, 34_000],
    ['a part of a second, rounded up', { 'retry-after': '0.2001' }, 201],
    ['nothing', {}, undefined],
    [
      "F15 a date counts from the answer's own clock",
      { 'retry-after': 'Wed, 25 Nov 2026 12:00:30 GMT', date: DATE },
      30_000,
    ],
    [
      'F15 a date that has passed',
      { 'retry-after': 'Wed, 25 Nov 2026 11:00:00 GMT', date: DATE },
      0,
    ],
    ['F15 a date without a clock', { 'retry-after': 'Wed, 25 Nov 2026 12:00:30 GMT' }, undefined],
    ['F16 a day', { 'retry-after': '86400' }, 600_000],
    ['F16 an absurd number', { 'retry-after': '1e9' }, 600_000],
    ['F16 a negative one', { 'retry-after': '-5', date: DATE }, undefined],
    ['F16 NaN', { 'retry-after': 'NaN', date: DATE }, undefined],
    ['F16 words', { 'retry-after': 'soon', date: DATE }, undefined],
    ['F16 an empty one', { 'retry-after': '' }, undefined],
    ['F16 milliseconds', { 'retry-after-ms': '1500' }, 1500],
    ['F16 milliseconds of Azure', { 'x-ms-retry-after-ms': '250' }, 250],
    ['F16 two that differ', { 'retry-after-ms': '100', 'x-ms-retry-after-ms': '900' }, 900],
    ['F16 seconds given twice', { 'retry-after': '5, 10' }, 10_000],
    ['0 ms beside 1 s, as Azure sends it', { 'retry-after-ms': '0', 'retry-after': '1' }, 1000],
    ['garbage beside a number', { 'retry-after-ms': 'x', 'retry-after': '2' }, 2000],
  ])('reads %s', (_, fields, expected) => {
    expect(wish(fields)).toBe(expected);
  });
});

describe('durationMs', () => {
  it.each([
    ['34s', 34_000],
    ['1.5s', 1500],
    ['17ms', 17],
    ['6m0s', 360_000],
    ['17m16.8s', 600_000],
    ['48.939935699s', 48_940],
    ['1h', 600_000],
    ['', undefined],
    ['s', undefined],
    ['12', undefined],
    ['-3s', undefined],
  ])('reads %s', (text, expected) => {
    expect(durationMs(text)).toBe(expected);
  });
});

describe('resetMs', () => {
  it.each<[string, readonly (readonly [string, string])[], number | undefined]>([
    [
      'a limit that is used up, with a duration',
      [
        ['x-ratelimit-remaining-tokens', '0'],
        ['x-ratelimit-reset-tokens', '2.571999999s'],
      ],
      2572,
    ],
    [
      'seconds without a unit, as Cerebras sends them',
      [
        ['x-ratelimit-remaining-tokens-minute', '0'],
        ['x-ratelimit-reset-tokens-minute', '33.0326'],
      ],
      33_033,
    ],
    [
      'an instant in epoch milliseconds, as OpenRouter sends it',
      [
        ['X-RateLimit-Remaining', '0'],
        ['X-RateLimit-Reset', String(SENT_AT + 4000)],
      ],
      4000,
    ],
    [
      'an instant in epoch seconds',
      [
        ['x-ratelimit-remaining', '0'],
        ['x-ratelimit-reset', String(SENT_AT / 1000 + 5)],
      ],
      5000,
    ],
    [
      'an instant as a date, as Anthropic sends it',
      [
        ['anthropic-ratelimit-tokens-remaining', '0'],
        ['anthropic-ratelimit-tokens-reset', '2026-11-25T12:00:07Z'],
      ],
      7000,
    ],
    [
      'the latest of several',
      [
        ['x-ratelimit-remaining-tokens', '0'],
        ['x-ratelimit-reset-tokens', '2s'],
        ['x-ratelimit-remaining-requests', '0'],
        ['x-ratelimit-reset-requests', '3s'],
      ],
      3000,
    ],
    [
      'no limit that has something left',
      [
        ['x-ratelimit-remaining-tokens', '1'],
        ['x-ratelimit-reset-tokens', '2s'],
      ],
      undefined,
    ],
    [
      'no limit of -1, which at Azure is none',
      [
        ['x-ratelimit-remaining-tokens', '-1'],
        ['x-ratelimit-reset-tokens', '0'],
      ],
      undefined,
    ],
    ['no limit without its reset', [['x-ratelimit-remaining-tokens', '0']], undefined],
  ])('reads %s', (_, fields, expected) => {
    expect(resetMs(fields, SENT_AT)).toBe(expected);
  });
});
