import { estimateTokens, profileTexts } from '../../src/classify/estimate-tokens.ts';
import type { TokenTables } from '../../src/classify/token-tables.ts';
import type { TokenizerFamily } from '../../src/domain/model.ts';
import type { UsageSample } from './token-corpus.ts';

/** How the tokens that a provider billed compare with the estimates of one model's answers. */
export type UsageScore = {
  readonly model: string;
  readonly answers: number;
  /** The one factor between estimate and bill: what a router learns from usage. */
  readonly multiplier: number;
  /** Mean share by which the estimate of an answer is off, with the multiplier of all the others. */
  readonly meanError: number;
};

/** Fewer answers do not tell a model's multiplier from chance. */
const LEAST_ANSWERS = 10;

/** Each model with enough answers. */
export function scoreUsage(samples: readonly UsageSample[], tables: TokenTables): UsageScore[] {
  return [...new Set(samples.map(nameOf))]
    .map((name) => ({ name, answers: samples.filter((sample) => nameOf(sample) === name) }))
    .filter(({ answers }) => answers.length >= LEAST_ANSWERS)
    .map(({ name, answers }) => scoreModel(name, answers, tables));
}

function nameOf({ provider, model }: UsageSample): string {
  return `${provider} ${model}`;
}

function scoreModel(
  model: string,
  answers: readonly UsageSample[],
  tables: TokenTables,
): UsageScore {
  const family: TokenizerFamily = model.includes('gemini') ? 'gemma' : 'o200k';
  const pairs = answers.map(({ text, usageTokens }) => {
    const { estimated } = estimateTokens(profileTexts([text], tables), family, tables);
    return { real: usageTokens, estimated };
  });
  const errors = pairs.map((pair) => {
    const multiplier = ratioOf(pairs.filter((other) => other !== pair));
    return Math.abs((pair.estimated * multiplier) / pair.real - 1);
  });
  const meanError = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  return { model, answers: answers.length, multiplier: ratioOf(pairs), meanError };
}

type Pair = { readonly real: number; readonly estimated: number };

function ratioOf(pairs: readonly Pair[]): number {
  const real = pairs.reduce((sum, pair) => sum + pair.real, 0);
  return real / pairs.reduce((sum, pair) => sum + pair.estimated, 0);
}

/** One line per model, for people. */
export function usageTableOf(scores: readonly UsageScore[]): string {
  const heading = `${'model'.padEnd(56)}answers  factor  error`;
  const lines = scores.map(({ model, answers, multiplier, meanError }) => {
    const error = `${(meanError * 100).toFixed(1)}%`.padStart(7);
    return `${model.padEnd(56)}${String(answers).padStart(7)}${multiplier.toFixed(3).padStart(8)}${error}`;
  });
  return [heading, ...lines].join('\n');
}
