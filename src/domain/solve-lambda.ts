/** What is known of one request: for each model what it is expected to be worth and to cost, and what it was. */
export type Trial = {
  /** Predicted quality, 0 to 1. */
  readonly predicted: readonly number[];
  /** Expected cost in US dollars. */
  readonly expected: readonly number[];
  /** What the answer turned out to be worth. */
  readonly quality: readonly number[];
  /** What it turned out to cost, in US dollars. */
  readonly cost: readonly number[];
};

/** What choosing by `quality − λ · cost` comes to, in the mean of all trials. */
export type FrontierPoint = {
  /** Quality per US dollar. */
  readonly lambda: number;
  readonly quality: number;
  /** US dollars. */
  readonly cost: number;
};

/** From quality alone to a price that nothing is worth. */
const STEPS = 200;
const LOWEST_PRICE = 1e-3;
const HIGHEST_PRICE = 30;

/**
 * The points of the frontier, dearest first. λ is tried in steps from nothing to where the mean cost of
 * a request outweighs everything.
 */
export function frontierOf(trials: readonly Trial[]): FrontierPoint[] {
  const unit = meanCost(trials);
  const grid = Array.from({ length: STEPS }, (_, step) => {
    return (LOWEST_PRICE * (HIGHEST_PRICE / LOWEST_PRICE) ** (step / (STEPS - 1))) / unit;
  });
  return [0, ...grid].map((lambda) => pointAt(trials, lambda));
}

/** The mean over trials of what the dearest model costs. */
function meanCost(trials: readonly Trial[]): number {
  const dearest = trials.map(({ expected }) => Math.max(...expected));
  return dearest.reduce((sum, cost) => sum + cost, 0) / Math.max(trials.length, 1) || 1;
}

export function pointAt(trials: readonly Trial[], lambda: number): FrontierPoint {
  let quality = 0;
  let cost = 0;
  for (const trial of trials) {
    const choice = choose(trial, lambda);
    quality += trial.quality[choice] ?? 0;
    cost += trial.cost[choice] ?? 0;
  }
  return { lambda, quality: quality / trials.length, cost: cost / trials.length };
}

/** The model with the highest `quality − λ · cost`; the first of equals. */
export function choose({ predicted, expected }: Trial, lambda: number): number {
  let best = 0;
  let highest = -Infinity;
  for (const [at, quality] of predicted.entries()) {
    const worth = quality - lambda * (expected[at] ?? 0);
    if (worth > highest) {
      best = at;
      highest = worth;
    }
  }
  return best;
}

/** The cheapest point that reaches `quality`; the best of all where none does. */
export function cheapestAt(points: readonly FrontierPoint[], quality: number): FrontierPoint {
  const [first, ...others] = points;
  if (first === undefined) throw new Error('a frontier has at least one point');
  return others.reduce((best, point) => {
    if (best.quality < quality) return point.quality > best.quality ? point : best;
    return point.quality >= quality && point.cost < best.cost ? point : best;
  }, first);
}
