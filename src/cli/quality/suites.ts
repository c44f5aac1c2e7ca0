import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { GradedPrompt } from './graded.ts';

/** Prompts of some benchmarks, and the models to choose among. */
const suiteSchema = z.object({
  benches: z.array(z.string()).min(1),
  models: z.array(z.string()).min(1).optional(),
});
const suitesSchema = z.record(z.string(), suiteSchema);
export type Suites = z.infer<typeof suitesSchema>;

/** The routing scorer's own suites; a file of its `--ids` has the same form. */
export const SCORER_SUITES: Suites = {
  'P-mmlu': { benches: ['routellm-mmlu'], models: ['mixtral-8x7b', 'gpt-4-1106'] },
  'P-gsm8k': { benches: ['routellm-gsm8k'], models: ['mixtral-8x7b', 'gpt-4-1106'] },
  'P-zegsm': { benches: ['zeroeval-gsm'], models: ['claude-3-haiku', 'claude-3-5-sonnet'] },
  'P-crux': { benches: ['zeroeval-crux'], models: ['claude-3-haiku', 'claude-3-5-sonnet'] },
  'P-mpro': { benches: ['mmlupro'], models: ['llama-3.1-8b', 'llama-3.1-70b'] },
  L9: { benches: ['llmrouter9'] },
  MP9: {
    benches: ['mmlupro'],
    models: [
      'gemini-1.5-flash',
      'gemini-1.5-pro',
      'llama-3.1-70b',
      'llama-3.1-8b',
      'mixtral-8x7b',
      'command-r',
      'phi-3-mini',
      'qwen1.5-72b',
      'mathstral-7b',
    ],
  },
  ZE13: { benches: ['zeroeval-gsm', 'zeroeval-crux'] },
  X4: {
    benches: ['zeroeval-gsm', 'zeroeval-crux', 'mmlupro'],
    models: ['gemini-1.5-flash', 'gemini-1.5-pro', 'llama-3.1-70b', 'llama-3.1-8b'],
  },
};

export function readSuites(path: string): Suites {
  const parsed = suitesSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`${path}: expected {"name": {"benches": [...], "models": [...]}}`);
}

/** Prompts that the same models were graded on. */
export type GradedPool = {
  readonly name: string;
  readonly models: readonly string[];
  readonly prompts: readonly GradedPrompt[];
};

/** The pool of every suite that has prompts; without one, the prompts are grouped by their models. */
export function poolsOf(prompts: readonly GradedPrompt[], suites: Suites): GradedPool[] {
  const named = Object.entries(suites).flatMap(([name, { benches, models }]) => {
    const of = prompts.filter(({ bench }) => bench !== undefined && benches.includes(bench));
    const chosen = models ?? modelsOfAll(of);
    const graded = of.filter((prompt) => chosen.every((model) => prompt.models[model]));
    return graded.length === 0 || chosen.length < 2
      ? []
      : [{ name, models: chosen, prompts: graded }];
  });
  return named.length > 0 ? named : byModels(prompts);
}

/** The models that every prompt has. */
function modelsOfAll(prompts: readonly GradedPrompt[]): string[] {
  const [first, ...others] = prompts;
  return Object.keys(first?.models ?? {})
    .filter((model) => others.every(({ models }) => models[model]))
    .sort();
}

function byModels(prompts: readonly GradedPrompt[]): GradedPool[] {
  const pools = new Map<string, GradedPrompt[]>();
  for (const prompt of prompts) {
    const models = Object.keys(prompt.models).sort().join(' ');
    pools.set(models, [...(pools.get(models) ?? []), prompt]);
  }
  return [...pools.values()].map((graded, at) => ({
    name: pools.size === 1 ? 'all' : `pool-${at + 1}`,
    models: modelsOfAll(graded),
    prompts: graded,
  }));
}
