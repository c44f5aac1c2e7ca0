import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { issuesOf } from '../../domain/registry.ts';
import { costRuleSchema } from './learned-costs.ts';

const share = z.number().min(0).max(1);

/** A set of models that were graded on the same prompts, and how to choose among them. */
export const poolSchema = z.strictObject({
  /** For each model its row of the quality table, as a registry's entry takes it, and its cost. */
  models: z.record(
    z.string(),
    z.strictObject({ quality: z.record(z.string(), share), cost: costRuleSchema }),
  ),
  /** For each operating point what quality a US dollar is worth. */
  lambda: z.record(z.string(), z.number().nonnegative()),
  /** How much of a request's difficulty counts. */
  difficultySlope: share,
  /** The best single model: unsure requests go to it. */
  defaultModel: z.string(),
  minConfidence: share,
});
export type Pool = z.infer<typeof poolSchema>;

/** What `npm run calibrate` writes and `npm run predict` reads. */
export const qualityFileSchema = z.strictObject({
  /** Of the task weights that the prompts were read with. */
  weights: z.string(),
  pools: z.record(z.string(), poolSchema),
});
export type QualityFile = z.infer<typeof qualityFileSchema>;

/** @throws Error that names the file and what is wrong with it. */
export function readQualityFile(path: string): QualityFile {
  const parsed = qualityFileSchema.safeParse(jsonOf(readFileSync(path, 'utf8'), path));
  if (parsed.success) return parsed.data;
  throw new Error(
    `${path} is no table of \`npm run calibrate\`: ${issuesOf(parsed.error, 'table')[0]}`,
  );
}

export function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${path}: not JSON`);
  }
}
