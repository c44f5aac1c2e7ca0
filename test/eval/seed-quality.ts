import { readFileSync, writeFileSync } from 'node:fs';
import { type GradedPrompt, gradedPromptSchema, readLines } from '../../src/cli/quality/graded.ts';
import { logit } from '../../src/domain/quality.ts';
import { GENERAL_TASK } from '../../src/domain/task.ts';

/**
 * Fills the quality tables of the bundled registry with a prior, for nobody has graded these models
 * here: logit(share of right answers) is fitted to log(price) over the graded models of the routing
 * data, and an entry gets what its own list price promises. A model that was graded itself gets what
 * it scored. `npm run calibrate` replaces all of it.
 */
const DATA = new URL('../../../shared/routing-eval/train.jsonl.gz', import.meta.url);
const REGISTRY = new URL('../../src/registry.json', import.meta.url);
/** The entries that were graded, by the name that the data has for them. */
const GRADED: Readonly<Record<string, string>> = { 'groq/llama-3.1-8b-instant': 'llama-3.1-8b' };
/** A usual request. */
const [INPUT_TOKENS, OUTPUT_TOKENS] = [1000, 400];
const CHARACTERS_PER_TOKEN = 4;
const ANSWER_TOKENS = 250;

type GradedModel = { readonly model: string; readonly usdPer1k: number; readonly score: number };

const graded = gradedModels(await readLines(DATA.pathname, gradedPromptSchema));
const qualityAt = fitted(graded);
const document = JSON.parse(readFileSync(REGISTRY, 'utf8'));
const entries = Object.entries<Record<string, unknown>>(document.models);
for (const [id, entry] of entries) {
  if (entry['supportsEmbeddings'] === true) continue;
  const prices = entries
    .filter(([other]) => nameOf(other) === nameOf(id))
    .map(([, other]) => priceOf(other));
  const scored = graded.find(({ model }) => model === GRADED[id]);
  entry['quality'] = { [GENERAL_TASK]: rounded(scored?.score ?? qualityAt(Math.min(...prices))) };
}
writeFileSync(REGISTRY, `${JSON.stringify(document, undefined, 2)}\n`);

/** A model is no better where it is dearer. */
function nameOf(id: string): string {
  return id.split('/').at(-1) ?? id;
}

/** US dollars for 1,000 tokens of a usual request. */
function priceOf(entry: Record<string, unknown>): number {
  const usd =
    Number(entry['costPer1kInputTokens']) * INPUT_TOKENS +
    Number(entry['costPer1kOutputTokens']) * OUTPUT_TOKENS;
  return usd / (INPUT_TOKENS + OUTPUT_TOKENS);
}

/** For each graded model: what 1,000 tokens cost, and what it scored. */
function gradedModels(prompts: readonly GradedPrompt[]): GradedModel[] {
  const sums = new Map<string, { cost: number; tokens: number; score: number; prompts: number }>();
  for (const prompt of prompts) {
    for (const [model, [score, cost]] of Object.entries(prompt.models)) {
      const sum = sums.get(model) ?? { cost: 0, tokens: 0, score: 0, prompts: 0 };
      sum.cost += cost;
      sum.tokens += tokensOf(prompt);
      sum.score += score;
      sum.prompts += 1;
      sums.set(model, sum);
    }
  }
  return [...sums].map(([model, { cost, tokens, score, prompts: count }]) => {
    return { model, usdPer1k: (cost / tokens) * 1000, score: score / count };
  });
}

function tokensOf({ prompt }: GradedPrompt): number {
  return prompt.length / CHARACTERS_PER_TOKEN + ANSWER_TOKENS;
}

/** By least squares. */
function fitted(models: readonly GradedModel[]): (usdPer1k: number) => number {
  const x = models.map(({ usdPer1k }) => Math.log(usdPer1k));
  const y = models.map(({ score }) => logit(score));
  const [meanX, meanY] = [mean(x), mean(y)];
  const squares = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  const products = x.reduce((sum, value, at) => sum + (value - meanX) * ((y[at] ?? 0) - meanY), 0);
  const slope = products / squares;
  process.stderr.write(`${models.length} graded models, slope ${slope.toFixed(2)}\n`);
  return (usdPer1k) => 1 / (1 + Math.exp(-meanY - slope * (Math.log(usdPer1k) - meanX)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
