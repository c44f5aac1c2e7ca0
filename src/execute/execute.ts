import type { Attempt } from '../domain/attempt.ts';
import { RouterError } from '../domain/errors.ts';
import type { RoutableModel } from '../domain/model.ts';
import { type AttemptResult, attempt, type OpenStream } from './attempt.ts';
import { failedAnswer } from './failed-answer.ts';
import { type NextStep, nextStep } from './next-step.ts';
import { type Sequel, sequelOf } from './resume.ts';
import {
  beginLeftMs,
  type ExecutionPlan,
  type ExecutionPorts,
  isOver,
  noteFailure,
  type Place,
  placesOf,
  prepare,
  type Run,
  timeLeftMs,
} from './run.ts';

/** Every closed attempt of a request, and what came of it. */
export type Execution = {
  /** Those of a stream are added as they close. */
  readonly attempts: readonly Attempt[];
  readonly result:
    | { readonly type: 'failed'; readonly error: RouterError }
    | (Extract<AttemptResult, { readonly type: 'answer' }> & { readonly model: RoutableModel })
    | { readonly type: 'stream'; readonly stream: OpenStream; readonly sequel: Sequel };
};

/** Candidate after candidate until one answers. Never throws for what a provider does. */
export async function execute(plan: ExecutionPlan, ports: ExecutionPorts): Promise<Execution> {
  const run: Run = { plan, ports, attempts: [], failures: [], atLeastTokens: 0, hasBegun: false };
  for (const place of placesOf(run)) {
    const result = await tryModel(run, place);
    if (result === 'stop') break;
    if (result === 'next') continue;
    if (result.type === 'answer') {
      const { model } = place;
      return { attempts: [...run.attempts, result.attempt], result: { ...result, model } };
    }
    return { attempts: run.attempts, result: { ...result, sequel: sequelOf(run) } };
  }
  return { attempts: run.attempts, result: { type: 'failed', error: errorOf(run) } };
}

type Answered = Exclude<AttemptResult, { readonly type: 'failed' }>;

/** One model, asked again as long as that makes sense. */
async function tryModel(run: Run, place: Place): Promise<Answered | 'next' | 'stop'> {
  const { ports, plan } = run;
  for (let tries = 1; ; tries++) {
    if (isOver(run, place.candidate) || beginLeftMs(run) <= 0) return 'stop';
    const prepared = prepare(run, place, plan.conversation);
    if (prepared === undefined) return 'next';
    const result = await attempt(prepared.order, ports);
    if (result.type !== 'failed') return result;
    noteFailure(run, prepared, result);
    const step = stepAfter(run, place, tries);
    if (step.type === 'same-model') {
      await ports.clock.wait(step.waitMs, plan.signal);
      continue;
    }
    if (step.type === 'next-model' && step.needsLargerModel) {
      run.atLeastTokens = place.model.capability.contextTokens;
    }
    return step.type === 'stop' ? 'stop' : 'next';
  }
}

function stepAfter(run: Run, { model, left }: Place, tries: number): NextStep {
  const { plan, ports, attempts, failures } = run;
  const failure = failures.at(-1);
  if (failure === undefined) return { type: 'stop' };
  return nextStep({
    failure,
    attempts: attempts.length,
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

function errorOf({ plan, ports, failures }: Run): RouterError {
  if (plan.signal.aborted) return new RouterError('client_closed_request', 'the caller left');
  const isRetry = plan.request.isRetry === true;
  if (failures.length > 0) return failedAnswer(failures, isRetry);
  const waits = plan.decision.candidates.map(({ model }) => ports.breakers.health(model).retryInMs);
  return unavailable(Math.min(...waits), isRetry);
}

/** Every model that could answer is resting; the caller may come back when the first one is due. */
export function unavailable(retryInMs: number, isRetry: boolean): RouterError {
  return new RouterError(
    'all_candidates_unavailable',
    'every model that could answer is resting after failures',
    { retryAfterMs: Math.min(Math.max(retryInMs, 1000), 60_000), shouldRetry: !isRetry },
  );
}
