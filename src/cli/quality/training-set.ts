import { featuresOf, type TextFeatures } from '../../classify/task-features.ts';
import { logit, strengthsOf } from '../../domain/quality.ts';
import {
  DIFFICULTY_GROUPS,
  type DifficultyGroup,
  difficultyGroupOf,
  TASK_KINDS,
  type TaskKind,
} from '../../domain/task.ts';
import type { GradedPrompt } from './graded.ts';
import { kindOfTask } from './labels.ts';
import type { EaseExample } from './learn-ease.ts';
import type { KindExample } from './learn-kinds.ts';
import { writtenPrompts } from './written-prompts.ts';

/** A graded prompt of a known kind, read once. */
export type Lesson = {
  readonly prompt: GradedPrompt;
  readonly kind: TaskKind;
  readonly features: TextFeatures;
};

/** @throws Error for a prompt whose task is not in the list of labels. */
export function lessonsOf(prompts: readonly GradedPrompt[]): Lesson[] {
  return prompts.map((prompt) => {
    const kind = kindOfTask(prompt.task ?? '');
    if (kind === undefined) throw new Error(`${prompt.id}: task "${prompt.task}" has no kind`);
    return { prompt, kind, features: featuresOf(prompt.prompt) };
  });
}

/** What the kinds are learned from: the graded prompts, and written ones of the everyday kinds. */
export function kindExamples(lessons: readonly Lesson[]): KindExample[] {
  const written = writtenPrompts(lessons.map(({ prompt }) => prompt.prompt));
  return [
    ...lessons.map(({ features, kind }) => ({ features, kind: TASK_KINDS.indexOf(kind) })),
    ...written.map(({ text, kind }) => {
      return { features: featuresOf(text), kind: TASK_KINDS.indexOf(kind) };
    }),
  ];
}

/** What ease is learned from, for each group of kinds. */
export function easeExamples(
  lessons: readonly Lesson[],
): ReadonlyMap<DifficultyGroup, readonly EaseExample[]> {
  const byGroup = new Map<DifficultyGroup, EaseExample[]>(
    DIFFICULTY_GROUPS.map((group) => [group, []]),
  );
  for (const pool of poolsOf(lessons).values()) {
    for (const [kind, example] of examplesOf(pool))
      byGroup.get(difficultyGroupOf(kind))?.push(example);
  }
  return byGroup;
}

/** Lessons by the models that answered them. */
function poolsOf(lessons: readonly Lesson[]): Map<string, Lesson[]> {
  const pools = new Map<string, Lesson[]>();
  for (const lesson of lessons) {
    const models = Object.keys(lesson.prompt.models).sort().join(' ');
    const pool = pools.get(models);
    if (pool === undefined) pools.set(models, [lesson]);
    else pool.push(lesson);
  }
  return pools;
}

function examplesOf(pool: readonly Lesson[]): (readonly [TaskKind, EaseExample])[] {
  const models = Object.keys(pool[0]?.prompt.models ?? {}).sort();
  const scored = pool.map(({ prompt }) => models.map((model) => prompt.models[model]?.[0] ?? 0));
  const means = models.map((_, at) => mean(scored.map((scores) => scores[at] ?? 0)));
  const strengths = strengthsOf(means);
  const usualByKind = new Map<TaskKind, number[]>();
  for (const kind of new Set(pool.map((lesson) => lesson.kind))) {
    const ofKind = scored.filter((_, at) => pool[at]?.kind === kind);
    usualByKind.set(
      kind,
      means.map((general, at) => usualOf(ofKind, at, general)),
    );
  }
  return pool.map(({ kind, features }, at) => {
    const scores = scored[at] ?? [];
    return [kind, { features, scores, strengths, usual: usualByKind.get(kind) ?? [] }] as const;
  });
}

/** A mean over few prompts is pulled to the model's mean over all, as if that many more were there. */
const PULL_PROMPTS = 10;

function usualOf(ofKind: readonly (readonly number[])[], model: number, general: number): number {
  const sum = ofKind.reduce((total, scores) => total + (scores[model] ?? 0), 0);
  return logit((sum + PULL_PROMPTS * general) / (ofKind.length + PULL_PROMPTS));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}
