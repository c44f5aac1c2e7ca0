import * as z from 'zod';
import { readText } from '../../classify/read-text.ts';
import type { TaskModel } from '../../classify/task-model.ts';
import { type ModelQuality, predictQuality } from '../../domain/quality.ts';
import { choose } from '../../domain/solve-lambda.ts';
import { GENERAL_TASK, type TaskReading } from '../../domain/task.ts';
import { readJsonLines } from '../json-lines.ts';
import { qualitiesOf } from './calibrate-pool.ts';
import { costOf } from './learned-costs.ts';
import { rounded } from './learned-table.ts';
import type { Pool, QualityFile } from './quality-file.ts';

const promptSchema = z.object({
  id: z.string(),
  prompt: z.string(),
  suite: z.string().optional(),
  models: z.array(z.string()).optional(),
});
type Prompt = z.infer<typeof promptSchema>;

/** The point whose guarded choices are given beside it. */
const GUARDED = 'eq';
const PROMPTS_PER_NOTE = 5000;

export type Predicting = {
  readonly table: QualityFile;
  readonly weights: TaskModel;
  readonly note: (line: string) => void;
};

/** Of a suite that the table does not have only the need of a strong model is predicted. @throws BadLine */
export async function* predictLines(
  pieces: AsyncIterable<string>,
  { table, weights, note }: Predicting,
): AsyncGenerator<string> {
  const pools = new Map(Object.entries(table.pools).map(([name, pool]) => [name, ready(pool)]));
  const unknown = new Set<string>();
  let prompts = 0;
  for await (const prompt of readJsonLines(pieces, promptSchema)) {
    const reading = readText(prompt.prompt, weights);
    const found = poolsFor(prompt, pools);
    for (const [suite, pool] of found) {
      for (const prediction of predict(pool, prompt, reading)) {
        yield `${JSON.stringify({ id: prompt.id, suite, ...prediction })}\n`;
      }
    }
    const { id, suite = '' } = prompt;
    if (found.length === 0) {
      if (!unknown.has(suite)) note(`suite "${suite}" is not in the table: without choices`);
      unknown.add(suite);
      const score = rounded(needOfStrong(NEUTRAL_PAIR, reading));
      yield `${JSON.stringify({ id, suite, policy: 'need', score })}\n`;
    }
    prompts += 1;
    if (prompts % PROMPTS_PER_NOTE === 0) note(`${prompts} prompts …`);
  }
  note(`${prompts} prompts`);
}

type ReadyPool = Pool & {
  readonly ids: readonly string[];
  readonly qualities: ReturnType<typeof qualitiesOf>;
  readonly costs: readonly Pool['models'][string]['cost'][];
};

function ready(pool: Pool): ReadyPool {
  const rows = Object.values(pool.models);
  return {
    ...pool,
    ids: Object.keys(pool.models),
    qualities: qualitiesOf(rows.map(({ quality }) => quality)),
    costs: rows.map(({ cost }) => cost),
  };
}

/** A weak and a strong model of which nothing else is known. */
const NEUTRAL_PAIR = qualitiesOf([{ [GENERAL_TASK]: 0.6 }, { [GENERAL_TASK]: 0.8 }]);

/**
 * A suite by its name, or by the name before a dash: `L9-ood` has the models of `L9`. Nothing for one
 * that the table does not have; a table of one pool takes all for that.
 */
function poolsFor(
  { suite }: Prompt,
  pools: ReadonlyMap<string, ReadyPool>,
): readonly (readonly [string | undefined, ReadyPool])[] {
  if (suite === undefined && pools.size > 1) return [...pools];
  const [only] = pools.values();
  const base = [...pools.keys()]
    .filter((name) => suite === name || suite?.startsWith(`${name}-`))
    .sort((a, b) => b.length - a.length)[0];
  const pool = base === undefined ? undefined : pools.get(base);
  const found = pool ?? (pools.size === 1 ? only : undefined);
  return found === undefined ? [] : [[suite, found]];
}

type Prediction = {
  readonly policy: string;
  readonly chosen_model: string | undefined;
  readonly score: number;
};

function predict(pool: ReadyPool, prompt: Prompt, reading: TaskReading): Prediction[] {
  const need = { task: GENERAL_TASK, reading };
  const all = pool.ids.map((_, at) => at);
  const able = all.filter((at) => prompt.models?.includes(pool.ids[at] ?? '') !== false);
  const predicted = pool.qualities.map((quality) =>
    predictQuality(quality, need, pool.difficultySlope),
  );
  const sample = { reading, characters: prompt.prompt.length };
  const trial = {
    predicted: able.map((at) => predicted[at] ?? 0),
    expected: able.map((at) =>
      costOf(pool.costs[at] ?? { scale: 0, power: 0, byKind: {} }, sample),
    ),
    quality: [],
    cost: [],
  };
  const score = rounded(needOfStrong(pool.qualities, reading));
  const choices = Object.entries(pool.lambda).map(([policy, lambda]) => {
    return { policy, chosen_model: pool.ids[able[choose(trial, lambda)] ?? 0], score };
  });
  const free = choices.find(({ policy }) => policy === GUARDED);
  if (free === undefined) return choices;
  const isSure = reading.confidence >= pool.minConfidence || !all.every((at) => able.includes(at));
  const chosen = isSure ? free.chosen_model : pool.defaultModel;
  return [...choices, { policy: `${GUARDED}-guarded`, chosen_model: chosen, score }];
}

/** How much better the strongest model is expected to do than the weakest: -1 to 1. */
export function needOfStrong(qualities: readonly ModelQuality[], reading: TaskReading): number {
  const need = { task: GENERAL_TASK, reading };
  const byStrength = [...qualities].sort((a, b) => a.strength - b.strength);
  const [weakest] = byStrength;
  const strongest = byStrength.at(-1);
  if (weakest === undefined || strongest === undefined) return 0;
  return predictQuality(strongest, need, 1) - predictQuality(weakest, need, 1);
}
