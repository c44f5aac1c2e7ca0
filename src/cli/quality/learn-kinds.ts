import type { TextFeatures } from '../../classify/task-features.ts';
import { KIND_ROWS } from '../../classify/task-model.ts';
import { TASK_KINDS } from '../../domain/task.ts';
import { minimize } from './minimize.ts';

/** A text whose kind is known, by its place in `TASK_KINDS`. */
export type KindExample = { readonly features: TextFeatures; readonly kind: number };

/** Chosen by cross-validation within the training prompts. */
const PENALTY = 0.3;
const STEPS = 70;

/** Weights of the kinds' softmax, row after row, by penalized maximum likelihood. */
export function learnKinds(examples: readonly KindExample[]): Float64Array {
  const columns = TASK_KINDS.length;
  return minimize(
    (weights, gradient) => {
      let loss = penalize(weights, gradient, PENALTY);
      const shares = new Float64Array(columns);
      for (const { features, kind } of examples) {
        score(features, weights, shares);
        loss -= toShares(shares, kind);
        shares[kind] = (shares[kind] ?? 0) - 1;
        spread(features, shares, gradient);
      }
      return loss;
    },
    KIND_ROWS * columns,
    STEPS,
  );
}

/** Half of the penalty times the squared length; begins the gradient. */
export function penalize(weights: Float64Array, gradient: Float64Array, penalty: number): number {
  let squares = 0;
  for (let at = 0; at < weights.length; at++) {
    const weight = weights[at] ?? 0;
    squares += weight * weight;
    gradient[at] = penalty * weight;
  }
  return (penalty / 2) * squares;
}

function score(
  { rows, values, pairsAt }: TextFeatures,
  weights: Float64Array,
  scores: Float64Array,
) {
  const columns = scores.length;
  scores.fill(0);
  for (let at = 0; at < pairsAt; at++) {
    const value = values[at] ?? 0;
    if (value === 0) continue;
    const first = (rows[at] ?? 0) * columns;
    for (let column = 0; column < columns; column++) {
      scores[column] = (scores[column] ?? 0) + value * (weights[first + column] ?? 0);
    }
  }
}

/** Turns scores into shares; gives the logarithm of the right one's share. */
function toShares(scores: Float64Array, right: number): number {
  const highest = Math.max(...scores);
  const logRight = (scores[right] ?? 0) - highest;
  let sum = 0;
  for (let at = 0; at < scores.length; at++) {
    const power = Math.exp((scores[at] ?? 0) - highest);
    scores[at] = power;
    sum += power;
  }
  for (let at = 0; at < scores.length; at++) scores[at] = (scores[at] ?? 0) / sum;
  return logRight - Math.log(sum);
}

function spread(
  { rows, values, pairsAt }: TextFeatures,
  errors: Float64Array,
  gradient: Float64Array,
) {
  const columns = errors.length;
  for (let at = 0; at < pairsAt; at++) {
    const value = values[at] ?? 0;
    if (value === 0) continue;
    const first = (rows[at] ?? 0) * columns;
    for (let column = 0; column < columns; column++) {
      gradient[first + column] = (gradient[first + column] ?? 0) + value * (errors[column] ?? 0);
    }
  }
}
