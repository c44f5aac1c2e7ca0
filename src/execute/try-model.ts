import type { Answered, AttemptResult } from './attempt.ts';
import { type NextStep, nextStep } from './next-step.ts';
import { attemptsLeft, type Place, type Run, timeLeftMs } from './run.ts';

/** What one call came to; `next` or `stop` where none was made. */
export type Tried = AttemptResult | 'next' | 'stop';

/** One model, asked again as long as that makes sense: with another key, or where nothing was accepted. */
export async function tryModel(
  run: Run,
  place: Place,
  tryOnce: () => Promise<Tried>,
): Promise<Answered | 'next' | 'stop'> {
  run.ports.retries.note(place.model.id);
  for (let tries = 1; ; tries++) {
    const result = await tryOnce();
    if (typeof result === 'string' || result.type !== 'failed') return result;
    const step = stepAfter(run, place, tries);
    if (step.type === 'stop') return 'stop';
    const isSpent = step.type === 'same-model' && !run.ports.retries.take(place.model.id);
    if (step.type === 'next-model' || isSpent) {
      if (step.type === 'next-model' && step.needsLargerModel)
        run.atLeastTokens = place.model.capability.contextTokens;
      return 'next';
    }
    await run.ports.clock.wait(step.waitMs, run.plan.signal);
  }
}

function stepAfter(run: Run, { model, left }: Place, tries: number): NextStep {
  const { plan, ports, failures } = run;
  const failure = failures.at(-1);
  if (failure === undefined) return { type: 'stop' };
  return nextStep({
    failure,
    attemptsLeft: attemptsLeft(run),
    tries,
    candidatesLeft: left,
    hasAnotherKey: typeof ports.keys.pick(model) !== 'string',
    timeLeftMs: timeLeftMs(run),
    jitter: ports.random.ratio(),
    fallback: plan.fallback,
    onContentFilter: plan.request.onContentFilter,
    isRetry: plan.request.isRetry === true,
  });
}
