import * as z from 'zod';
import { mean, type Sample } from './learned-table.ts';

/**
 * What a call of one model costs: `scale · characters ^ power`, times a factor for each kind of work,
 * for kinds differ in how much is written.
 */
export const costRuleSchema = z.strictObject({
  scale: z.number().nonnegative(),
  power: z.number(),
  byKind: z.record(z.string(), z.number().positive()),
});
export type CostRule = z.infer<typeof costRuleSchema>;

/** Stands for a call that cost nothing. */
const LEAST_USD = 1e-9;
const PULL_PROMPTS = 10;

export function learnCosts(samples: readonly Sample[], models: number): CostRule[] {
  const lengths = samples.map(({ characters }) => logLength(characters));
  return Array.from({ length: models }, (_, model) => {
    const usd = samples.map(({ costs }) => costs[model] ?? 0);
    return ruleOf(samples, lengths, usd);
  });
}

function ruleOf(
  samples: readonly Sample[],
  lengths: readonly number[],
  usd: readonly number[],
): CostRule {
  const logs = usd.map((cost) => Math.log(cost + LEAST_USD));
  // A prompt twice as long costs at most twice as much: more is chance, among few prompts.
  const power = Math.min(Math.max(slopeOf(lengths, logs), 0), 1);
  const offset = mean(logs) - power * mean(lengths);
  const rest = logs.map((log, at) => log - offset - power * (lengths[at] ?? 0));
  const byKind = factorsOf(samples, rest);
  const rule = { scale: Math.exp(offset), power, byKind };
  // The mean of logarithms is not the logarithm of the mean: what is predicted must add up.
  const predicted = mean(samples.map((sample) => costOf(rule, sample)));
  return { ...rule, scale: rule.scale * (predicted === 0 ? 1 : mean(usd) / predicted) };
}

function logLength(characters: number): number {
  return Math.log(Math.max(characters, 1));
}

/** By least squares; 0 where all are of one length. */
function slopeOf(x: readonly number[], y: readonly number[]): number {
  const [meanX, meanY] = [mean(x), mean(y)];
  let squares = 0;
  let products = 0;
  for (const [at, value] of x.entries()) {
    squares += (value - meanX) ** 2;
    products += (value - meanX) * ((y[at] ?? 0) - meanY);
  }
  return squares === 0 ? 0 : products / squares;
}

function factorsOf(samples: readonly Sample[], rest: readonly number[]): Record<string, number> {
  const sums = new Map<string, { log: number; prompts: number }>();
  for (const [at, { reading }] of samples.entries()) {
    for (const { kind, share } of reading.shares) {
      const sum = sums.get(kind) ?? { log: 0, prompts: 0 };
      sum.log += share * (rest[at] ?? 0);
      sum.prompts += share;
      sums.set(kind, sum);
    }
  }
  const factors = [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    factors.map(([kind, { log, prompts }]) => [kind, Math.exp(log / (prompts + PULL_PROMPTS))]),
  );
}

/** What the rule expects of a prompt, in US dollars. */
export function costOf(
  rule: CostRule,
  { reading, characters }: Pick<Sample, 'reading' | 'characters'>,
): number {
  let log = 0;
  for (const { kind, share } of reading.shares) log += share * Math.log(rule.byKind[kind] ?? 1);
  return rule.scale * Math.exp(rule.power * logLength(characters) + log);
}
