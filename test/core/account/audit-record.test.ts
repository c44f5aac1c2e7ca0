import { describe, expect, it } from 'vitest';
import { auditRecordOf } from '../../../src/account/audit-record.ts';
import type { RoutingDecision } from '../../../src/domain/decision.ts';
import { aDecision, anAttempt, aRequirement, someModels } from '../../support/plans.ts';

function decided(tags: readonly string[], fields: Partial<RoutingDecision> = {}): RoutingDecision {
  const requirement = aRequirement({ compliance: new Set(tags) });
  return { ...aDecision(someModels(2)), requirement, ...fields };
}

const [, , M3, M4] = someModels(4).map(({ id }) => id);
if (M3 === undefined || M4 === undefined) throw new Error('four models');
const REFUSED = [
  { model: M3, reason: 'not-compliant', message: 'lacks pii_safe' },
  { model: M4, reason: 'no-vision', message: 'cannot see images' },
] as const;

describe('auditRecordOf', () => {
  it('says what was asked for, who might answer, who was chosen, and every attempt', () => {
    const decision = decided(['pii_safe', 'gdpr_compliant'], { rejections: REFUSED });
    const failure = {
      kind: 'overload',
      code: 'x',
      message: 'x',
      status: 529,
      accepted: 'no',
    } as const;
    const attempts = [
      anAttempt('openai/m1', { number: 1, outcome: { type: 'failed', failure } }),
      anAttempt('openai/m2', { number: 2, startedAt: 1_000_500 }),
    ];

    expect(auditRecordOf(decision, attempts, true)).toEqual({
      tags: ['gdpr_compliant', 'pii_safe'],
      policy: 'auto',
      registryVersion: 'test',
      modelsAllowed: ['openai/m1', 'openai/m2'],
      modelsRefused: ['openai/m3'],
      chosen: 'openai/m1',
      attempts: [
        {
          number: 1,
          model: 'openai/m1',
          provider: 'openai',
          startedAt: 1_000_000,
          outcome: 'failed',
        },
        {
          number: 2,
          model: 'openai/m2',
          provider: 'openai',
          startedAt: 1_000_500,
          outcome: 'answered',
        },
      ],
    });
  });

  it.each<[string, RoutingDecision, boolean, boolean]>([
    ['a request that needs no tag', decided([]), true, false],
    ['a regulated request where the registry wants records', decided(['pii_safe']), true, true],
    ['a regulated request where it does not', decided(['pii_safe']), false, false],
    ['one that asks for a record itself', decided(['audit_logged']), false, true],
    ['one of the policy "regulated"', decided(['pii_safe'], { policy: 'regulated' }), false, true],
  ])('of %s', (_, decision, auditLogging, isKept) => {
    expect(auditRecordOf(decision, [], auditLogging) !== undefined).toBe(isKept);
  });
});
