import { unpackTables } from '../../src/classify/token-tables.ts';
import { TOKENIZER_FAMILIES } from '../../src/domain/model.ts';
import { scoreFolds, tableOf } from './score-tokens.ts';
import { scoreUsage, usageTableOf } from './score-usage.ts';
import { barsOf } from './token-bars.ts';
import { hasTokenCorpus, readTokenCorpus, readUsageSamples } from './token-corpus.ts';
import { readTokenFolds } from './token-folds.ts';

/**
 * `npm run eval:tokens`: how well texts are estimated whose domain had no part in the fit, by domain
 * and family; then answers of real models beside what was billed. The exit code is 1 when a bar is missed.
 */
function main(): number {
  if (!hasTokenCorpus) {
    process.stderr.write('there is no ../shared/token-corpus to evaluate on\n');
    return 2;
  }
  const folds = readTokenFolds();
  const scores = scoreFolds(folds, readTokenCorpus());
  for (const family of TOKENIZER_FAMILIES) {
    print(`${family}, each domain estimated by weights fitted to the others`);
    print(`${tableOf(scores.filter((score) => score.family === family))}\n`);
  }
  const usage = scoreUsage(readUsageSamples(), unpackTables(folds['en-chat'] ?? missing()));
  print('real answers, by the same weights as en-chat; each with the factor of the others');
  print(`${usageTableOf(usage)}\n`);
  const bars = barsOf(scores, usage);
  for (const { name, figure, atMost } of bars) {
    const verdict = figure <= atMost ? 'good' : 'MISSED';
    print(`${verdict.padEnd(8)}${inPercent(figure)} of at most ${inPercent(atMost)}  ${name}`);
  }
  return bars.every(({ figure, atMost }) => figure <= atMost) ? 0 : 1;
}

function missing(): never {
  throw new Error('token-folds.json has no weights without en-chat: fit anew');
}

function inPercent(share: number): string {
  return `${(share * 100).toFixed(1)}%`.padStart(6);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = main();
