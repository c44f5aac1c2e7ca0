import { describe, expect, it } from 'vitest';
import { readText } from '../../../src/classify/read-text.ts';
import { unpackTaskModel } from '../../../src/classify/task-model.ts';
import type { GradedPrompt } from '../../../src/cli/quality/graded.ts';
import { learn } from '../../../src/cli/quality/learn.ts';
import { minimize } from '../../../src/cli/quality/minimize.ts';
import { lessonsOf } from '../../../src/cli/quality/training-set.ts';

/** Sums that a weak model solves when they are short, and a strong one always. */
const SUMS: GradedPrompt[] = Array.from({ length: 40 }, (_, at) => {
  const isLong = at % 2 === 0;
  const steps = isLong ? ' Then she sells a third of them at a fair and gives 2 away.' : '';
  return {
    id: `s${at}`,
    task: 'gsm8k',
    prompt: `Ann has ${at + 3} apples and buys ${at + 5} more.${steps} How many has she?`,
    models: { weak: [isLong ? 0 : 1, 0.001], strong: [1, 0.1] },
  };
});

describe('learn', () => {
  const packed = learn(lessonsOf(SUMS), () => undefined);

  it('makes the same weights of the same prompts', () => {
    expect(learn(lessonsOf(SUMS), () => undefined)).toEqual(packed);
  });

  it('learns what makes a request hard for weak models', () => {
    const weights = unpackTaskModel(packed);
    const easeOf = (at: number) => readText(SUMS[at]?.prompt ?? '', weights).ease.forWeak;

    expect(easeOf(0)).toBeLessThan(easeOf(1));
  });

  it('refuses a task whose kind nobody knows', () => {
    const unknown = { id: 'x', prompt: 'Hi', task: 'astrology', models: {} };

    expect(() => lessonsOf([unknown])).toThrow('task "astrology" has no kind');
  });
});

describe('minimize', () => {
  it('finds the lowest point of a bowl', () => {
    const lowest = minimize(
      (at, gradient) => {
        gradient[0] = 2 * ((at[0] ?? 0) - 3);
        gradient[1] = 20 * ((at[1] ?? 0) + 1);
        return ((at[0] ?? 0) - 3) ** 2 + 10 * ((at[1] ?? 0) + 1) ** 2;
      },
      2,
      50,
    );

    expect(lowest[0]).toBeCloseTo(3, 5);
    expect(lowest[1]).toBeCloseTo(-1, 5);
  });
});
