import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { taskModel } from '../classify/read-task.ts';
import { predictLines } from './quality/predict-lines.ts';
import { readQualityFile } from './quality/quality-file.ts';
import { runProgram } from './run-program.ts';

const HELP = `Chooses a model for each prompt by a table of \`npm run calibrate\`, for the routing scorer.

  npm run --silent predict -- --table table.json prompts.jsonl > predictions.jsonl

Lines {"id","prompt","suite"?,"models"?} in; "-" reads standard input. Out come lines
{"id","suite","policy","chosen_model","score"}, one for each operating point of the suite's pool ("max",
"eq", "q98", and "eq-guarded", which leaves the default model only when it is sure of the kind). "score"
says how much a strong model is needed. "models" narrows the choice. A prompt without a suite is
answered for every pool of the table; of a suite that the table does not have only the score is given.
Progress goes to standard error.
`;

await runProgram({
  help: HELP,
  options: { table: { type: 'string' } },
  positionals: 1,
  async main({ values, positionals: [path = ''] }) {
    if (typeof values['table'] !== 'string') {
      throw new Error('--table is missing: `npm run calibrate` writes one');
    }
    const table = readQualityFile(values['table']);
    const weights = taskModel();
    if (table.weights !== weights.version) {
      process.stderr.write('the table was learned with other task weights: calibrate anew\n');
    }
    const note = (line: string): void => void process.stderr.write(`${line}\n`);
    await pipeline(
      Readable.from(predictLines(piecesOf(path), { table, weights, note })),
      process.stdout,
    );
  },
});

function piecesOf(path: string): AsyncIterable<string> {
  if (path === '-') return process.stdin.setEncoding('utf8');
  const file = createReadStream(path);
  return (path.endsWith('.gz') ? file.pipe(createGunzip()) : file).setEncoding('utf8');
}
