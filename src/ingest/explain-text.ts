import type { Candidate, Requirement, RoutingDecision } from '../domain/decision.ts';
import { usdFromNano } from '../domain/money.ts';

/** A decision on one screen: the work, who won and by what, each loser and why it lost. */
export function explainInText(decision: RoutingDecision): string {
  const { candidates, rejections, requirement, policy, registryVersion } = decision;
  const [winner] = candidates;
  const width = Math.max(
    ...[...candidates, ...rejections].map(({ model }) => model.length),
    'model'.length,
  );
  const head =
    winner === undefined
      ? `no model fits: ${decision.rejectionReason}`
      : `${winner.model} wins: ${decision.reason}`;
  const lines = [
    head,
    `policy ${policy}, registry ${registryVersion}`,
    `work   ${workOf(requirement)}`,
    `needs  ${needsOf(requirement)}`,
    '',
    ...tableOf(candidates, width),
    ...(rejections.length === 0 ? [] : ['', 'cannot answer:']),
    ...rejections.map(
      ({ model, reason, message }) => `   ${model.padEnd(width)}  ${reason}: ${message}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function workOf({ task, reading }: Requirement): string {
  if (reading === undefined) return task;
  const { confidence, evidence, ease, shares } = reading;
  const told = evidence.map(({ feature, weight }) => `${feature} +${weight.toFixed(1)}`).join(', ');
  const others = shares
    .slice(1, 3)
    .map(({ kind, share }) => `${kind} ${share.toFixed(2)}`)
    .join(', ');
  const difficulty = ease.forWeak < 0 ? 'harder' : 'easier';
  return [
    `${task} ${confidence.toFixed(2)}${others === '' ? '' : ` (else ${others})`}`,
    `told by ${told}`,
    `${difficulty} than usual (${ease.forWeak.toFixed(2)} for weak models, ${ease.forStrong.toFixed(2)} for strong ones)`,
  ].join('; ');
}

function needsOf(requirement: Requirement): string {
  const { abilities, inputTokens, outputRoomTokens, compliance } = requirement;
  const asked = Object.entries(abilities).filter(([, isNeeded]) => isNeeded);
  const { estimated, atMost } = inputTokens.o200k;
  return [
    `${estimated} input tokens (at most ${atMost})`,
    `room for ${outputRoomTokens}`,
    ...asked.map(([ability]) => ability),
    ...compliance,
  ].join(', ');
}

function tableOf(candidates: readonly Candidate[], width: number): string[] {
  const [winner] = candidates;
  if (winner === undefined) return [];
  const head = `   ${'model'.padEnd(width)}  quality     cost $      ms   score`;
  const rows = candidates.map((candidate, at) =>
    [
      `${String(at + 1).padStart(2)} ${candidate.model.padEnd(width)}`,
      (candidate.quality?.toFixed(3) ?? '?').padStart(7),
      costOf(candidate).padStart(10),
      String(Math.round(candidate.estimatedLatencyMs)).padStart(7),
      candidate.score.toFixed(3).padStart(7),
      at === 0 ? 'wins' : behind(candidate, winner),
    ].join(' '),
  );
  return [head, ...rows];
}

function costOf({ estimatedCostNanoUsd: cost }: Candidate): string {
  return cost === undefined ? '?' : usdFromNano(cost).toPrecision(3);
}

/** What a loser has more and less of than the winner. */
export function behind(candidate: Candidate, winner: Candidate): string {
  const [cost, least] = [candidate.estimatedCostNanoUsd, winner.estimatedCostNanoUsd];
  const parts = [
    candidate.quality !== undefined && winner.quality !== undefined
      ? `quality ${signed(candidate.quality - winner.quality, 3)}`
      : undefined,
    cost !== undefined && least !== undefined && least > 0
      ? `cost ${(cost / least).toFixed(2)}x`
      : undefined,
    `${signed(candidate.estimatedLatencyMs - winner.estimatedLatencyMs, 0)} ms`,
    ...candidate.penalties,
  ];
  const difference = signed(candidate.score - winner.score, 3);
  return `${difference}: ${parts.filter((part) => part !== undefined).join(', ')}`;
}

function signed(value: number, digits: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
}
