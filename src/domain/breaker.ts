import { byThisClock } from './breaker-clock.ts';
import type { BreakerRecord, Permit, Phase } from './breaker-record.ts';
import { addToWindow, type Bucket, hasWindow, isTooBad } from './breaker-window.ts';
import type { BreakerPolicy } from './routing-config.ts';

export { type BreakerRecord, breakerRecordSchema } from './breaker-record.ts';

/** Where a breaker stands. `open`: nothing passes; `half-open`: leased probes only. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** What an isolate saw since its last report. Durations travel, instants do not: clocks differ. */
export type BreakerReport = {
  readonly from: string;
  readonly sequence: number;
  /** Outcomes in order, run-length coded: +n successes, -n counted failures. */
  readonly runs: readonly number[];
  /** How many of these calls passed their slow mark. */
  readonly slow?: number;
  /** How long ago the newest success of the runs was. */
  readonly sinceSuccessMs: number;
  readonly probe?: { readonly permit: string; readonly isGood: boolean } | undefined;
  readonly wantsPermit: boolean;
  readonly policy: BreakerPolicy;
};

export type BreakerSnapshot = {
  readonly epoch: number;
  readonly state: BreakerState;
  /** How long the isolate may rely on it: until the cooldown or the lease ends. */
  readonly ttlMs: number;
  readonly failuresInRow: number;
  /** How much of its ramp is left, where the policy has one. */
  readonly rampLeftMs?: number | undefined;
  /** Leave for one probe, given to one isolate in the fleet at a time. */
  readonly permit?: { readonly id: string; readonly ttlMs: number } | undefined;
};

/** A failure older than this starts a new run: rare noise must not add up over hours. */
const FAILURE_MEMORY_MS = 60_000;
/** A probe that has not come back by then is lost, and another may go. Above the first-token limit. */
export const PROBE_LEASE_MS = 75_000;
/** How often an isolate may ask again while a probe is out. */
const HALF_OPEN_TTL_MS = { least: 250, most: 5000 };
/** What a closed breaker's snapshot is good for; nothing asks again without a failure. */
const CLOSED_TTL_MS = 60_000;
/** Isolates remembered for dropping repeated reports; about 60 KB of state at the most. */
const MAX_SEEN = 1000;

const NEW_PHASE = { state: 'closed', failuresInRow: 0, lastFailureAt: 0 } as const;

export const NEW_BREAKER: BreakerRecord = {
  epoch: 0,
  phase: NEW_PHASE,
  seen: [],
};

/** What the machine may not make itself. */
export type BreakerMoment = {
  readonly now: number;
  readonly newPermitId: string;
  /** 0 to 1, for cooldowns that grow; in the middle by default. */
  readonly jitter?: number;
};

/** One step of the machine: takes a report, gives the next record and the answer to the isolate. */
export function syncBreaker(
  record: BreakerRecord,
  report: BreakerReport,
  moment: BreakerMoment,
): { readonly record: BreakerRecord; readonly snapshot: BreakerSnapshot } {
  const { now } = moment;
  let next = wakeUp(byThisClock(record, now, PROBE_LEASE_MS), now);
  if (isNews(next, report)) {
    next =
      next.phase.state === 'closed'
        ? applyRuns(next, report, moment)
        : applyProbe(next, report, moment);
    next = { ...next, seen: remember(next.seen, report) };
  }
  const lease = report.wantsPermit ? leasePermit(next, report.policy, moment) : undefined;
  if (lease !== undefined) next = lease.record;
  return {
    record: next,
    snapshot: snapshotOf(next, { permit: lease?.permit, policy: report.policy, now }),
  };
}

/** Time passes only when somebody asks: an ended cooldown turns half-open, an ended lease is void. */
function wakeUp(record: BreakerRecord, now: number): BreakerRecord {
  const { phase } = record;
  switch (phase.state) {
    case 'closed':
      return record;
    case 'open':
      if (now < phase.until) return record;
      return transition(record, { state: 'half-open', permits: [], successes: 0 });
    case 'half-open': {
      const permits = phase.permits.filter((permit) => permit.expiresAt > now);
      return permits.length === phase.permits.length
        ? record
        : { ...record, phase: { ...phase, permits } };
    }
  }
}

/** A question carries nothing, and a repeated report nothing new. */
function isNews(record: BreakerRecord, report: BreakerReport): boolean {
  if (report.runs.length === 0 && report.probe === undefined) return false;
  const last = record.seen.find(([from]) => from === report.from)?.[1];
  return last === undefined || report.sequence > last;
}

function remember(seen: BreakerRecord['seen'], report: BreakerReport): BreakerRecord['seen'] {
  const others = seen.filter(([from]) => from !== report.from);
  return [...others, [report.from, report.sequence] satisfies [string, number]].slice(-MAX_SEEN);
}

function applyProbe(
  record: BreakerRecord,
  report: BreakerReport,
  moment: BreakerMoment,
): BreakerRecord {
  const { phase } = record;
  const { probe } = report;
  if (probe === undefined || phase.state !== 'half-open') return record;
  if (!phase.permits.some((permit) => permit.id === probe.permit)) return record;
  if (!probe.isGood) return open(record, report.policy, moment);
  const successes = phase.successes + 1;
  if (successes >= report.policy.halfOpenRequests) {
    return transition(record, { ...NEW_PHASE, closedAt: moment.now });
  }
  const permits = phase.permits.filter((permit) => permit.id !== probe.permit);
  return { ...record, phase: { ...phase, permits, successes } };
}

/**
 * Only a closed breaker counts runs: outside they are late news of requests that began before, and
 * change nothing, not even beside the probe that closes it. A success ends the fleet's row only when it
 * came after the fleet's last failure: what went well before an outage says nothing against it.
 */
function applyRuns(
  record: BreakerRecord,
  report: BreakerReport,
  moment: BreakerMoment,
): BreakerRecord {
  const { now } = moment;
  const { phase } = record;
  if (phase.state !== 'closed') return record;
  const isStale = now - phase.lastFailureAt > FAILURE_MEMORY_MS;
  const endsRow = now - report.sinceSuccessMs > phase.lastFailureAt;
  let ofFleet = isStale ? 0 : phase.failuresInRow;
  let ofReport = 0;
  for (const run of report.runs) {
    if (run < 0) ofReport -= run;
    else {
      ofReport = 0;
      if (endsRow) ofFleet = 0;
    }
    if (ofFleet + ofReport >= report.policy.failureThreshold) {
      return open(record, report.policy, moment);
    }
  }
  const window = windowWith(phase.window, report, now);
  if (window !== undefined && isTooBad(window, report.policy)) {
    return open(record, report.policy, moment);
  }
  const lastFailureAt = report.runs.some((run) => run < 0) ? now : phase.lastFailureAt;
  const failuresInRow = ofFleet + ofReport;
  const { closedAt } = phase;
  return { ...record, phase: { state: 'closed', failuresInRow, lastFailureAt, window, closedAt } };
}

function windowWith(
  window: readonly Bucket[] | undefined,
  { runs, slow = 0, policy }: BreakerReport,
  now: number,
): Bucket[] | undefined {
  if (!hasWindow(policy)) return undefined;
  const calls = runs.reduce((sum, run) => sum + Math.abs(run), 0);
  const failures = runs.reduce((sum, run) => sum + Math.max(-run, 0), 0);
  return addToWindow(window ?? [], { calls, failures, slow }, { now, policy });
}

/** An opening this long after the last one begins anew with the shortest cooldown. */
const STEADY_MS = 300_000;
/** Cooldowns that grow differ by this share, so that models do not come back together. */
const JITTER_RATIO = 0.2;

function open(
  record: BreakerRecord,
  policy: BreakerPolicy,
  { now, jitter = 0.5 }: BreakerMoment,
): BreakerRecord {
  const { phase } = record;
  const { cooldownSeconds, maxCooldownSeconds } = policy;
  const wasSteady = phase.state === 'closed' && now - (phase.closedAt ?? 0) >= STEADY_MS;
  const openings = wasSteady ? 0 : (record.openings ?? -1) + 1;
  const grown = Math.min(cooldownSeconds * 2 ** openings, maxCooldownSeconds ?? cooldownSeconds);
  const spread = maxCooldownSeconds === undefined ? 0 : (jitter * 2 - 1) * JITTER_RATIO;
  const until = now + grown * (1 + spread) * 1000;
  return { ...transition(record, { state: 'open', openedAt: now, until }), openings };
}

function transition(record: BreakerRecord, phase: Phase): BreakerRecord {
  return { ...record, epoch: record.epoch + 1, phase };
}

type Lease = { readonly record: BreakerRecord; readonly permit: Permit };

function leasePermit(
  record: BreakerRecord,
  policy: BreakerPolicy,
  moment: BreakerMoment,
): Lease | undefined {
  const { phase } = record;
  if (phase.state !== 'half-open') return undefined;
  if (phase.permits.length + phase.successes >= policy.halfOpenRequests) return undefined;
  const permit = { id: moment.newPermitId, expiresAt: moment.now + PROBE_LEASE_MS };
  return {
    record: { ...record, phase: { ...phase, permits: [...phase.permits, permit] } },
    permit,
  };
}

type Circumstances = {
  readonly permit: Permit | undefined;
  readonly policy: BreakerPolicy;
  readonly now: number;
};

function snapshotOf(record: BreakerRecord, circumstances: Circumstances): BreakerSnapshot {
  const { permit, policy, now } = circumstances;
  const { phase, epoch } = record;
  switch (phase.state) {
    case 'closed':
      return {
        epoch,
        state: 'closed',
        ttlMs: CLOSED_TTL_MS,
        failuresInRow: phase.failuresInRow,
        rampLeftMs: rampLeftMs(phase.closedAt, policy, now),
      };
    case 'open':
      return { epoch, state: 'open', ttlMs: Math.max(phase.until - now, 0), failuresInRow: 0 };
    case 'half-open': {
      const soonest = Math.min(...phase.permits.map((lease) => lease.expiresAt - now));
      const { least, most } = HALF_OPEN_TTL_MS;
      return {
        epoch,
        state: 'half-open',
        ttlMs: Math.min(Math.max(soonest, least), most),
        failuresInRow: 0,
        permit: permit && { id: permit.id, ttlMs: permit.expiresAt - now },
      };
    }
  }
}

function rampLeftMs(
  closedAt: number | undefined,
  { rampSeconds = 0 }: BreakerPolicy,
  now: number,
): number | undefined {
  const leftMs = closedAt === undefined ? 0 : closedAt + rampSeconds * 1000 - now;
  return leftMs > 0 ? leftMs : undefined;
}
