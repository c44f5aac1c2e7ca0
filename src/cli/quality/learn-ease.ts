import { FIRST_WORD_ROW, ROWS, type TextFeatures } from '../../classify/task-features.ts';
import { FORM_SIGN_COUNT } from '../../classify/task-signs.ts';
import { penalize } from './learn-kinds.ts';
import { minimize } from './minimize.ts';

/** A graded prompt of one group of kinds. */
export type EaseExample = {
  readonly features: TextFeatures;
  /** For each model: what it usually scores on this kind, in logits, and what it scored here. */
  readonly usual: readonly number[];
  readonly scores: readonly number[];
  /** For each model how much it feels what a strong one feels, 0 to 1. */
  readonly strengths: readonly number[];
};

/** Chosen by cross-validation within the training prompts. */
const PENALTY = 3;
const STEPS = 50;
/** However many models answered a prompt, it counts as much as one that two models answered. */
const MODELS_OF_A_PROMPT = 2;

/**
 * Two columns, row after row: how much likelier a right answer gets, in logits, for a weak and for a
 * strong model. A model in between feels both by its strength. By penalized maximum likelihood.
 */
export function learnEase(examples: readonly EaseExample[]): Float64Array {
  return minimize(
    (weights, gradient) => {
      let loss = penalize(weights, gradient, PENALTY);
      for (const example of examples) {
        const error = errorOf(example, easeOf(example.features, weights));
        loss += error.loss;
        spread(example.features, error, gradient);
      }
      return loss;
    },
    ROWS * 2,
    STEPS,
  );
}

type Pair = { readonly weak: number; readonly strong: number };

function easeOf({ rows, values }: TextFeatures, weights: Float64Array): Pair {
  let weak = 0;
  let strong = 0;
  for (let at = 0; at < rows.length; at++) {
    const value = valueFor(rows[at] ?? 0, values[at] ?? 0);
    const first = (rows[at] ?? 0) * 2;
    weak += value * (weights[first] ?? 0);
    strong += value * (weights[first + 1] ?? 0);
  }
  return { weak, strong };
}

/** Groups of words tell kinds; of how hard a text is they learned only chance. */
function valueFor(row: number, value: number): number {
  return row >= FORM_SIGN_COUNT && row < FIRST_WORD_ROW ? 0 : value;
}

function errorOf({ usual, scores, strengths }: EaseExample, ease: Pair): Pair & { loss: number } {
  const share = MODELS_OF_A_PROMPT / scores.length;
  let loss = 0;
  let weak = 0;
  let strong = 0;
  for (const [at, score] of scores.entries()) {
    const strength = strengths[at] ?? 0;
    const logit = (usual[at] ?? 0) + (1 - strength) * ease.weak + strength * ease.strong;
    loss += Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(logit, 0) - score * logit;
    const error = 1 / (1 + Math.exp(-logit)) - score;
    weak += error * (1 - strength);
    strong += error * strength;
  }
  return { loss: loss * share, weak: weak * share, strong: strong * share };
}

function spread({ rows, values }: TextFeatures, error: Pair, gradient: Float64Array): void {
  for (let at = 0; at < rows.length; at++) {
    const value = valueFor(rows[at] ?? 0, values[at] ?? 0);
    const first = (rows[at] ?? 0) * 2;
    gradient[first] = (gradient[first] ?? 0) + value * error.weak;
    gradient[first + 1] = (gradient[first + 1] ?? 0) + value * error.strong;
  }
}
