import { ROWS } from '../../classify/task-features.ts';
import { EASE_COLUMNS, hashOf, type PackedTaskModel } from '../../classify/task-model.ts';
import { DIFFICULTY_GROUPS, TASK_KINDS } from '../../domain/task.ts';
import { learnEase } from './learn-ease.ts';
import { learnKinds } from './learn-kinds.ts';
import { easeExamples, kindExamples, type Lesson } from './training-set.ts';

/** Learns all heads from lessons; the same lessons give the same bytes. */
export function learn(lessons: readonly Lesson[], note: (step: string) => void): PackedTaskModel {
  const texts = kindExamples(lessons);
  note(`kinds of work from ${texts.length} texts`);
  const kinds = quantize(learnKinds(texts), TASK_KINDS.length);
  const examples = easeExamples(lessons);
  const ease = new Float64Array(ROWS * EASE_COLUMNS);
  for (const [at, group] of DIFFICULTY_GROUPS.entries()) {
    const ofGroup = examples.get(group) ?? [];
    note(`what makes ${group} hard from ${ofGroup.length} graded prompts`);
    place(learnEase(ofGroup), ease, at);
  }
  const packedEase = quantize(ease, EASE_COLUMNS);
  const bytes = new Int8Array([...kinds.steps, ...packedEase.steps]);
  return {
    version: hashOf(bytes),
    kindScales: kinds.scales,
    easeScales: packedEase.scales,
    bytes: Buffer.from(bytes.buffer).toString('base64'),
  };
}

/** Two columns into their place among all. */
function place(pair: Float64Array, all: Float64Array, group: number): void {
  for (let row = 0; row < ROWS; row++) {
    all[row * EASE_COLUMNS + group * 2] = pair[row * 2] ?? 0;
    all[row * EASE_COLUMNS + group * 2 + 1] = pair[row * 2 + 1] ?? 0;
  }
}

const MOST_STEPS = 127;
/** Digits of a scale that are kept. */
const SCALE_DIGITS = 6;

type Quantized = { readonly steps: Int8Array; readonly scales: number[] };

/** Whole steps from -127 to 127 for each column, with what one step is worth. */
function quantize(weights: Float64Array, columns: number): Quantized {
  const highest = new Float64Array(columns);
  for (const [at, weight] of weights.entries()) {
    const column = at % columns;
    highest[column] = Math.max(highest[column] ?? 0, Math.abs(weight));
  }
  const scales = Array.from(highest, (most) => {
    return Number(((most || 1) / MOST_STEPS).toPrecision(SCALE_DIGITS));
  });
  const steps = Int8Array.from(weights, (weight, at) => {
    const step = Math.round(weight / (scales[at % columns] ?? 1));
    return Math.min(Math.max(step, -MOST_STEPS), MOST_STEPS);
  });
  return { steps, scales };
}
