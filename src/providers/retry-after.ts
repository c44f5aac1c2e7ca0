import { MAX_HOLD_MS } from './error-rules.ts';

const MILLISECOND_HEADERS = ['retry-after-ms', 'x-ms-retry-after-ms'];
const NUMBER = /^\d+(?:\.\d+)?(?:e\+?\d+)?$/i;
/** A date has a comma, too, but never between two numbers alone. */
const NUMBERS = /^[\d\s.,e+]+$/i;

/** `Date.parse` makes a date of much more than this, of `-5` too. */
const HTTP_DATE = /^[A-Z][a-z]{2,8},? /;

/**
 * How long the provider asks us to wait: 0 to 600,000 ms, or undefined when it does not say. The
 * largest of the headers counts, since Azure sends 0 ms beside 1 s, and a header may come twice. A
 * date counts from the answer's own `Date` header, because clocks differ (fault catalogue F15, F16).
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const wishes = [
    ...MILLISECOND_HEADERS.flatMap((name) => numbersOf(headers.get(name), 1)),
    ...retryAfter(headers),
  ];
  return wishes.length === 0 ? undefined : clampHold(Math.max(...wishes));
}

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/;
const DURATION_PART = /(\d+(?:\.\d+)?)(ms|[smhd])/g;

/** A duration with its units (`34s`, `1.5s`, `6m0s`, `17ms`), in milliseconds. */
export function durationMs(text: string | undefined): number | undefined {
  if (text === undefined || !DURATION.test(text)) return undefined;
  const parts = [...text.matchAll(DURATION_PART)];
  const whole = parts.reduce((sum, [, amount, unit]) => {
    return sum + Number(amount) * (UNITS_MS[unit ?? ''] ?? 0);
  }, 0);
  return clampHold(Math.ceil(whole));
}

/** When the answer was sent by the provider's own clock; undefined when it does not say. */
export function sentAt(headers: Headers): number | undefined {
  const at = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(at) ? undefined : at;
}

export function clampHold(wishMs: number): number {
  return Math.min(Math.max(wishMs, 0), MAX_HOLD_MS);
}

function retryAfter(headers: Headers): number[] {
  const value = headers.get('retry-after');
  const seconds = numbersOf(value, 1000);
  if (seconds.length > 0 || value === null || !HTTP_DATE.test(value)) return seconds;
  const until = Date.parse(value);
  const from = sentAt(headers);
  return Number.isNaN(until) || from === undefined ? [] : [Math.max(until - from, 0)];
}

function numbersOf(value: string | null, unitMs: number): number[] {
  if (value === null || !NUMBERS.test(value)) return [];
  return value
    .split(',')
    .map((piece) => piece.trim())
    .filter((piece) => NUMBER.test(piece))
    .map((piece) => Math.ceil(Number(piece) * unitMs));
}
