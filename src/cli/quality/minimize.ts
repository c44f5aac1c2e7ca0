/** A smooth function with its gradient, which it writes into `gradient`. */
export type Objective = (at: Float64Array, gradient: Float64Array) => number;

const MEMORY = 8;
/** A step must bring this share of what the slope promises. */
const SUFFICIENT_DECREASE = 1e-4;
const MOST_HALVINGS = 20;

/**
 * The lowest point of a convex function, from 0 on, by L-BFGS with halved steps. The same input
 * always takes the same way.
 */
export function minimize(objective: Objective, size: number, steps: number): Float64Array {
  let point = new Float64Array(size);
  let gradient = new Float64Array(size);
  let value = objective(point, gradient);
  const history: Correction[] = [];
  for (let step = 0; step < steps; step++) {
    const direction = directionFrom(gradient, history);
    const slope = dot(direction, gradient);
    const next = search({ objective, point, value, direction, slope, isFirst: step === 0 });
    if (next === undefined) break;
    remember(history, difference(next.point, point), difference(next.gradient, gradient));
    ({ point, gradient, value } = next);
  }
  return point;
}

type Correction = {
  readonly move: Float64Array;
  readonly turn: Float64Array;
  readonly scale: number;
};

function remember(history: Correction[], move: Float64Array, turn: Float64Array): void {
  const curvature = dot(move, turn);
  if (curvature <= 1e-12) return;
  history.push({ move, turn, scale: 1 / curvature });
  if (history.length > MEMORY) history.shift();
}

/** The two loops of L-BFGS: the gradient, turned by what was learned of the curvature. */
function directionFrom(gradient: Float64Array, history: readonly Correction[]): Float64Array {
  const direction = gradient.map((part) => -part);
  const shares: number[] = [];
  for (const { move, turn, scale } of history.toReversed()) {
    const share = scale * dot(move, direction);
    shares.push(share);
    add(direction, turn, -share);
  }
  const last = history.at(-1);
  if (last !== undefined) scaleBy(direction, 1 / (last.scale * dot(last.turn, last.turn)));
  for (const { move, turn, scale } of history) {
    add(direction, move, (shares.pop() ?? 0) - scale * dot(turn, direction));
  }
  return direction;
}

type Search = {
  readonly objective: Objective;
  readonly point: Float64Array;
  readonly value: number;
  readonly direction: Float64Array;
  readonly slope: number;
  readonly isFirst: boolean;
};

type Place = {
  point: Float64Array<ArrayBuffer>;
  gradient: Float64Array<ArrayBuffer>;
  value: number;
};

function search({ objective, point, value, direction, slope, isFirst }: Search): Place | undefined {
  let step = isFirst ? 1 / Math.sqrt(dot(direction, direction) || 1) : 1;
  for (let halving = 0; halving < MOST_HALVINGS; halving++) {
    const next = Float64Array.from(point);
    add(next, direction, step);
    const gradient = new Float64Array(point.length);
    const lower = objective(next, gradient);
    if (lower <= value + SUFFICIENT_DECREASE * step * slope) {
      return { point: next, gradient, value: lower };
    }
    step /= 2;
  }
  return undefined;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

function add(into: Float64Array, other: Float64Array, by: number): void {
  for (let at = 0; at < into.length; at++) into[at] = (into[at] ?? 0) + by * (other[at] ?? 0);
}

function scaleBy(vector: Float64Array, by: number): void {
  for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] ?? 0) * by;
}

function difference(a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> {
  return a.map((part, at) => part - (b[at] ?? 0));
}
