import { performance } from 'node:perf_hooks';
import { taskModel } from '../../src/classify/read-task.ts';
import { readText } from '../../src/classify/read-text.ts';
import { type TaskModel, unpackTaskModel } from '../../src/classify/task-model.ts';
import type { GradedPrompt } from '../../src/cli/quality/graded.ts';
import { kindOfTask } from '../../src/cli/quality/labels.ts';
import { learn } from '../../src/cli/quality/learn.ts';
import { type GradedPool, poolsOf, SCORER_SUITES } from '../../src/cli/quality/suites.ts';
import { lessonsOf } from '../../src/cli/quality/training-set.ts';
import {
  hasRoutingData,
  type PoolFigures,
  pairFigure,
  poolFigures,
  readGraded,
} from './quality-figures.ts';

const HELP = `Measures kinds, difficulty and quality routing on prompts that nothing was learned from.

  npm run eval:quality [-- --leave-out code,law,mathematics]

Weights and tables are learned from the training split, figures taken on the development split of
../shared/routing-eval. --leave-out learns all anew without a kind of work, and shows what the guard makes
of prompts of that kind; about half a minute each.
`;

const SHOWN = new Set([
  'P-mmlu',
  'P-gsm8k',
  'P-zegsm',
  'P-crux',
  'P-mpro',
  'L9',
  'MP9',
  'ZE13',
  'X4',
]);

async function main(): Promise<void> {
  const [flag, kinds] = process.argv.slice(2);
  if (flag === '--help' || !hasRoutingData) {
    process.stdout.write(
      hasRoutingData ? HELP : '../shared/routing-eval is not there: nothing to measure\n',
    );
    return;
  }
  const [train, dev] = await Promise.all([readGraded('train'), readGraded('dev')]);
  if (flag === '--leave-out' && kinds !== undefined) {
    for (const kind of kinds.split(',')) leaveOut(kind, train, dev);
    return;
  }
  printKinds(dev, taskModel());
  for (const [suite, [learned, measured]] of suitesOf(train, dev)) {
    if (suite.startsWith('P-')) {
      const apgr = pairFigure(learned, measured, taskModel());
      print(
        `${suite.padEnd(8)} ${measured.prompts.length} prompts  APGR ${apgr.toFixed(3)} (random 0.500)`,
      );
    } else printPool(suite, poolFigures(learned, measured, taskModel()));
  }
  printSpeed([...train, ...dev], taskModel());
}

function suitesOf(train: readonly GradedPrompt[], dev: readonly GradedPrompt[]) {
  const measured = new Map(poolsOf(dev, SCORER_SUITES).map((pool) => [pool.name, pool]));
  return poolsOf(train, SCORER_SUITES).flatMap(
    (pool): (readonly [string, [GradedPool, GradedPool]])[] => {
      const other = measured.get(pool.name);
      return other === undefined || !SHOWN.has(pool.name) ? [] : [[pool.name, [pool, other]]];
    },
  );
}

function printKinds(dev: readonly GradedPrompt[], weights: TaskModel): void {
  const byBench = new Map<string, boolean[]>();
  for (const { prompt, task = '', bench = '' } of dev) {
    const isRight = readText(prompt, weights).shares[0]?.kind === kindOfTask(task);
    byBench.set(bench, [...(byBench.get(bench) ?? []), isRight]);
  }
  const all = [...byBench.values()].flat();
  print(`kinds told right: ${percent(all)} of ${all.length} prompts`);
  for (const [bench, right] of byBench)
    print(`  ${bench.padEnd(16)} ${percent(right)} of ${right.length}`);
}

function percent(right: readonly boolean[]): string {
  return `${((100 * right.filter(Boolean).length) / right.length).toFixed(1)} %`;
}

function printPool(suite: string, { prompts, best, points }: PoolFigures): void {
  print(
    `${suite.padEnd(8)} ${prompts} prompts, best single ${best.model} ${best.quality.toFixed(3)}`,
  );
  for (const [name, { gain, cost, mix }] of points) {
    const beside = mix === undefined ? 'no random mix has it' : `random mix ${mix.toFixed(2)}x`;
    print(
      `  ${name.padEnd(11)} ${gain >= 0 ? '+' : ''}${gain.toFixed(1)} points at ${cost.toFixed(2)}x   ${beside}`,
    );
  }
}

/** Every other kind is learned, and the prompts of this one are given to what was learned. */
function leaveOut(
  kind: string,
  train: readonly GradedPrompt[],
  dev: readonly GradedPrompt[],
): void {
  const isOfKind = ({ task = '' }: GradedPrompt): boolean => kindOfTask(task) === kind;
  const known = train.filter((prompt) => !isOfKind(prompt));
  const unseen = [...train, ...dev].filter(isOfKind);
  if (unseen.length === 0) throw new Error(`no prompt is of the kind "${kind}"`);
  const weights = unpackTaskModel(learn(lessonsOf(known), () => undefined));
  print(`without ${kind}:`);
  for (const [suite, [learned, measured]] of suitesOf(known, unseen)) {
    const isPool = !suite.startsWith('P-');
    if (isPool && measured.prompts.length >= MEANINGFUL) {
      printPool(suite, poolFigures(learned, measured, weights));
    }
  }
}

const MEANINGFUL = 60;

function printSpeed(prompts: readonly GradedPrompt[], weights: TaskModel): void {
  for (const { prompt } of prompts.slice(0, WARM_UP)) readText(prompt, weights);
  const times = prompts.map(({ prompt }) => {
    const start = performance.now();
    readText(prompt, weights);
    return (performance.now() - start) * 1000;
  });
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(0);
  print(`reading a prompt: p50 ${at(0.5)} µs, p95 ${at(0.95)} µs, p99 ${at(0.99)} µs`);
}

const WARM_UP = 2000;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
