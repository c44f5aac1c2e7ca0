import * as z from 'zod';

/** Money as integer nano-dollars: 1 US dollar = 10⁹. Rounded once, in `account/price.ts`. */
export const nanoUsdSchema = z.int().nonnegative().brand<'NanoUsd'>();
export type NanoUsd = z.infer<typeof nanoUsdSchema>;

const NANO_PER_USD = 1e9;
const NANO_PER_CENT = 1e7;
/** US dollars per 1,000 tokens × 10⁹ = pico-dollars per token. */
const PICO_PER_TOKEN_OF_USD_PER_1K = 1e9;

/** Brands an integer count of nano-dollars. @throws Error when it is not a non-negative integer. */
export function nanoUsd(count: number): NanoUsd {
  if (!Number.isSafeInteger(count) || count < 0) throw new Error(`not nano-dollars: ${count}`);
  return count as NanoUsd; // checked on the line above
}

/** US dollars for display and JSON; exact to the nano-dollar for sums below 9 million dollars. */
export function usdFromNano(amount: NanoUsd): number {
  return amount / NANO_PER_USD;
}

const NANO_DIGITS = 9;
const TRAILING_ZEROS = /\.?0+$/;

/** US dollars as a plain decimal, without an exponent: `0.00000012`. */
export function formatUsd(amount: NanoUsd): string {
  return usdFromNano(amount).toFixed(NANO_DIGITS).replace(TRAILING_ZEROS, '');
}

/** US cents, the unit of the telemetry attribute `cost_cents`. */
export function centsFromNano(amount: NanoUsd): number {
  return amount / NANO_PER_CENT;
}

/** Decimal digits that a number keeps exactly; behind them is only what binary fractions lack. */
const EXACT_DIGITS = 15;

/** A limit in US dollars as nano-dollars, rounded down so that a limit is never widened. */
export function nanoUsdLimit(usd: number): NanoUsd {
  return nanoUsd(Math.floor(Number((usd * NANO_PER_USD).toPrecision(EXACT_DIGITS))));
}

/**
 * A price of the registry (US dollars per 1,000 tokens) as integer pico-dollars per token. Every
 * published price is a whole number of pico-dollars; what is not is rounded to the nearest.
 */
export function picoUsdPerToken(usdPer1kTokens: number): number {
  return Math.round(usdPer1kTokens * PICO_PER_TOKEN_OF_USD_PER_1K);
}

/** The registry's unit again, for answers that show a price. */
export function usdPer1kTokens(picoUsd: number): number {
  return picoUsd / PICO_PER_TOKEN_OF_USD_PER_1K;
}
