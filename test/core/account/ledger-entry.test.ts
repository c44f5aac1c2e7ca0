import { describe, expect, it } from 'vitest';
import { type ClosedRequest, toLedgerEntry } from '../../../src/account/ledger-entry.ts';
import type { Attempt } from '../../../src/domain/attempt.ts';
import { aModel } from '../../support/builders.ts';
import { aDecision, anAttempt, someModels } from '../../support/plans.ts';

const MODELS = someModels(2);
const ATTRIBUTION = {
  tenant: 'owner',
  keyId: 'key_1',
  tags: ['team-a'],
  claimedUser: undefined,
  sessionId: undefined,
};

function entryOf(attempts: readonly Attempt[], fields: Partial<ClosedRequest> = {}) {
  return toLedgerEntry({
    requestId: 'r1',
    attribution: ATTRIBUTION,
    startedAt: 1000,
    endedAt: 4500,
    isStream: false,
    decision: aDecision(MODELS),
    attempts,
    modelById: new Map(MODELS.map((model) => [model.id, model])),
    errorCode: undefined,
    ...fields,
  });
}

const failed = anAttempt('openai/m1', {
  outcome: {
    type: 'failed',
    failure: {
      kind: 'slow',
      code: 'slow',
      message: 'slow',
      status: undefined,
      accepted: 'unknown',
    },
  },
  usage: {},
  outputCharacters: 0,
});
const answered = anAttempt('openai/m2', { number: 2 });

describe('toLedgerEntry', () => {
  it('has one line per attempt and the sum of them', () => {
    const entry = entryOf([failed, answered]);

    expect(entry).toEqual({
      requestId: 'r1',
      attribution: ATTRIBUTION,
      startedAt: 1000,
      durationMs: 3500,
      isStream: false,
      decision: aDecision(MODELS),
      lines: [
        {
          attempt: failed,
          usage: { uncachedInputTokens: 100, outputTokens: 0 },
          usageIsEstimated: true,
          costNanoUsd: 100_000,
        },
        {
          attempt: answered,
          usage: { uncachedInputTokens: 10, outputTokens: 5 },
          usageIsEstimated: false,
          costNanoUsd: 20_000,
        },
      ],
      servedModel: 'openai/m2',
      costNanoUsd: 120_000,
      outcome: 'answered',
      errorCode: undefined,
    });
  });

  it('says that nobody served when the last attempt failed', () => {
    expect(entryOf([failed], { errorCode: 'upstream_timeout' })).toMatchObject({
      servedModel: undefined,
      outcome: 'failed',
      errorCode: 'upstream_timeout',
    });
  });

  it('says that a caller who left was not served', () => {
    const left = anAttempt('openai/m1', { outcome: { type: 'cancelled' } });

    expect(entryOf([left])).toMatchObject({ servedModel: undefined, outcome: 'cancelled' });
  });

  it('is failed and free when nothing was called', () => {
    expect(entryOf([], { errorCode: 'no_capable_model' })).toMatchObject({
      lines: [],
      costNanoUsd: 0,
      outcome: 'failed',
    });
  });

  it('knows no sum where one price is not known', () => {
    const unpriced = aModel('openai/m1', { costPer1kInputTokens: null });
    const modelById = new Map([unpriced, ...MODELS.slice(1)].map((model) => [model.id, model]));

    expect(entryOf([failed, answered], { modelById }).costNanoUsd).toBeUndefined();
  });
});
