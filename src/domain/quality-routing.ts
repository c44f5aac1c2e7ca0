import type { ModelId, RoutableModel } from './model.ts';
import { compileQuality, type ModelQuality, predictQuality } from './quality.ts';
import type { RoutingConfig } from './routing-config.ts';
import { cheapestAt, frontierOf, type Trial } from './solve-lambda.ts';
import { TASK_KINDS } from './task.ts';

/** How quality and cost are weighed against each other; compiled once per registry version. */
export type QualityRouting = {
  /** What quality a US dollar is worth: for the policy `quality`, and for `balanced`. */
  readonly lambda: { readonly quality: number; readonly balanced: number };
  /** How much of a request's difficulty counts, 0 to 1. */
  readonly difficultySlope: number;
  readonly guard: QualityGuard | undefined;
  /** By model id; models without a number are not in it. */
  readonly ofModel: ReadonlyMap<string, ModelQuality>;
};

/** A request whose kind is less sure than this goes to the default model where that can answer it. */
export type QualityGuard = { readonly defaultModel: ModelId; readonly minConfidence: number };

/** Undefined where no model has a number: nothing can be weighed. */
export function compileQualityRouting(
  models: readonly RoutableModel[],
  { quality: config }: RoutingConfig,
): QualityRouting | undefined {
  const ofModel = compileQuality(new Map(models.map(({ id, entry }) => [id, entry.quality])));
  if (ofModel.size === 0) return undefined;
  const { defaultModel, minConfidence = MIN_CONFIDENCE } = config ?? {};
  return {
    lambda: config?.lambda ?? solvedFrom(models, ofModel),
    difficultySlope: config?.difficultySlope ?? DIFFICULTY_SLOPE,
    guard: defaultModel === undefined ? undefined : { defaultModel, minConfidence },
    ofModel,
  };
}

/** What `npm run calibrate` finds on the routing data: unseen kinds of work lose at most half a point. */
const MIN_CONFIDENCE = 0.95;
/** By cross-validation on the same data. */
const DIFFICULTY_SLOPE = 0.75;

/** A usual request, for λ where nothing was graded. */
const USUAL_INPUT_TOKENS = 1000;
const USUAL_OUTPUT_TOKENS = 400;
/** Of what the best model is better than the cheapest, so much is kept: nobody has graded anything yet. */
const KEPT = { quality: 0.95, balanced: 0.5 };
const PICO_USD = 1e-12;

/**
 * λ from the table itself: a usual request of each kind, the predictions taken for the truth. `quality`
 * keeps nearly all of what the best single model has over the cheapest, `balanced` half of it.
 */
function solvedFrom(
  models: readonly RoutableModel[],
  ofModel: ReadonlyMap<string, ModelQuality>,
): QualityRouting['lambda'] {
  const priced = models.flatMap(({ id, price }) => {
    const quality = ofModel.get(id);
    if (quality === undefined || price === undefined) return [];
    const { inputPicoUsd, outputPicoUsd } = price;
    const picoUsd = USUAL_INPUT_TOKENS * inputPicoUsd + USUAL_OUTPUT_TOKENS * outputPicoUsd;
    return [{ quality, usd: picoUsd * PICO_USD }];
  });
  if (priced.length === 0) return { quality: 0, balanced: 0 };
  const cost = priced.map(({ usd }) => usd);
  const trials = TASK_KINDS.map((task): Trial => {
    const quality = priced.map((model) => predictQuality(model.quality, { task }, 0));
    return { predicted: quality, expected: cost, quality, cost };
  });
  const means = priced.map(
    (_, at) => trials.reduce((sum, trial) => sum + (trial.quality[at] ?? 0), 0) / trials.length,
  );
  const best = Math.max(...means);
  const cheapest = means[cost.indexOf(Math.min(...cost))] ?? best;
  const frontier = frontierOf(trials);
  const keeping = (share: number): number =>
    cheapestAt(frontier, cheapest + share * (best - cheapest)).lambda;
  return { quality: keeping(KEPT.quality), balanced: keeping(KEPT.balanced) };
}
