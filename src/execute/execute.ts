import type { Attempt } from '../domain/attempt.ts';
import type { Conversation } from '../domain/conversation.ts';
import {
  type Candidate,
  inputTokensFor,
  type Requirement,
  type RoutingDecision,
} from '../domain/decision.ts';
import { RouterError, retryAfterFor } from '../domain/errors.ts';
import type { AttemptFailure } from '../domain/failure.ts';
import type { RoutableModel, Wire } from '../domain/model.ts';
import type { NanoUsd } from '../domain/money.ts';
import type {
  Breakers,
  Clock,
  ProviderAdapter,
  ProviderKey,
  ProviderKeys,
  Random,
  Transport,
} from '../domain/ports.ts';
import type { RoutingRequest } from '../domain/request.ts';
import type { RoutingConfig } from '../domain/routing-config.ts';
import {
  type Answered,
  type AttemptOrder,
  type AttemptResult,
  attempt,
  type OpenStream,
} from './attempt.ts';
import { EMPTY_ANSWER } from './empty-answer.ts';
import { failedAnswer } from './failed-answer.ts';
import { openGuard } from './guard.ts';
import { holdOf } from './key-hold.ts';
import { limitsOf } from './limits.ts';
import { MAX_ATTEMPTS, type NextStep, nextStep } from './next-step.ts';

/** A decision to be carried out. */
export type ExecutionPlan = {
  readonly request: RoutingRequest;
  readonly conversation: Conversation;
  readonly decision: RoutingDecision;
  readonly modelById: ReadonlyMap<string, RoutableModel>;
  readonly fallback: RoutingConfig['fallback'];
  /** Aborts when the caller leaves. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds: the deadline counts from here. */
  readonly startedAt: number;
  /** What attempts cost so far counts against `maxCostUsd`. */
  readonly costOf: (attempt: Attempt) => NanoUsd | undefined;
  readonly maxCostNanoUsd: NanoUsd | undefined;
};

export type ExecutionPorts = {
  readonly transport: Transport;
  readonly breakers: Breakers;
  readonly keys: ProviderKeys;
  readonly clock: Clock;
  readonly random: Random;
  readonly adapterOf: (wire: Wire) => ProviderAdapter;
};

/** Every closed attempt of a request, and what came of it. A stream's own attempt is still open. */
export type Execution = {
  readonly attempts: readonly Attempt[];
  readonly result:
    | { readonly type: 'failed'; readonly error: RouterError }
    | (Extract<AttemptResult, { readonly type: 'answer' }> & { readonly model: RoutableModel })
    | { readonly type: 'stream'; readonly stream: OpenStream };
};

/** Candidate after candidate until one answers. Never throws for what a provider does. */
export async function execute(plan: ExecutionPlan, ports: ExecutionPorts): Promise<Execution> {
  const run: Run = { plan, ports, attempts: [], failures: [], atLeastTokens: 0 };
  const { candidates } = plan.decision;
  for (const [place, candidate] of candidates.entries()) {
    const model = plan.modelById.get(candidate.model);
    if (model === undefined || model.capability.contextTokens <= run.atLeastTokens) continue;
    const result = await tryModel(run, { candidate, model, left: candidates.length - place - 1 });
    if (result === 'stop') break;
    if (result === 'next') continue;
    if (result.type === 'answer') {
      return { attempts: [...run.attempts, result.attempt], result: { ...result, model } };
    }
    if (result.type === 'stream') return { attempts: run.attempts, result };
  }
  return { attempts: run.attempts, result: { type: 'failed', error: errorOf(run) } };
}

/** What has happened so far. */
type Run = {
  readonly plan: ExecutionPlan;
  readonly ports: ExecutionPorts;
  readonly attempts: Attempt[];
  readonly failures: AttemptFailure[];
  /** Only models with a larger window are of use any more. */
  atLeastTokens: number;
};

type Place = {
  readonly candidate: Candidate;
  readonly model: RoutableModel;
  /** Candidates behind this one. */
  readonly left: number;
};

/** One model, asked again as long as that makes sense. */
async function tryModel(run: Run, place: Place): Promise<Answered | 'next' | 'stop'> {
  const { ports, plan } = run;
  for (let tries = 1; ; tries++) {
    if (isOver(run)) return 'stop';
    const prepared = prepare(run, place);
    if (prepared === undefined) return 'next';
    const result = await attempt(prepared.order, ports);
    if (result.type !== 'failed') return result;
    run.attempts.push(result.attempt);
    run.failures.push(result.failure);
    rest(run, place.model, prepared.key);
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

/** No attempts and no time left, or nobody who waits for an answer. */
function isOver(run: Run): boolean {
  return run.attempts.length >= MAX_ATTEMPTS || run.plan.signal.aborted || timeLeftMs(run) <= 0;
}

/** Whether it would cost more than is left; a cheaper model behind it may not. */
function breaksCap({ plan, attempts }: Run, candidate: Candidate): boolean {
  if (plan.maxCostNanoUsd === undefined || attempts.length === 0) return false;
  const spent = attempts.reduce((sum, closed) => sum + (plan.costOf(closed) ?? 0), 0);
  return spent + (candidate.estimatedCostNanoUsd ?? 0) > plan.maxCostNanoUsd;
}

function timeLeftMs({ plan, ports }: Run): number {
  const { deadlineMs } = limitsOf(plan.request, plan.decision.requirement);
  return plan.startedAt + deadlineMs - ports.clock.now();
}

/** A key, a permit and a signal for one attempt; undefined when the model may not be asked now. */
function prepare(
  run: Run,
  { candidate, model, left }: Place,
): { readonly order: AttemptOrder; readonly key: ProviderKey } | undefined {
  const { plan, ports } = run;
  if (breaksCap(run, candidate)) return undefined;
  const key = ports.keys.pick(model);
  if (typeof key === 'string') return undefined;
  const permit = ports.breakers.acquire(model.id);
  if (permit === undefined) return undefined;
  const guard = openGuard(ports.clock, plan.signal);
  guard.limit(timeLeftMs(run), OUT_OF_TIME);
  const { conversation } = plan;
  const order: AttemptOrder = {
    number: run.attempts.length + 1,
    candidate,
    model,
    adapter: ports.adapterOf(model.wire),
    call: {
      conversation,
      model,
      apiKey: key.value,
      maxOutputTokens: conversation.maxOutputTokens,
      outputRoomTokens: outputRoomOf(model, plan.decision.requirement),
      unhonored: new Set(candidate.unhonored),
    },
    permit,
    guard,
    firstContentMs: limitsOf(plan.request, plan.decision.requirement).firstContentMs,
    takesEmpty: takesEmpty(run, left),
  };
  return { order, key };
}

/** One other model is asked where one says nothing; the second time nothing is the answer (F36). */
function takesEmpty({ attempts, failures }: Run, left: number): boolean {
  const isLast = left === 0 || attempts.length + 1 >= MAX_ATTEMPTS;
  return isLast || failures.some(({ code }) => code === EMPTY_ANSWER.code);
}

/** What its limit and its window leave for the answer; at least one token. */
function outputRoomOf(model: RoutableModel, requirement: Requirement): number {
  const { outputTokens, contextTokens } = model.capability;
  const left = contextTokens - inputTokensFor(requirement, model).atMost;
  return Math.max(1, Math.min(outputTokens, left));
}

const OUT_OF_TIME: AttemptFailure = {
  kind: 'deadline',
  code: 'deadline_exceeded',
  message: 'the deadline of the request has passed',
  status: undefined,
  accepted: 'unknown',
};

/** Rests the key where the last failure was the key's. */
function rest({ ports, failures }: Run, model: RoutableModel, key: ProviderKey): void {
  const failure = failures.at(-1);
  const hold = failure && holdOf(failure);
  if (hold !== undefined) ports.keys.hold(key, hold.holdMs, hold.isForModel ? model.id : undefined);
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
  });
}

function errorOf(run: Run): RouterError {
  const { plan, ports, failures } = run;
  if (plan.signal.aborted) return new RouterError('client_closed_request', 'the caller left');
  if (failures.length > 0) return failedAnswer(failures);
  if (timeLeftMs(run) <= 0) return new RouterError('deadline_exceeded', OUT_OF_TIME.message);
  const waits = plan.decision.candidates.map(({ model }) => ports.breakers.health(model).retryInMs);
  return unavailable(Math.min(...waits));
}

/** Every model that could answer is resting; the caller may come back when the first one is due. */
export function unavailable(retryInMs: number): RouterError {
  return new RouterError(
    'all_candidates_unavailable',
    'every model that could answer is resting after failures',
    { retryAfterMs: retryAfterFor(retryInMs), shouldRetry: true },
  );
}
