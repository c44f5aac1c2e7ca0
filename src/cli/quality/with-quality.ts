import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import type { Pool } from './quality-file.ts';

/**
 * A registry document with what was learned: the quality of the models that it has, and how to weigh it.
 * A bare record of entries becomes a document with parts.
 */
export function withQuality(
  document: JsonObject,
  pool: Pool,
): { readonly changed: JsonObject; readonly models: number } {
  const { models, routing, ...others } = isJsonObject(document['models'])
    ? document
    : { models: document };
  const entries = isJsonObject(models) ? models : {};
  const known = Object.keys(pool.models).filter((id) => isJsonObject(entries[id]));
  const changed = known.map((id) => {
    return [id, { ...(entries[id] as JsonObject), quality: pool.models[id]?.quality ?? {} }]; // one of `known`
  });
  const { eq = 0, q98 = 0 } = pool.lambda;
  const quality = {
    lambda: { quality: eq, balanced: q98 },
    difficultySlope: pool.difficultySlope,
    minConfidence: pool.minConfidence,
    ...(known.includes(pool.defaultModel) && { defaultModel: pool.defaultModel }),
  };
  return {
    changed: {
      ...others,
      models: { ...entries, ...Object.fromEntries(changed) },
      routing: { ...(isJsonObject(routing) && routing), quality },
    },
    models: known.length,
  };
}
