import type { Attempt } from '../domain/attempt.ts';
import type { RoutingDecision } from '../domain/decision.ts';
import type { Attribution, LedgerEntry, LedgerLine } from '../domain/ledger.ts';
import type { RoutableModel } from '../domain/model.ts';
import { type NanoUsd, nanoUsd } from '../domain/money.ts';
import { auditRecordOf } from './audit-record.ts';
import { billOf } from './bill.ts';

/** A request that has come to its end. */
export type ClosedRequest = {
  readonly requestId: string;
  readonly attribution: Attribution;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly isStream: boolean;
  readonly decision: RoutingDecision;
  /** What was decided for single calls, by number, where that is another decision. */
  readonly earlier?: ReadonlyMap<number, RoutingDecision>;
  readonly attempts: readonly Attempt[];
  readonly modelById: ReadonlyMap<string, RoutableModel>;
  readonly errorCode: string | undefined;
  /** Whether the registry wants an audit record of each regulated request; not by default. */
  readonly auditLogging?: boolean;
};

/** Execution × attribution → the record of cost, with one line per attempt. */
export function toLedgerEntry(closed: ClosedRequest): LedgerEntry {
  const lines = closed.attempts.map((attempt) => toLine(attempt, closed));
  const last = closed.attempts.at(-1);
  const served = last?.outcome.type === 'answered' ? last.model : undefined;
  const { decision, attempts, auditLogging = false } = closed;
  const audit = auditRecordOf(decision, attempts, auditLogging);
  return {
    requestId: closed.requestId,
    attribution: closed.attribution,
    startedAt: closed.startedAt,
    durationMs: closed.endedAt - closed.startedAt,
    isStream: closed.isStream,
    decision,
    lines,
    servedModel: served,
    costNanoUsd: sumOf(lines),
    outcome: last?.outcome.type ?? 'failed',
    errorCode: closed.errorCode,
    ...(audit !== undefined && { audit }),
  };
}

function toLine(attempt: Attempt, { decision, earlier, modelById }: ClosedRequest): LedgerLine {
  const model = modelById.get(attempt.model);
  if (model === undefined)
    return { attempt, usage: attempt.usage, usageIsEstimated: false, costNanoUsd: undefined };
  const { requirement } = earlier?.get(attempt.number) ?? decision;
  return { attempt, ...billOf({ ...attempt, model, requirement }) };
}

function sumOf(lines: readonly LedgerLine[]): NanoUsd | undefined {
  let sum = 0;
  for (const { costNanoUsd } of lines) {
    if (costNanoUsd === undefined) return undefined;
    sum += costNanoUsd;
  }
  return nanoUsd(sum);
}
