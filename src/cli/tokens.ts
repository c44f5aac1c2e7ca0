import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { estimateLines, type Progress } from './estimate-lines.ts';
import { runProgram } from './run-program.ts';

const HELP = `Estimates the tokens of texts for four families of tokenizers, without their vocabularies.

  npm run --silent tokens -- corpus.jsonl      lines {"id","text"}; "-" reads standard input

Out comes a line for each: {"id","estimate":{"o200k_base","cl100k_base","llama3","gemma"},"upper":{…}}.
"estimate" is the best guess, "upper" a bound that ordinary text does not exceed. Progress goes to
standard error. The exit code is 2 when a line or the file cannot be read.
`;

/** Characters between two notes of progress: a second or so of work. */
const CHARACTERS_PER_NOTE = 32_000_000;

async function estimateFile(path = '-'): Promise<void> {
  const input = path === '-' ? process.stdin : createReadStream(path);
  const progress = noteProgress();
  await pipeline(
    Readable.from(estimateLines(input.setEncoding('utf8'), progress.note)),
    process.stdout,
  );
  progress.end();
}

function noteProgress() {
  let last: Progress = { texts: 0, characters: 0 };
  let notes = 0;
  const write = (end: string): void => {
    const millions = (last.characters / 1e6).toFixed(1);
    process.stderr.write(`${last.texts} texts, ${millions} million characters${end}\n`);
  };
  return {
    note: (progress: Progress): void => {
      last = progress;
      if (progress.characters < (notes + 1) * CHARACTERS_PER_NOTE) return;
      notes = Math.floor(progress.characters / CHARACTERS_PER_NOTE);
      write(' …');
    },
    end: () => write(''),
  };
}

await runProgram({
  help: HELP,
  options: {},
  positionals: 1,
  main: ({ positionals: [path] }) => estimateFile(path),
});
