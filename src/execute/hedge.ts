import type { AttemptResult } from './attempt.ts';
import { CANCELLED } from './guard.ts';
import { hedgeAfterMs } from './limits.ts';
import {
  ask,
  breaksCap,
  isOver,
  type Place,
  type Prepared,
  placesOf,
  prepare,
  type Run,
} from './run.ts';
import { closeStream } from './stream-end.ts';

/** A call that is under way. */
type Racer = { readonly prepared: Prepared; readonly result: Promise<AttemptResult> };

/**
 * Asks a model, and beside it the next one when the first takes longer than it nearly always does.
 * Whoever has content first answers; the other is cancelled, and booked.
 */
export async function hedgedAsk(run: Run, place: Place, first: Prepared): Promise<AttemptResult> {
  const lead = start(run, first);
  const second = (await takesLong(run, place, lead)) ? hedgeOf(run, place) : undefined;
  if (second === undefined) return await lead.result;
  run.hedge = second.order.model.id;
  const racers = [lead, start(run, second)];
  const { racer: winner, result } = await firstGood(racers);
  for (const racer of racers) if (racer !== winner) await cancel(run, racer);
  return result;
}

function start(run: Run, prepared: Prepared): Racer {
  return { prepared, result: ask(run, prepared) };
}

async function takesLong({ ports, plan }: Run, { model }: Place, lead: Racer): Promise<boolean> {
  const answered = new AbortController();
  const usualMs = ports.latencies.p95(model.id) ?? model.entry.estimatedP50LatencyMs * 2;
  const afterMs = hedgeAfterMs(usualMs, plan.conversation.stream, plan.decision.requirement);
  const isLong = ports.clock.wait(afterMs, answered.signal).then(() => true);
  const isLate = await Promise.race([lead.result.then(() => false), isLong]);
  answered.abort();
  return isLate;
}

/** The next model that may be asked, where attempts, time and the cost of both allow it. */
function hedgeOf(run: Run, { candidate, model }: Place): Prepared | undefined {
  const at = run.plan.decision.candidates.indexOf(candidate);
  for (const place of placesOf(run, at + 1)) {
    if (isOver(run)) return undefined;
    if (place.model.id === model.id) continue;
    if (breaksCap(run, place.candidate, candidate.estimatedCostNanoUsd)) continue;
    const prepared = prepare(run, place, run.plan.conversation);
    if (prepared !== undefined) return prepared;
  }
  return undefined;
}

/** The first that did not fail; the first at all when every one did. */
async function firstGood(racers: readonly Racer[]) {
  const settled = racers.map(async (racer) => ({ racer, result: await racer.result }));
  const first = await Promise.race(settled);
  if (first.result.type !== 'failed') return first;
  const all = await Promise.all(settled);
  return all.find(({ result }) => result.type !== 'failed') ?? first;
}

/** What it had used by then is booked, also where it answered at the same moment. */
async function cancel(run: Run, { prepared, result }: Racer): Promise<void> {
  prepared.order.guard.abort(CANCELLED);
  const late = await result;
  if (late.type === 'answer') run.attempts.push(late.attempt);
  if (late.type === 'stream') run.attempts.push(closeStream(late.stream, run.ports.clock.now()));
}
