import type { GradedPrompt } from '../../../src/cli/quality/graded.ts';
import type { GradedPool } from '../../../src/cli/quality/suites.ts';

export const CODE = 'code';
export const TRANSLATION = 'translation';

const SUBJECTS = 'numbers words users files orders names dates rows trees pages'.split(' ');
const LANGUAGES = 'French German Spanish Dutch'.split(' ');

/** The dear model does everything well, the cheap one translates and cannot program. */
export function aGradedPool(): GradedPool {
  return { name: 'all', models: ['cheap', 'dear'], prompts: [...codePrompts(), ...translations()] };
}

function codePrompts(): GradedPrompt[] {
  return SUBJECTS.flatMap((subject, at) =>
    ['Python', 'JavaScript', 'Go', 'Rust'].map((language, other) =>
      graded(`c${at}-${other}`, `Write a ${language} function that sorts a list of ${subject}.`, {
        cheap: (at + other) % 5 === 0 ? 1 : 0,
        dear: 1,
      }),
    ),
  );
}

function translations(): GradedPrompt[] {
  return SUBJECTS.flatMap((subject, at) =>
    LANGUAGES.map((language, other) =>
      graded(`t${at}-${other}`, `Translate into ${language}: "We count the ${subject} each day."`, {
        cheap: 1,
        dear: (at + other) % 11 === 0 ? 0 : 1,
      }),
    ),
  );
}

function graded(id: string, prompt: string, scores: { cheap: number; dear: number }): GradedPrompt {
  const usd = prompt.length * 1e-6;
  return { id, prompt, models: { cheap: [scores.cheap, usd], dear: [scores.dear, usd * 100] } };
}
