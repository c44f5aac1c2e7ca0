import { describe, expect, it } from 'vitest';
import { nanoUsd } from '../../../src/domain/money.ts';
import { explainDecision } from '../../../src/ingest/explain.ts';
import { aModel } from '../../support/builders.ts';
import { aCandidate, aDecision, aRequirement } from '../../support/plans.ts';

const MODEL = aModel('openai/m1');

describe('explainDecision', () => {
  it('says who won with which numbers, and who cannot and why not', () => {
    const decision = {
      ...aDecision([MODEL]),
      candidates: [
        aCandidate(MODEL, {
          estimatedCostNanoUsd: nanoUsd(1500),
          score: 0.123_456,
          penalties: ['x'],
        }),
      ],
      rejections: [
        { model: aModel('groq/m2').id, reason: 'no-vision', message: 'cannot see images' } as const,
      ],
    };

    expect(explainDecision(decision)).toMatchObject({
      selectedModel: 'openai/m1',
      rejectionReason: null,
      candidates: [
        { model: 'openai/m1', estimatedCost: 0.000_001_5, score: 0.1235, penalties: ['x'] },
      ],
      rejections: [{ model: 'groq/m2', reason: 'no-vision', message: 'cannot see images' }],
    });
  });

  it('is plain JSON: sets are lists, and what is not known is null', () => {
    const requirement = aRequirement({
      parameters: new Set(['seed']),
      compliance: new Set(['pii_safe']),
      regions: new Set(['eu']),
    });
    const candidates = [aCandidate(MODEL, { estimatedCostNanoUsd: undefined })];
    const decision = { ...aDecision([MODEL]), selectedModel: undefined, requirement, candidates };

    const explained = explainDecision(decision);

    expect(JSON.parse(JSON.stringify(explained))).toEqual(explained);
    expect(explained).toMatchObject({
      selectedModel: null,
      requirement: { parameters: ['seed'], compliance: ['pii_safe'], regions: ['eu'] },
      candidates: [{ estimatedCost: null }],
    });
  });
});
