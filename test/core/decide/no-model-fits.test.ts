import { describe, expect, it } from 'vitest';
import { noModelFits } from '../../../src/decide/no-model-fits.ts';
import type { Rejection, RejectionReason } from '../../../src/domain/decision.ts';
import { aDecision, someModels } from '../../support/plans.ts';

function aRefusal(reasons: readonly (readonly [RejectionReason, string?])[], retryInMs = Infinity) {
  const rejections: Rejection[] = someModels(reasons.length).map(({ id }, at) => {
    const [reason = 'no-vision', message = 'because'] = reasons[at] ?? [];
    return { model: id, reason, message };
  });
  const counted = reasons.map(([reason]) => reason);
  const rejectionReason = `${counted[0]}: ${counted.length}`;
  return noModelFits(
    { ...aDecision([]), rejectionReason, rejections },
    { retryInMs, isRetry: false },
  );
}

describe('noModelFits', () => {
  it('says what excluded each model, what most of them lack and what could be given up', () => {
    const { code, message, details } = aRefusal([
      ['too-expensive', 'would cost about $2, limit $1'],
      ['not-compliant', 'lacks pii_safe'],
      ['no-vision', 'cannot see images'],
    ]);

    expect([code, message]).toEqual([
      'no_capable_model',
      'no model can answer this request (too-expensive: 3)',
    ]);
    expect(details).toEqual({
      availability: {
        excluded_by: [
          { model: 'openai/m1', reason: 'too-expensive', message: 'would cost about $2, limit $1' },
          { model: 'openai/m2', reason: 'not-compliant', message: 'lacks pii_safe' },
          { model: 'openai/m3', reason: 'no-vision', message: 'cannot see images' },
        ],
        constraint: 'too-expensive',
        relax: ['routing.maxCostUsd, provider.max_price', 'routing.compliance'],
      },
    });
  });

  it('names the largest window where windows were the trouble', () => {
    const { message } = aRefusal([
      ['window-too-small', 'window 8000, needs up to 2000000 tokens'],
      ['window-too-small', 'window 1000000, needs up to 2000000 tokens'],
    ]);

    expect(message).toContain('the largest window is 1000000 tokens');
  });

  it('leaves out models that were not asked for', () => {
    const { details } = aRefusal([['no-vision'], ['not-a-candidate']]);

    expect(details.availability?.excluded_by.map(({ model }) => model)).toEqual(['openai/m1']);
  });

  it.each([
    ['breaker-open', 12_000, 12_000],
    ['key-held', 12_000, 12_000],
    ['provider-open', 12_000, 12_000],
    ['key-held', 0, 1000],
    ['key-held', 3_600_000, 60_000],
  ] as const)(
    'with %s, free in %i ms, lets the caller come back in %i ms (F88)',
    (reason, retryInMs, retryAfterMs) => {
      const { code, details } = aRefusal([['no-vision'], [reason]], retryInMs);

      expect([code, details]).toEqual([
        'all_candidates_unavailable',
        { retryAfterMs, shouldRetry: true },
      ]);
    },
  );
});
