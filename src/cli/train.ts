import { writeFileSync } from 'node:fs';
import { type GradedPrompt, gradedPromptSchema, readLines } from './quality/graded.ts';
import { learn } from './quality/learn.ts';
import { lessonsOf } from './quality/training-set.ts';
import { runProgram } from './run-program.ts';

const HELP = `Learns the weights that tell the kind of work and how hard a request is.

  npm run train [-- --data ../shared/routing-eval/train.jsonl.gz] [--out src/classify/task-weights.ts]
                [--leave-out KIND]

The same data give the same weights. --leave-out drops a kind of work, to measure what happens to
requests that are unlike all that was seen.
`;

await runProgram({
  help: HELP,
  options: {
    data: { type: 'string', default: '../shared/routing-eval/train.jsonl.gz' },
    out: { type: 'string', default: 'src/classify/task-weights.ts' },
    'leave-out': { type: 'string' },
  },
  positionals: 0,
  async main({ values }) {
    const prompts = await readLines(String(values['data']), gradedPromptSchema);
    const weights = train(prompts, values['leave-out']);
    writeFileSync(String(values['out']), sourceOf(weights, prompts.length));
    const kilobytes = Math.round(weights.bytes.length / 1024);
    process.stderr.write(`weights ${weights.version}, ${kilobytes} KB, in ${values['out']}\n`);
  },
});

function train(prompts: readonly GradedPrompt[], leftOut: string | boolean | undefined) {
  const lessons = lessonsOf(prompts).filter(({ kind }) => kind !== leftOut);
  process.stderr.write(`${lessons.length} graded prompts\n`);
  return learn(lessons, (step) => process.stderr.write(`${step} …\n`));
}

function sourceOf(weights: ReturnType<typeof learn>, prompts: number): string {
  const { version, kindScales, easeScales, bytes } = weights;
  const scales = (values: readonly number[]) =>
    values.map((value) => `    ${separated(value)},\n`).join('');
  return `import type { PackedTaskModel } from './task-model.ts';

/** Written by \`npm run train\`, from ${prompts} graded prompts and the written ones. */
export const TASK_WEIGHTS: PackedTaskModel = {
  version: '${version}',
  kindScales: [
${scales(kindScales)}  ],
  easeScales: [
${scales(easeScales)}  ],
  bytes:
    '${bytes}',
};
`;
}

/** As the linter wants fractions: 0.058_696_7. */
function separated(value: number): string {
  const [whole, fraction = ''] = String(value).split('.');
  return `${whole}.${fraction.match(/.{1,3}/g)?.join('_')}`;
}
