/** A longer wish is taken as this much, and asked again then (fault catalogue F16). */
const MAX_RETRY_AFTER_MS = 600_000;

const MILLISECOND_HEADERS = ['retry-after-ms', 'x-ms-retry-after-ms'];
const NUMBER = /^\d+(?:\.\d+)?$/;

/**
 * How long the provider asks us to wait: 0 to 600,000 ms, or undefined when it does not say. The
 * larger of the millisecond headers and `retry-after` counts, since Azure sends 0 ms beside 1 s. A
 * date counts from the answer's own `Date` header, because clocks differ (fault catalogue F15).
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const wishes = [
    ...MILLISECOND_HEADERS.map((name) => numberOf(headers.get(name), 1)),
    retryAfter(headers),
  ].filter((wish) => wish !== undefined);
  return wishes.length === 0 ? undefined : clamp(Math.max(...wishes));
}

/** A duration as Google writes it (`34s`, `1.5s`), in milliseconds. */
export function durationMs(text: string | undefined): number | undefined {
  if (text === undefined || !text.endsWith('s')) return undefined;
  const wish = numberOf(text.slice(0, -1), 1000);
  return wish === undefined ? undefined : clamp(wish);
}

function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  const seconds = numberOf(value, 1000);
  if (seconds !== undefined || value === null) return seconds;
  const until = Date.parse(value);
  const sentAt = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(until) || Number.isNaN(sentAt)) return undefined;
  return Math.max(until - sentAt, 0);
}

function numberOf(value: string | null, unitMs: number): number | undefined {
  const text = value?.trim() ?? '';
  return NUMBER.test(text) ? Math.ceil(Number(text) * unitMs) : undefined;
}

function clamp(wishMs: number): number {
  return Math.min(wishMs, MAX_RETRY_AFTER_MS);
}
