import type { Attempt } from '../domain/attempt.ts';
import type { RoutingDecision } from '../domain/decision.ts';
import type { AuditRecord } from '../domain/ledger.ts';

/** Whatever the registry says, these ask for a record themselves. */
const AUDITED_POLICY = 'regulated';
const AUDITED_TAG = 'audit_logged';

/** Who asked for what, and where it went: for requests that need a tag; undefined for all others. */
export function auditRecordOf(
  decision: RoutingDecision,
  attempts: readonly Attempt[],
  auditLogging: boolean,
): AuditRecord | undefined {
  const { compliance } = decision.requirement;
  if (compliance.size === 0) return undefined;
  const isAsked = decision.policy === AUDITED_POLICY || compliance.has(AUDITED_TAG);
  if (!auditLogging && !isAsked) return undefined;
  const refused = decision.rejections.filter(({ reason }) => reason === 'not-compliant');
  return {
    tags: [...compliance].sort(),
    policy: decision.policy,
    registryVersion: decision.registryVersion,
    modelsAllowed: decision.candidates.map(({ model }) => model),
    modelsRefused: refused.map(({ model }) => model),
    chosen: decision.selectedModel,
    attempts: attempts.map(({ number, model, provider, startedAt, outcome }) => ({
      number,
      model,
      provider,
      startedAt,
      outcome: outcome.type,
    })),
  };
}
