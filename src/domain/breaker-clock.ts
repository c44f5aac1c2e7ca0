import type { BreakerRecord } from './breaker-record.ts';

/**
 * A record by a clock that may have been set back (fault catalogue F85): what it knows to be later than
 * now happened now, so that no cooldown and no lease lasts longer than it was to last.
 */
export function byThisClock(record: BreakerRecord, now: number, leaseMs: number): BreakerRecord {
  const { phase } = record;
  switch (phase.state) {
    case 'closed': {
      const { lastFailureAt, closedAt = 0 } = phase;
      if (now >= Math.max(lastFailureAt, closedAt)) return record;
      return {
        ...record,
        phase: {
          ...phase,
          lastFailureAt: Math.min(lastFailureAt, now),
          ...(phase.closedAt !== undefined && { closedAt: Math.min(closedAt, now) }),
        },
      };
    }
    case 'open': {
      const { openedAt, until } = phase;
      if (now >= openedAt) return record;
      return { ...record, phase: { ...phase, openedAt: now, until: now + until - openedAt } };
    }
    case 'half-open': {
      const latest = now + leaseMs;
      if (phase.permits.every(({ expiresAt }) => expiresAt <= latest)) return record;
      const permits = phase.permits.map((permit) => ({
        ...permit,
        expiresAt: Math.min(permit.expiresAt, latest),
      }));
      return { ...record, phase: { ...phase, permits } };
    }
  }
}
