import { existsSync, readFileSync } from 'node:fs';
import type { CountedText } from './token-texts.ts';

/** The corpus lies beside the repository; it is no part of it. */
const CORPUS = new URL('../../../shared/token-corpus/', import.meta.url);
const RUN_COUNTS = new URL('../fixtures/token-counts/o200k-runs.txt', import.meta.url);

export const hasTokenCorpus = existsSync(new URL('corpus.jsonl', CORPUS));

type CorpusLine = Omit<CountedText, 'tokens'> & {
  readonly tokens: {
    readonly o200k_base: number;
    readonly cl100k_base: number;
    readonly llama3: number;
    readonly gemma: number;
  };
};

/** 247 texts with exact counts of four tokenizers. */
export function readTokenCorpus(): CountedText[] {
  return linesOf('corpus.jsonl').map((line) => {
    const { id, domain, sub, text, tokens } = JSON.parse(line) as CorpusLine; // as its README says
    return {
      id,
      domain,
      sub,
      text,
      tokens: {
        o200k: tokens.o200k_base,
        cl100k: tokens.cl100k_base,
        llama3: tokens.llama3,
        gemma: tokens.gemma,
      },
    };
  });
}

/** A model's answer, with the number of tokens that its provider billed. */
export type UsageSample = {
  readonly provider: string;
  readonly model: string;
  readonly usageTokens: number;
  readonly text: string;
};

export function readUsageSamples(): UsageSample[] {
  return linesOf('real-usage-outputs.jsonl').map((line) => JSON.parse(line) as UsageSample);
}

function linesOf(name: string): string[] {
  return readFileSync(new URL(name, CORPUS), 'utf8').trim().split('\n');
}

/**
 * Tokens of `o200k` per kind of run in the corpus, in order of first occurrence: counted with tiktoken
 * 1.0.22 (MIT), a token belonging to the run in which it begins. A changed scanner cuts other runs,
 * and needs a new count.
 */
export function readRunCounts(kinds: number): number[] {
  const counts = readFileSync(RUN_COUNTS, 'utf8').trim().split(' ').map(Number);
  if (counts.length === kinds) return counts;
  throw new Error(`${counts.length} counts for ${kinds} kinds of runs: count them anew`);
}

/** Made to mislead; never part of a fit or of a mean. */
export const ADVERSARIAL = 'adversarial';

/** What requests mostly carry. */
const TYPICAL: readonly string[] = [
  'code',
  'code-minified',
  'json',
  'config',
  'markdown',
  'en-chat',
  'logs',
  'markup',
  'numeric',
  'whitespace',
];

export function isTypical(domain: string): boolean {
  return TYPICAL.includes(domain);
}
