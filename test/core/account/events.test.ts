import { describe, expect, it } from 'vitest';
import { closingEvents, decisionEvent } from '../../../src/account/events.ts';
import { toLedgerEntry } from '../../../src/account/ledger-entry.ts';
import type { Attempt } from '../../../src/domain/attempt.ts';
import { aDecision, anAttempt, someModels } from '../../support/plans.ts';

const MODELS = someModels(3);
const DECISION = aDecision(MODELS);
const PUBLIC = {
  request_id: 'r1',
  selected_model: 'openai/m1',
  fallback_chain: ['openai/m2', 'openai/m3'],
};

function failed(id: string, number: number): Attempt {
  const failure = { kind: 'overload', code: 'overloaded', message: 'overloaded' } as const;
  return anAttempt(id, {
    number,
    status: 529,
    firstContentMs: undefined,
    outcome: { type: 'failed', failure: { ...failure, status: 529, accepted: 'no' } },
    usage: {},
    outputCharacters: 0,
  });
}

function eventsOf(attempts: readonly Attempt[], errorCode?: string) {
  return closingEvents(
    toLedgerEntry({
      requestId: 'r1',
      attribution: {
        tenant: 'owner',
        keyId: 'key_1',
        tags: ['team-a'],
        claimedUser: 'somebody',
        sessionId: undefined,
      },
      startedAt: 1_000_000,
      endedAt: 1_002_000,
      isStream: true,
      decision: DECISION,
      attempts,
      modelById: new Map(MODELS.map((model) => [model.id, model])),
      errorCode,
    }),
  );
}

describe('decisionEvent', () => {
  it('says what was chosen and why, before any call', () => {
    expect(decisionEvent('r1', DECISION)).toEqual({
      event: 'routing_decision',
      ...PUBLIC,
      tokens_in: null,
      tokens_out: null,
      cost_cents: null,
      policy: 'auto',
      task: 'general',
      reason: 'it is the first',
      registry: 'test',
      candidates: 3,
      rejections: 0,
    });
  });

  it('says why nothing was chosen', () => {
    const decision = { ...aDecision([]), rejectionReason: 'no-vision: 3' };

    expect(decisionEvent('r1', decision)).toMatchObject({
      selected_model: null,
      fallback_chain: [],
      reason: 'no-vision: 3',
    });
  });
});

describe('closingEvents', () => {
  it('has one execution per attempt, with what it used, cost and took', () => {
    const [execution] = eventsOf([anAttempt('openai/m1')]);

    expect(execution).toEqual({
      event: 'model_execution',
      ...PUBLIC,
      tokens_in: 10,
      tokens_out: 5,
      cost_cents: 0.002,
      attempt: 1,
      model: 'openai/m1',
      provider: 'openai',
      outcome: 'answered',
      failure: null,
      failure_class: null,
      status: 200,
      is_probe: false,
      first_content_ms: 300,
      duration_ms: 900,
      usage_is_estimated: false,
      warnings: 0,
    });
  });

  it('names the class and the code of a failure, in our own words', () => {
    const [execution] = eventsOf([failed('openai/m1', 1)], 'no_capacity');

    expect(execution).toMatchObject({
      outcome: 'failed',
      failure: 'overloaded',
      failure_class: 'overload',
      status: 529,
      first_content_ms: null,
      cost_cents: 0,
    });
  });

  it('tells of every change of model, and of none where a model was asked again', () => {
    const attempts = [
      failed('openai/m1', 1),
      failed('openai/m1', 2),
      failed('openai/m2', 3),
      anAttempt('openai/m3', { number: 4 }),
    ];

    const fallbacks = eventsOf(attempts).filter(({ event }) => event === 'fallback_triggered');

    expect(fallbacks).toEqual(
      [
        ['openai/m1', 'openai/m2'],
        ['openai/m2', 'openai/m3'],
      ].map(([from, to]) => ({
        event: 'fallback_triggered',
        ...PUBLIC,
        tokens_in: null,
        tokens_out: null,
        cost_cents: null,
        from,
        to,
        failure: 'overloaded',
      })),
    );
  });

  it('closes with one bill for the whole request', () => {
    expect(
      eventsOf([failed('openai/m1', 1), anAttempt('openai/m2', { number: 2 })]).at(-1),
    ).toEqual({
      event: 'cost_attribution',
      ...PUBLIC,
      tokens_in: 10,
      tokens_out: 5,
      cost_cents: 0.002,
      served_model: 'openai/m2',
      tenant: 'owner',
      key: 'key_1',
      tags: ['team-a'],
      outcome: 'answered',
      error: null,
      attempts: 2,
      duration_ms: 2000,
      is_stream: true,
    });
  });

  it('bills a request that called nobody', () => {
    expect(eventsOf([], 'no_capable_model')).toEqual([
      expect.objectContaining({
        event: 'cost_attribution',
        served_model: null,
        tokens_in: null,
        cost_cents: 0,
        outcome: 'failed',
        error: 'no_capable_model',
        attempts: 0,
      }),
    ]);
  });

  it('never says who the end user claims to be', () => {
    expect(JSON.stringify(eventsOf([anAttempt('openai/m1')]))).not.toContain('somebody');
  });
});
