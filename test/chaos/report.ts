import { type Evidence, isPlain, isServed } from './evidence.ts';
import type { Breach } from './oracle.ts';

export type ChaosReport = {
  readonly requests: number;
  readonly plain: number;
  readonly served: number;
  readonly calls: number;
  readonly lines: number;
  readonly callsPerRequest: number;
  readonly mostCallsOfOne: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What callers were told, by status and code. */
  readonly answers: Readonly<Record<string, number>>;
  readonly faults: readonly FaultRow[];
  readonly breaches: readonly Breach[];
};

/** One fault over a run: how often it was met, and what became of those requests. */
export type FaultRow = {
  readonly fault: string;
  readonly met: number;
  readonly requests: number;
  readonly rescued: number;
  readonly extraCalls: number;
};

export function reportOf(evidence: Evidence, breaches: readonly Breach[]): ChaosReport {
  const { observations, calls, lines } = evidence;
  const plain = observations.filter((observation) => isPlain(observation, evidence));
  const byNonce = Map.groupBy(calls, ({ nonce }) => nonce ?? '');
  const times = plain.map(({ startedAt, endedAt }) => endedAt - startedAt).sort((a, b) => a - b);
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
    callsPerRequest: calls.length / observations.length,
    mostCallsOfOne: Math.max(0, ...[...byNonce.values()].map((some) => some.length)),
    p50Ms: times[Math.floor(times.length * 0.5)] ?? 0,
    p99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
    answers,
    faults: faultRows(evidence, byNonce),
    breaches,
  };
}

function faultRows(
  { observations, calls }: Evidence,
  byNonce: ReadonlyMap<string, Evidence['calls']>,
): FaultRow[] {
  const faults = new Set(calls.map(({ fault }) => fault).filter((fault) => fault !== undefined));
  return [...faults].sort().map((fault) => {
    const hit = observations.filter(({ request }) =>
      byNonce.get(request.nonce)?.some((call) => call.fault === fault),
    );
    const all = hit.flatMap(({ request }) => byNonce.get(request.nonce) ?? []);
    return {
      fault,
      met: all.filter((call) => call.fault === fault).length,
      requests: hit.length,
      rescued: hit.filter(isServed).length,
      extraCalls: all.length - hit.length,
    };
  });
}

/** The report as a person reads it. */
export function printReport(report: ChaosReport): string {
  const { faults, answers, breaches } = report;
  const rows = faults.map(
    ({ fault, met, requests, rescued, extraCalls }) =>
      `  ${fault.padEnd(10)} ${String(met).padStart(6)} ${String(requests).padStart(9)} ${String(rescued).padStart(8)} ${String(extraCalls).padStart(12)}`,
  );
  const byInvariant = Map.groupBy(breaches, ({ invariant }) => invariant);
  return [
    `${report.requests} requests, ${report.served} of ${report.plain} plain ones served`,
    `${report.calls} calls, ${report.lines} lines in the books, ${report.callsPerRequest.toFixed(3)} calls a request, at most ${report.mostCallsOfOne} for one`,
    `time: p50 ${report.p50Ms} ms, p99 ${report.p99Ms} ms`,
    `answers: ${Object.entries(answers)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
    '',
    '  fault         met  requests  rescued  extra calls',
    ...rows,
    '',
    breaches.length === 0 ? 'no breach of any invariant' : `${breaches.length} breaches:`,
    ...[...byInvariant].flatMap(([invariant, some]) => [
      `  ${invariant}: ${some.length}`,
      ...some.slice(0, 5).map(({ what }) => `    ${what.slice(0, 400)}`),
    ]),
  ].join('\n');
}
