import { type Breach, type Evidence, isPlain, isServed } from './evidence.ts';
import { breachesOf } from './oracle.ts';
import type { Figure } from './profiles.ts';

/** What a run came to, in numbers. */
export type ChaosReport = {
  readonly requests: number;
  /** Nobody left, nobody was at fault, and no isolate was killed. */
  readonly plain: number;
  readonly served: number;
  readonly calls: number;
  readonly lines: number;
  /** Lines that the reconciler closed. */
  readonly orphans: number;
  readonly callsPerRequest: number;
  readonly mostCallsOfOne: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What callers of plain requests were told, by status and code. */
  readonly answers: Readonly<Record<string, number>>;
  readonly faults: readonly FaultRow[];
};

/** One fault over a run: how often it was met, and what became of those requests. */
export type FaultRow = {
  readonly fault: string;
  /** Calls that it was played to. */
  readonly met: number;
  /** Plain requests that met it. */
  readonly tried: number;
  readonly rescued: number;
  /** Calls of these requests, and those beyond one for each. */
  readonly attempts: number;
  readonly extraCalls: number;
  /** What half of them took at the most. */
  readonly p50Ms: number;
};

export type Report = {
  readonly profile: string;
  readonly seed: number;
  /** Of a mixed run. */
  readonly run?: ChaosReport;
  readonly figures: readonly Figure[];
  readonly breaches: readonly Breach[];
};

export function mixedReport(seed: number, evidence: Evidence): Report {
  return {
    profile: 'mixed',
    seed,
    run: reportOf(evidence),
    figures: [],
    breaches: breachesOf(evidence),
  };
}

export function reportOf(evidence: Evidence): ChaosReport {
  const { observations, calls, lines } = evidence;
  const plain = observations.filter((observation) => isPlain(observation, evidence));
  const byNonce = Map.groupBy(calls, ({ nonce }) => nonce ?? '');
  const answers: Record<string, number> = {};
  for (const { status, heard } of plain) {
    const name = `${status ?? 'broken'} ${heard?.error ?? (heard?.isWhole ? 'whole' : 'cut')}`;
    answers[name] = (answers[name] ?? 0) + 1;
  }
  return {
    requests: observations.length,
    plain: plain.length,
    served: plain.filter(isServed).length,
    calls: calls.length,
    lines: lines.length,
    orphans: lines.filter(({ outcome }) => outcome === 'orphan').length,
    callsPerRequest: calls.length / observations.length,
    mostCallsOfOne: Math.max(0, ...[...byNonce.values()].map((some) => some.length)),
    p50Ms: timeOf(plain, 0.5),
    p99Ms: timeOf(plain, 0.99),
    answers,
    faults: faultRows(evidence, byNonce),
  };
}

function faultRows(
  evidence: Evidence,
  byNonce: ReadonlyMap<string, Evidence['calls']>,
): FaultRow[] {
  const plain = evidence.observations.filter((observation) => isPlain(observation, evidence));
  const callsOf = (some: Evidence['observations']) =>
    some.flatMap(({ request }) => byNonce.get(request.nonce) ?? []);
  const metByFault = Map.groupBy(evidence.calls, ({ fault }) => fault);
  return [...metByFault].flatMap(([fault, met]) => {
    if (fault === undefined) return [];
    const hit = plain.filter(({ request }) =>
      byNonce.get(request.nonce)?.some((call) => call.fault === fault),
    );
    const attempts = callsOf(hit).length;
    return [
      {
        fault,
        met: met.length,
        tried: hit.length,
        rescued: hit.filter(isServed).length,
        attempts,
        extraCalls: attempts - hit.length,
        p50Ms: timeOf(hit, 0.5),
      },
    ];
  });
}

function timeOf(some: Evidence['observations'], share: number): number {
  const times = some.map(({ startedAt, endedAt }) => endedAt - startedAt).sort((a, b) => a - b);
  return times[Math.floor(times.length * share)] ?? 0;
}
