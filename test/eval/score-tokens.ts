import { estimateTokens, profileTexts } from '../../src/classify/estimate-tokens.ts';
import { type TokenTables, unpackTables } from '../../src/classify/token-tables.ts';
import { TOKENIZER_FAMILIES, type TokenizerFamily } from '../../src/domain/model.ts';
import { ADVERSARIAL, isTypical } from './token-corpus.ts';
import type { TokenFolds } from './token-folds.ts';
import type { CountedText } from './token-texts.ts';

/** How an estimate compares with the real count of one text, as shares of that count. */
export type TokenScore = {
  readonly id: string;
  readonly domain: string;
  readonly family: TokenizerFamily;
  /** Above 0 when the estimate is too high. */
  readonly error: number;
  /** The bound above the real count; below 0 when the text broke it. */
  readonly excess: number;
};

export function scoreText(text: CountedText, tables: TokenTables): TokenScore[] {
  const profile = profileTexts([text.text], tables);
  return TOKENIZER_FAMILIES.map((family) => {
    const { estimated, atMost } = estimateTokens(profile, family, tables);
    const real = text.tokens[family];
    const { id, domain } = text;
    return { id, domain, family, error: estimated / real - 1, excess: atMost / real - 1 };
  });
}

/** The texts of each domain, estimated by the weights that were fitted to all others. */
export function scoreFolds(folds: TokenFolds, texts: readonly CountedText[]): TokenScore[] {
  return Object.entries(folds).flatMap(([domain, packed]) => {
    const tables = unpackTables(packed);
    const leftOut = texts.filter((text) => text.domain === domain);
    return leftOut.flatMap((text) => scoreText(text, tables));
  });
}

/** What the scores of a group of texts come to. */
export type TokenSummary = {
  readonly texts: number;
  readonly meanError: number;
  readonly bias: number;
  readonly worstUnder: number;
  readonly worstOver: number;
  /** The share of texts that broke the bound. */
  readonly brokenRatio: number;
  readonly worstBreak: number;
  readonly meanExcess: number;
};

export function summarize(scores: readonly TokenScore[]): TokenSummary {
  const errors = scores.map(({ error }) => error);
  const excesses = scores.map(({ excess }) => excess);
  return {
    texts: scores.length,
    meanError: mean(errors.map(Math.abs)),
    bias: mean(errors),
    worstUnder: Math.min(...errors),
    worstOver: Math.max(...errors),
    brokenRatio: excesses.filter((excess) => excess < 0).length / excesses.length,
    worstBreak: Math.min(...excesses),
    meanExcess: mean(excesses),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The groups that the bars are set for, and each domain by itself. */
export function groupsOf(scores: readonly TokenScore[]): ReadonlyMap<string, TokenScore[]> {
  const counted = scores.filter(({ domain }) => domain !== ADVERSARIAL);
  const groups = new Map([
    ['all but adversarial', counted],
    ['typical', counted.filter(({ domain }) => isTypical(domain))],
  ]);
  for (const domain of new Set(scores.map((score) => score.domain))) {
    groups.set(
      domain,
      scores.filter((score) => score.domain === domain),
    );
  }
  return groups;
}

/** One line per group, for people. */
export function tableOf(scores: readonly TokenScore[]): string {
  const heading = `${'group'.padEnd(20)}texts  error   bias   under    over  broken  worst  excess`;
  const lines = [...groupsOf(scores)].map(([name, group]) => {
    const summary = summarize(group);
    const shares = [
      summary.meanError,
      summary.bias,
      summary.worstUnder,
      summary.worstOver,
      summary.brokenRatio,
      summary.worstBreak,
      summary.meanExcess,
    ];
    const cells = shares.map((share) => `${(share * 100).toFixed(1)}%`.padStart(7));
    return `${name.padEnd(20)}${String(summary.texts).padStart(5)}${cells.join('')}`;
  });
  return [heading, ...lines].join('\n');
}
