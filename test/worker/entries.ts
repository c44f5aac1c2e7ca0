import type { Attempt } from '../../src/domain/attempt.ts';
import type { LedgerEntry, LedgerLine } from '../../src/domain/ledger.ts';
import { nanoUsd } from '../../src/domain/money.ts';
import { aModel } from '../support/builders.ts';
import { aDecision } from '../support/plans.ts';

/** A good attempt: 10 tokens in, 5 out. */
export function anAttempt(fields: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    model: aModel().id,
    provider: 'openai',
    isProbe: false,
    startedAt: Date.now(),
    firstContentMs: 40,
    durationMs: 50,
    outcome: { type: 'answered', finishReason: { unified: 'stop', raw: 'stop' } },
    status: 200,
    upstreamId: 'c1',
    upstreamModel: 'gpt-test',
    usage: { uncachedInputTokens: 10, outputTokens: 5 },
    outputCharacters: 20,
    warnings: [],
    ...fields,
  };
}

export function aLine(fields: Partial<LedgerLine> = {}): LedgerLine {
  const attempt = fields.attempt ?? anAttempt();
  const { usage } = attempt;
  return { attempt, usage, usageIsEstimated: false, costNanoUsd: nanoUsd(20_000), ...fields };
}

/** A request that was answered at once, just now. */
export function anEntry(requestId: string, fields: Partial<LedgerEntry> = {}): LedgerEntry {
  const lines = fields.lines ?? [aLine()];
  return {
    requestId,
    attribution: {
      tenant: 'owner',
      keyId: 'key_1',
      tags: [],
      claimedUser: undefined,
      sessionId: undefined,
    },
    startedAt: Date.now(),
    durationMs: 60,
    isStream: false,
    decision: aDecision([aModel()]),
    lines,
    servedModel: aModel().id,
    costNanoUsd: nanoUsd(20_000 * lines.length),
    outcome: 'answered',
    errorCode: undefined,
    ...fields,
  };
}
