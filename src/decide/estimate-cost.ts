import { inputTokensFor, type Requirement } from '../domain/decision.ts';
import { pricesFor, type RoutableModel } from '../domain/model.ts';
import { type NanoUsd, nanoUsd } from '../domain/money.ts';

const PICO_PER_NANO = 1000;

/** What the request will probably cost there; undefined when the price is not known. */
export function estimateCost(
  requirement: Requirement,
  model: RoutableModel,
  tokenRatio = 1,
): NanoUsd | undefined {
  const { price } = model;
  if (price === undefined) return undefined;
  const input = inputTokensFor(requirement, model, tokenRatio).estimated;
  const prices = pricesFor(price, input);
  const picoUsd =
    input * prices.inputPicoUsd + requirement.estimatedOutputTokens * prices.outputPicoUsd;
  return nanoUsd(Math.round(picoUsd / PICO_PER_NANO));
}
