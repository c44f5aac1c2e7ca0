import { describe, expect, it } from 'vitest';
import { nanoUsd } from '../../../src/domain/money.ts';
import { explainInText } from '../../../src/ingest/explain-text.ts';
import { aModel } from '../../support/builders.ts';
import { aCandidate, aDecision, aRequirement } from '../../support/plans.ts';

const WINNER = aModel('openai/winner');
const LOSER = aModel('groq/loser');

describe('explainInText', () => {
  const decision = {
    ...aDecision([WINNER, LOSER]),
    reason: 'quality 0.800 - 20.0 * $0.00100 = 0.780, the best by balanced for code 0.97',
    policy: 'balanced',
    requirement: aRequirement({
      task: 'code',
      compliance: new Set(['pii_safe']),
      reading: {
        confidence: 0.97,
        shares: [
          { kind: 'code', share: 0.97 },
          { kind: 'computing', share: 0.03 },
        ],
        ease: { forWeak: -0.4, forStrong: -0.1 },
        evidence: [{ feature: 'words of code', weight: 1.42 }],
      },
    }),
    candidates: [
      aCandidate(WINNER, { quality: 0.8, score: 0.78, estimatedCostNanoUsd: nanoUsd(1_000_000) }),
      aCandidate(LOSER, {
        quality: 0.7,
        score: 0.699,
        estimatedCostNanoUsd: nanoUsd(50_000),
        estimatedLatencyMs: 200,
      }),
    ],
    rejections: [
      { model: aModel('xai/blind').id, reason: 'no-vision', message: 'cannot see images' } as const,
    ],
  };

  it('says on one screen who won and by what, and by how much each other lost', () => {
    expect(explainInText(decision)).toBe(`openai/winner wins: ${decision.reason}
policy balanced, registry test
work   code 0.97 (else computing 0.03); told by words of code +1.4; harder than usual (-0.40 for weak models, -0.10 for strong ones)
needs  ${decision.requirement.inputTokens.o200k.estimated} input tokens (at most ${decision.requirement.inputTokens.o200k.atMost}), room for ${decision.requirement.outputRoomTokens}, pii_safe

   model          quality     cost $      ms   score
 1 openai/winner   0.800    0.00100     500   0.780 wins
 2 groq/loser      0.700  0.0000500     200   0.699 −0.081: quality −0.100, cost 0.05x, −300 ms

cannot answer:
   xai/blind      no-vision: cannot see images
`);
  });

  it('says why nothing fits', () => {
    const nothing = { ...decision, candidates: [], rejectionReason: 'no-vision: 1' };

    expect(explainInText(nothing)).toMatch('no model fits: no-vision: 1');
  });
});
