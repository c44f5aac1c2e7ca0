import { describe, expect, it } from 'vitest';
import { unpackTables } from '../../src/classify/token-tables.ts';
import { TOKEN_WEIGHTS } from '../../src/classify/token-weights.ts';
import { fitWithout, loadCorpus } from './fit-tokens.ts';
import { scoreFolds, scoreText } from './score-tokens.ts';
import { scoreUsage } from './score-usage.ts';
import { barsOf } from './token-bars.ts';
import { hasTokenCorpus, readTokenCorpus, readUsageSamples } from './token-corpus.ts';
import { readTokenFolds } from './token-folds.ts';

const corpus = describe.skipIf(!hasTokenCorpus);

corpus('token estimates of ../shared/token-corpus (skipped where it is missing)', () => {
  const folds = hasTokenCorpus ? readTokenFolds() : {};

  it.each(barsOfFolds())('stay within the bars by weights of other domains: $name', (bar) => {
    expect(bar.figure).toBeLessThanOrEqual(bar.atMost);
  });

  it('have a bar for each family and each model with enough answers', () => {
    expect(barsOfFolds()).toHaveLength(13 + 8);
  });

  it('stay within the bars by the shipped weights', () => {
    const tables = unpackTables(TOKEN_WEIGHTS);
    const scores = readTokenCorpus().flatMap((text) => scoreText(text, tables));

    const missed = barsOf(scores, []).filter(({ figure, atMost }) => figure > atMost);

    expect(missed).toEqual([]);
  });

  it('come from weights that fitting gives again', () => {
    const texts = loadCorpus();

    expect(fitWithout(undefined, texts)).toEqual(TOKEN_WEIGHTS);
    expect(fitWithout('code', texts)).toEqual(folds['code']);
  });
});

function barsOfFolds() {
  if (!hasTokenCorpus) return [];
  const folds = readTokenFolds();
  const withoutChat = folds['en-chat'];
  if (withoutChat === undefined) throw new Error('no weights without en-chat');
  const usage = scoreUsage(readUsageSamples(), unpackTables(withoutChat));
  return barsOf(scoreFolds(folds, readTokenCorpus()), usage);
}
