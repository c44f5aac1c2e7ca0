import { readFileSync, writeFileSync } from 'node:fs';
import { taskModel } from '../classify/read-task.ts';
import { isJsonObject } from '../domain/json.ts';
import { calibratePool } from './quality/calibrate-pool.ts';
import { gradedPromptSchema, readLines } from './quality/graded.ts';
import { printFrontier } from './quality/print-frontier.ts';
import { jsonOf, type Pool, type QualityFile } from './quality/quality-file.ts';
import { poolsOf, readSuites, SCORER_SUITES } from './quality/suites.ts';
import { withQuality } from './quality/with-quality.ts';
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
  const document = jsonOf(readFileSync(path, 'utf8'), path);
  if (!isJsonObject(document)) throw new Error(`${path}: not a registry document`);
  const { changed, models } = withQuality(document, pool);
  if (models === 0) {
    const [graded] = Object.keys(pool.models);
    throw new Error(`${path} has none of the graded models: name them by its ids, not "${graded}"`);
  }
  writeFileSync(path, `${JSON.stringify(changed, undefined, 2)}\n`);
  process.stderr.write(`quality of ${models} models and λ in ${path}\n`);
}
