import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { UNITS_PER_TOKEN } from '../../src/classify/places.ts';
import {
  type PackedTokenWeights,
  UNITS_PER_TRIGRAM_STEP,
} from '../../src/classify/token-tables.ts';
import { fitFamilies, WHOLE } from './fit-families.ts';
import { fitTables } from './fit-tables.ts';
import { packTables } from './pack-tables.ts';
import { ADVERSARIAL, readRunCounts, readTokenCorpus } from './token-corpus.ts';
import { FOLDS_FILE } from './token-folds.ts';
import { excesses, sumsOf, type TracedTexts, traceTexts } from './token-texts.ts';
import { TABLE_SIZES, TABLE_STARTS } from './trace-runs.ts';

/**
 * `npx tsx test/eval/fit-tokens.ts`: fits the weights of the token estimator to the corpus and writes
 * them to `src/classify/token-weights.ts`. Before that it leaves out each domain in turn and fits to
 * the others; those weights go to `test/eval/token-folds.json`, for `npm run eval:tokens`.
 */
const WEIGHTS_FILE = new URL('../../src/classify/token-weights.ts', import.meta.url);
/** Fitted on text outside of the corpus: by itself 6 % off on it. Fits are drawn back to it. */
const PRIOR_FILE = new URL('token-prior.json', import.meta.url);

/** Chosen by the left-out domains together: a weaker pull fits better what it sees, and worse the rest. */
const TABLE_PULL = 20_000;
const FAMILY_PULL = 0.05;
const STEPS = 150;
const STEP_SIZE = 0.03;

export type TokenCorpus = TracedTexts & { readonly tokensOfKind: readonly number[] };

export function loadCorpus(): TokenCorpus {
  const traced = traceTexts(readTokenCorpus());
  return { ...traced, tokensOfKind: readRunCounts(traced.kinds.length) };
}

/** The weights that the texts of all domains but one, and of no adversary, give. */
export function fitWithout(domain: string | undefined, corpus: TokenCorpus): PackedTokenWeights {
  const prior = readPrior();
  const texts = corpus.texts.filter(
    (text) => text.domain !== domain && text.domain !== ADVERSARIAL,
  );
  const fit = { ...corpus, texts, center: prior.weights, pull: TABLE_PULL, steps: STEPS };
  const free = fitTables({ ...fit, stepSize: STEP_SIZE });
  // Trigrams are kept in coarse steps: the other weights make up for what is lost by that.
  const start = withCoarseTrigrams(free);
  const weights = fitTables({ ...fit, start, held: TRIGRAMS, stepSize: STEP_SIZE / 2 });
  const excess = excesses(corpus.kinds, weights);
  const samples = texts.map((text) => ({
    sums: sumsOf(text, corpus.kinds, excess),
    tokens: text.tokens,
  }));
  return packTables(weights, fitFamilies(samples, prior.families, FAMILY_PULL));
}

const TRIGRAMS = {
  from: TABLE_STARTS.trigrams,
  to: TABLE_STARTS.trigrams + TABLE_SIZES.trigrams,
};

function withCoarseTrigrams(weights: Float64Array): Float64Array {
  const steps = UNITS_PER_TOKEN / UNITS_PER_TRIGRAM_STEP;
  return weights.map((weight, place) =>
    place >= TRIGRAMS.from && place < TRIGRAMS.to ? Math.round(weight * steps) / steps : weight,
  );
}

const PRIOR_PARTS = 1000;

function readPrior() {
  const { weights, families } = JSON.parse(readFileSync(PRIOR_FILE, 'utf8')) as PriorFile; // as it was written
  const inTokens = (parts: readonly number[]) =>
    Float64Array.from(parts, (part) => part / PRIOR_PARTS);
  return {
    weights: inTokens(weights),
    families: {
      o200k: WHOLE,
      cl100k: inTokens(families.cl100k),
      llama3: inTokens(families.llama3),
      gemma: inTokens(families.gemma),
    },
  };
}

/** In thousandths. */
type PriorFile = {
  readonly weights: readonly number[];
  readonly families: Readonly<Record<'cl100k' | 'llama3' | 'gemma', readonly number[]>>;
};

function main(): void {
  const corpus = loadCorpus();
  const folds: Record<string, PackedTokenWeights> = {};
  for (const domain of new Set(corpus.texts.map((text) => text.domain))) {
    process.stderr.write(`fitting without ${domain}\n`);
    folds[domain] = fitWithout(domain, corpus);
  }
  writeFileSync(FOLDS_FILE, `${JSON.stringify(folds)}\n`);
  writeFileSync(WEIGHTS_FILE, sourceOf(fitWithout(undefined, corpus)));
  execFileSync('npx', ['biome', 'format', '--write', WEIGHTS_FILE.pathname], { stdio: 'ignore' });
}

function sourceOf(packed: PackedTokenWeights): string {
  return `import type { PackedTokenWeights } from './token-tables.ts';

/** Written by \`test/eval/fit-tokens.ts\`; changed by fitting anew, never by hand. */
export const TOKEN_WEIGHTS: PackedTokenWeights = ${JSON.stringify(packed)};
`;
}

if (import.meta.filename === process.argv[1]) main();
