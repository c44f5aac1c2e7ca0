import type { Evidence, Span } from './evidence.ts';
import { nameOf } from './models.ts';
import { CONNECTION_FAULTS } from './weather.ts';

/** A breaker's cooldown, and the time in which its failures were gathered. */
const REST_MS = 60_000 + 30_000;
/** So long a good probe is on its way to the breaker and to whoever asks it. */
const NEWS_MS = 1000;
const OPENS = { model: 3, host: 5 };

/**
 * Whether some isolate may rightly let a model rest that is well by now: its breaker was open in the
 * fleet a moment ago, its whole host had failed (F46), or isolates went by what they saw themselves
 * while the objects could not be reached (F75).
 */
export function isResting(id: string, at: number, evidence: Evidence): boolean {
  const { breakerEvents, away } = evidence;
  const events = breakerEvents.filter((event) => event.model === id && event.at <= at);
  const last = events.at(-1);
  if (last !== undefined && (last.state !== 'closed' || last.at > at - NEWS_MS)) return true;
  const recent = { from: at - REST_MS, to: at };
  if (away.some(({ from, to }) => from <= recent.to && to >= recent.from)) {
    if (failuresOf(evidence, recent, ({ model }) => model === nameOf(id)) >= OPENS.model)
      return true;
  }
  const label = evidence.calls.find(({ model }) => model === nameOf(id))?.label;
  const ofHost = (call: Evidence['calls'][number]): boolean =>
    call.label === label && CONNECTION_FAULTS.includes(call.fault ?? '');
  return failuresOf(evidence, recent, ofHost) >= OPENS.host;
}

function failuresOf(
  { calls }: Evidence,
  { from, to }: Span,
  isCounted: (call: Evidence['calls'][number]) => boolean,
): number {
  return calls.filter((call) => {
    return (
      call.fault !== undefined && call.startedAt >= from && call.startedAt <= to && isCounted(call)
    );
  }).length;
}
