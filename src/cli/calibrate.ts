import { readFileSync, writeFileSync } from 'node:fs';
import { taskModel } from '../classify/read-task.ts';
import type { JsonObject } from '../domain/json.ts';
import { calibratePool } from './quality/calibrate-pool.ts';
import { gradedPromptSchema, readLines } from './quality/graded.ts';
import { printFrontier } from './quality/print-frontier.ts';
import type { Pool, QualityFile } from './quality/quality-file.ts';
import { poolsOf, readSuites, SCORER_SUITES } from './quality/suites.ts';
import { runProgram } from './run-program.ts';

const HELP = `Learns from graded prompts how good each model is at each kind of work, and solves λ.

  npm run calibrate -- graded.jsonl [--table table.json] [--registry registry.json] [--suites suites.json]

A line: {"id","prompt","bench"?,"models":{"<model>":[score 0…1, cost in US dollars]}}; 20 to 50 prompts
of each kind are enough. \`.gz\` is read too. The table goes to --table, "table.json" by default; the
frontier is printed beside the best single model and the random mix of the same quality. --registry
writes quality and λ into that registry document, for the models that it names. Prompts of several
benchmarks make a pool for each suite (those of the routing scorer, or of --suites).
`;

await runProgram({
  help: HELP,
  options: {
    table: { type: 'string', default: 'table.json' },
    registry: { type: 'string' },
    suites: { type: 'string' },
  },
  positionals: 1,
  async main({ values, positionals: [path = ''] }) {
    const prompts = await readLines(path, gradedPromptSchema);
    if (prompts.length === 0) throw new Error(`${path}: no graded prompt in it`);
    const suites =
      typeof values['suites'] === 'string' ? readSuites(values['suites']) : SCORER_SUITES;
    const weights = taskModel();
    const pools: Record<string, Pool> = {};
    for (const graded of poolsOf(prompts, suites)) {
      process.stderr.write(`${graded.name}: ${graded.prompts.length} prompts …\n`);
      const calibration = calibratePool(graded, weights);
      pools[graded.name] = calibration.pool;
      process.stdout.write(printFrontier(graded.name, calibration));
    }
    const file: QualityFile = { weights: weights.version, pools };
    writeFileSync(String(values['table']), `${JSON.stringify(file, undefined, 2)}\n`);
    process.stderr.write(`table in ${values['table']}\n`);
    if (typeof values['registry'] === 'string') writeRegistry(values['registry'], pools);
  },
});

/** Quality and λ into the document; all else of it stays as it is. */
function writeRegistry(path: string, pools: Readonly<Record<string, Pool>>): void {
  const [pool, ...others] = Object.values(pools);
  if (pool === undefined || others.length > 0) {
    throw new Error('--registry takes the prompts of one pool: the same models on every line');
  }
  const document = JSON.parse(readFileSync(path, 'utf8'));
  const models = document.models ?? document;
  const known = Object.keys(pool.models).filter((model) => model in models);
  for (const model of known) models[model].quality = pool.models[model]?.quality;
  const { eq, q98 } = pool.lambda;
  const routing: JsonObject = {
    lambda: { quality: eq ?? 0, balanced: q98 ?? 0 },
    difficultySlope: pool.difficultySlope,
    minConfidence: pool.minConfidence,
    ...(known.includes(pool.defaultModel) && { defaultModel: pool.defaultModel }),
  };
  const whole = document.models === undefined ? { models: document } : document;
  whole.routing = { ...whole.routing, quality: routing };
  writeFileSync(path, `${JSON.stringify(whole, undefined, 2)}\n`);
  process.stderr.write(`quality of ${known.length} models and λ in ${path}\n`);
}
