import type { Usage } from '../domain/response.ts';

/** Above this a reported count is nonsense (fault catalogue F65). */
const MAX_TOKENS = 100_000_000;

/** A reported count, or undefined where it is none: negative, broken, or absurd. */
export function tokenCount(value: number | null | undefined): number | undefined {
  if (value === null || value === undefined) return undefined;
  return Number.isInteger(value) && value >= 0 && value <= MAX_TOKENS ? value : undefined;
}

/** A count reported inside a whole; larger than the whole it is nonsense (fault catalogue F64). */
export function shareOf(whole: number | undefined, part: number | undefined): number | undefined {
  return whole !== undefined && part !== undefined && part > whole ? undefined : part;
}

type Counts = { readonly [Field in keyof Usage]: number | undefined };

/** Usage with only the fields that were reported. */
export function usageOf(counts: Counts): Usage {
  return Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== undefined));
}

/** What is left of a whole after the parts that are reported inside it. */
export function remainder(
  whole: number | undefined,
  ...parts: readonly (number | undefined)[]
): number | undefined {
  if (whole === undefined) return undefined;
  return Math.max(
    0,
    parts.reduce<number>((rest, part) => rest - (part ?? 0), whole),
  );
}
