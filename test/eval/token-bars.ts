import { TOKENIZER_FAMILIES, type TokenizerFamily } from '../../src/domain/model.ts';
import { summarize, type TokenScore } from './score-tokens.ts';
import type { UsageScore } from './score-usage.ts';
import { ADVERSARIAL, isTypical } from './token-corpus.ts';

/** A figure, and what it may be at the most. */
export type Bar = { readonly name: string; readonly figure: number; readonly atMost: number };

/** What the estimator is held to, for texts that no one made to mislead it. */
export function barsOf(scores: readonly TokenScore[], usage: readonly UsageScore[]): Bar[] {
  const counted = scores.filter(({ domain }) => domain !== ADVERSARIAL);
  const ofFamilies = TOKENIZER_FAMILIES.flatMap((family) => {
    return familyBars(
      counted.filter((score) => score.family === family),
      family,
    );
  });
  const ofModels = usage.map(({ model, meanError }) => {
    return { name: `real usage of ${model}: mean error`, figure: meanError, atMost: 0.05 };
  });
  return [...ofFamilies, ...ofModels];
}

function familyBars(scores: readonly TokenScore[], family: TokenizerFamily): Bar[] {
  const all = summarize(scores);
  const typical = summarize(scores.filter(({ domain }) => isTypical(domain)));
  const isO200k = family === 'o200k';
  const bars = [
    { name: 'mean error', figure: all.meanError, atMost: isO200k ? 0.05 : 0.07 },
    { name: 'texts over the bound', figure: all.brokenRatio, atMost: isO200k ? 0 : 0.03 },
    {
      name: "the bound's excess on typical text",
      figure: typical.meanExcess,
      atMost: isO200k ? 0.2 : 0.4,
    },
  ];
  if (isO200k) {
    bars.push({ name: 'mean error on typical text', figure: typical.meanError, atMost: 0.03 });
  }
  return bars.map((bar) => ({ ...bar, name: `${family}: ${bar.name}` }));
}
