import { type ModelPrice, pricesFor } from '../domain/model.ts';
import { type NanoUsd, nanoUsd } from '../domain/money.ts';
import { inputTokensOf, type Usage } from '../domain/response.ts';

const PICO_PER_NANO = 1_000n;
const HALF_A_NANO = 500n;

/**
 * What the tokens cost: exact in pico-dollars, rounded once to the nearest nano-dollar (half up).
 * Undefined when the price is not known, or nothing of the usage is.
 */
export function price(usage: Usage, prices: ModelPrice | undefined): NanoUsd | undefined {
  if (prices === undefined) return undefined;
  const inputTokens = inputTokensOf(usage);
  if (inputTokens === undefined && usage.outputTokens === undefined) return undefined;
  const tier = pricesFor(prices, inputTokens ?? 0);
  const audioInput = within(usage.audioInputTokens, usage.uncachedInputTokens);
  const imageInput = within(usage.imageInputTokens, (usage.uncachedInputTokens ?? 0) - audioInput);
  const audioOutput = within(usage.audioOutputTokens, usage.outputTokens);
  const reasoning = within(usage.reasoningTokens, (usage.outputTokens ?? 0) - audioOutput);
  const picoUsd = [
    [(usage.uncachedInputTokens ?? 0) - audioInput - imageInput, tier.inputPicoUsd],
    [audioInput, tier.audioInputPicoUsd],
    [imageInput, tier.imageInputPicoUsd],
    [usage.cacheReadTokens ?? 0, tier.cacheReadPicoUsd],
    [usage.cacheWriteTokens ?? 0, tier.cacheWritePicoUsd],
    [usage.cacheWrite1hTokens ?? 0, tier.cacheWrite1hPicoUsd],
    [(usage.outputTokens ?? 0) - audioOutput - reasoning, tier.outputPicoUsd],
    [audioOutput, tier.audioOutputPicoUsd],
    [reasoning, tier.reasoningPicoUsd],
  ].reduce((sum, [tokens = 0, pico = 0]) => sum + BigInt(tokens) * BigInt(pico), 0n);
  return nanoUsd(Number((picoUsd + HALF_A_NANO) / PICO_PER_NANO));
}

/** A share cannot be larger than its whole, whatever a provider reports. */
function within(share: number | undefined, whole: number | undefined): number {
  return Math.min(share ?? 0, Math.max(whole ?? 0, 0));
}
