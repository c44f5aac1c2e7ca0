import { clampHold, durationMs } from './retry-after.ts';

type Field = readonly [name: string, value: string];

/** From here on a bare number is an instant, in seconds, and from there on in milliseconds. */
const FIRST_EPOCH_SECONDS = 1_000_000_000;
const FIRST_EPOCH_MS = 1_000_000_000_000;
const DATE_TIME = /^\d{4}-\d\d-\d\dT/;
const NUMBER = /^\d+(?:\.\d+)?$/;

/**
 * How long until every limit that is used up is free again, in milliseconds; undefined when none is,
 * or when no header says so. `x-ratelimit-remaining-tokens` and `anthropic-ratelimit-tokens-remaining`
 * each have their `reset` beside them (fault catalogue F01, F03, F06).
 */
export function resetMs(
  fields: readonly Field[],
  sentAtMs: number | undefined,
): number | undefined {
  const valueByName = new Map(fields.map(([name, value]) => [name.toLowerCase(), value]));
  const waits = [...valueByName]
    .filter(([name, value]) => name.includes('ratelimit') && isUsedUp(name, value))
    .map(([name]) => valueByName.get(name.replace('remaining', 'reset')))
    .map((reset) => waitOf(reset?.trim() ?? '', sentAtMs))
    .filter((wait) => wait !== undefined);
  return waits.length === 0 ? undefined : clampHold(Math.max(...waits));
}

function isUsedUp(name: string, value: string): boolean {
  return name.includes('remaining') && value.trim() === '0';
}

/** A duration with or without its unit (seconds), or an instant as a date or a number. */
function waitOf(reset: string, sentAtMs: number | undefined): number | undefined {
  if (NUMBER.test(reset)) {
    const value = Number(reset);
    if (value < FIRST_EPOCH_SECONDS) return Math.ceil(value * 1000);
    return until(value < FIRST_EPOCH_MS ? value * 1000 : value, sentAtMs);
  }
  if (DATE_TIME.test(reset)) return until(Date.parse(reset), sentAtMs);
  return durationMs(reset);
}

function until(at: number, sentAtMs: number | undefined): number | undefined {
  return Number.isNaN(at) || sentAtMs === undefined ? undefined : Math.max(0, at - sentAtMs);
}
