import type { Requirement } from '../domain/decision.ts';
import type { RoutableModel } from '../domain/model.ts';
import { predictQuality } from '../domain/quality.ts';
import type { Registry } from '../domain/registry.ts';

/** How likely its answer is right, 0 to 1; undefined when nothing is known of the model's quality. */
export function estimateQuality(
  requirement: Requirement,
  model: RoutableModel,
  { quality }: Registry,
): number | undefined {
  const known = quality?.ofModel.get(model.id);
  return known && quality && predictQuality(known, requirement, quality.difficultySlope);
}
