import type { RoutingDecision } from '../domain/decision.ts';
import type { LedgerEntry, LedgerLine } from '../domain/ledger.ts';
import { centsFromNano, type NanoUsd } from '../domain/money.ts';
import { inputTokensOf, type Usage } from '../domain/response.ts';
import type { TelemetryEvent } from '../domain/telemetry.ts';

/** What was decided, before any call. */
export function decisionEvent(requestId: string, decision: RoutingDecision): TelemetryEvent {
  return {
    event: 'routing_decision',
    ...attributesOf(requestId, decision),
    policy: decision.policy,
    task: decision.requirement.task,
    reason: decision.rejectionReason ?? decision.reason,
    registry: decision.registryVersion,
    candidates: decision.candidates.length,
    rejections: decision.rejections.length,
  };
}

/** What happened: one execution per attempt, one fallback per change of model, one bill. */
export function closingEvents(entry: LedgerEntry): TelemetryEvent[] {
  const attributes = attributesOf(entry.requestId, entry.decision);
  const executions = entry.lines.map((line) => ({ ...attributes, ...executionOf(line) }));
  return [...executions, ...fallbacksOf(entry), ...auditOf(entry), costEvent(entry)];
}

function executionOf(line: LedgerLine) {
  const { attempt } = line;
  const { outcome } = attempt;
  return {
    event: 'model_execution' as const,
    ...measuresOf(line.usage, line.costNanoUsd),
    attempt: attempt.number,
    model: attempt.model,
    provider: attempt.provider,
    outcome: outcome.type,
    failure: outcome.type === 'failed' ? outcome.failure.code : null,
    failure_class: outcome.type === 'failed' ? outcome.failure.kind : null,
    status: attempt.status ?? null,
    is_probe: attempt.isProbe,
    first_content_ms: attempt.firstContentMs ?? null,
    duration_ms: attempt.durationMs,
    usage_is_estimated: line.usageIsEstimated,
    warnings: attempt.warnings.length,
  };
}

function fallbacksOf(entry: LedgerEntry): TelemetryEvent[] {
  const attributes = attributesOf(entry.requestId, entry.decision);
  return entry.lines.flatMap(({ attempt }, at) => {
    const before = entry.lines[at - 1]?.attempt;
    if (before === undefined || before.model === attempt.model) return [];
    const { outcome } = before;
    const failure = outcome.type === 'failed' ? outcome.failure.code : outcome.type;
    const event = 'fallback_triggered' as const;
    return [{ ...attributes, event, from: before.model, to: attempt.model, failure }];
  });
}

function auditOf(entry: LedgerEntry): TelemetryEvent[] {
  const { audit, attribution } = entry;
  if (audit === undefined) return [];
  const event = {
    ...attributesOf(entry.requestId, entry.decision),
    event: 'compliance_audit' as const,
    tenant: attribution.tenant,
    key: attribution.keyId,
    claimed_user: attribution.claimedUser ?? null,
    tags: audit.tags,
    policy: audit.policy,
    registry: audit.registryVersion,
    models_allowed: audit.modelsAllowed,
    models_refused: audit.modelsRefused,
    chosen: audit.chosen ?? null,
    attempts: audit.attempts,
    served_model: entry.servedModel ?? null,
    outcome: entry.outcome,
  };
  return [event];
}

function costEvent(entry: LedgerEntry): TelemetryEvent {
  const served = entry.lines.at(-1);
  return {
    ...attributesOf(entry.requestId, entry.decision),
    event: 'cost_attribution',
    ...measuresOf(served?.usage ?? {}, entry.costNanoUsd),
    served_model: entry.servedModel ?? null,
    tenant: entry.attribution.tenant,
    key: entry.attribution.keyId,
    tags: entry.attribution.tags,
    outcome: entry.outcome,
    error: entry.errorCode ?? null,
    attempts: entry.lines.length,
    duration_ms: entry.durationMs,
    is_stream: entry.isStream,
  };
}

function attributesOf(requestId: string, decision: RoutingDecision) {
  return {
    request_id: requestId,
    selected_model: decision.selectedModel ?? null,
    fallback_chain: decision.fallbackChain,
    tokens_in: null,
    tokens_out: null,
    cost_cents: null,
  };
}

function measuresOf(usage: Usage, cost: NanoUsd | undefined) {
  return {
    tokens_in: inputTokensOf(usage) ?? null,
    tokens_out: usage.outputTokens ?? null,
    cost_cents: cost === undefined ? null : centsFromNano(cost),
  };
}
