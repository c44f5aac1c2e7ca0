import type { Attempt } from '../domain/attempt.ts';
import type { Conversation } from '../domain/conversation.ts';
import {
  type Candidate,
  inputTokensFor,
  type Requirement,
  type RoutingDecision,
} from '../domain/decision.ts';
import type { AttemptFailure } from '../domain/failure.ts';
import type { Latencies, Retries } from '../domain/measures.ts';
import type { ModelId, RoutableModel, Wire } from '../domain/model.ts';
import type { NanoUsd } from '../domain/money.ts';
import type {
  Breakers,
  Clock,
  Hosts,
  ProviderAdapter,
  ProviderKey,
  ProviderKeys,
  Random,
  Transport,
} from '../domain/ports.ts';
import type { RoutingRequest } from '../domain/request.ts';
import type { RoutingConfig } from '../domain/routing-config.ts';
import {
  type AttemptOrder,
  type AttemptResult,
  attempt,
  silent,
  type WholeAnswer,
} from './attempt.ts';
import { EMPTY_ANSWER } from './empty-answer.ts';
import { openGuard } from './guard.ts';
import { holdOf } from './key-hold.ts';
import { limitsOf, slowMarkMs } from './limits.ts';
import { MAX_ATTEMPTS } from './next-step.ts';

/** Work behind a caller who has left may take 30 s on Workers; the books need some of it. */
const STAY_MS = 25_000;

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
  /** Asked when every candidate has failed: models that rested at first, and may be asked by now. */
  readonly recovered: () => Promise<readonly Candidate[]>;
  /** Tells the books of a call as it is sent off. */
  readonly announce: (order: AttemptOrder) => void;
  /** What attempts cost so far counts against `maxCostUsd`. */
  readonly costOf: (attempt: Attempt) => NanoUsd | undefined;
  readonly maxCostNanoUsd: NanoUsd | undefined;
  /** Calls that were made for the same request before, all closed; none by default. */
  readonly earlier?: readonly Attempt[];
  /** How many calls there may be, the earlier ones included; 4 by default. */
  readonly maxAttempts?: number;
};

export type ExecutionPorts = {
  readonly transport: Transport;
  readonly breakers: Breakers;
  readonly hosts: Hosts;
  readonly keys: ProviderKeys;
  readonly latencies: Latencies;
  readonly retries: Retries;
  readonly clock: Clock;
  readonly random: Random;
  readonly adapterOf: (wire: Wire) => ProviderAdapter;
};

/** One request being carried out: what has happened so far. */
export type Run = {
  readonly plan: ExecutionPlan;
  readonly ports: ExecutionPorts;
  /** Every closed attempt, in order. */
  readonly attempts: Attempt[];
  readonly failures: AttemptFailure[];
  /** Only models with a larger window are of use any more. */
  atLeastTokens: number;
  /** The caller has got the beginning of an answer. */
  hasBegun: boolean;
  /** Calls sent off; those under way are not among the attempts yet. */
  dispatched: number;
  /** The model that was asked beside a slow one. */
  hedge: ModelId | undefined;
  /** An answer of little use, for the caller if nobody has a better one. */
  spare: WholeAnswer | undefined;
};

export function openRun(plan: ExecutionPlan, ports: ExecutionPorts): Run {
  return {
    plan,
    ports,
    attempts: [...(plan.earlier ?? [])],
    failures: [],
    atLeastTokens: 0,
    hasBegun: false,
    dispatched: plan.earlier?.length ?? 0,
    hedge: undefined,
    spare: undefined,
  };
}

export type Place = {
  readonly candidate: Candidate;
  readonly model: RoutableModel;
  /** Candidates behind this one. */
  readonly left: number;
};

/** The candidates that may still be asked, in order; those of the decision by default. */
export function* placesOf(
  run: Run,
  from = 0,
  candidates = run.plan.decision.candidates,
): Generator<Place> {
  for (const [at, candidate] of candidates.entries()) {
    const model = run.plan.modelById.get(candidate.model);
    if (at < from || model === undefined || model.id === run.hedge) continue;
    if (model.capability.contextTokens <= run.atLeastTokens) continue;
    yield { candidate, model, left: candidates.length - at - 1 };
  }
}

/** No attempts and no time left, or nobody who waits for an answer. */
export function isOver(run: Run): boolean {
  return attemptsLeft(run) <= 0 || run.plan.signal.aborted || timeLeftMs(run) <= 0;
}

export function attemptsLeft({ plan, dispatched }: Run): number {
  return (plan.maxAttempts ?? MAX_ATTEMPTS) - dispatched;
}

/**
 * Whether it would cost more than is left; a cheaper model behind it may not. What calls that are
 * under way may cost counts as spent.
 */
export function breaksCap(run: Run, candidate: Candidate, underWayNanoUsd = 0): boolean {
  const { plan, attempts, dispatched } = run;
  if (plan.maxCostNanoUsd === undefined || dispatched === 0) return false;
  const closed = attempts.reduce((sum, attempt) => sum + (plan.costOf(attempt) ?? 0), 0);
  const spent = closed + underWayNanoUsd;
  return spent + (candidate.estimatedCostNanoUsd ?? 0) > plan.maxCostNanoUsd;
}

export function timeLeftMs({ plan, ports }: Run): number {
  const { deadlineMs } = limitsOf(plan.request, plan.decision.requirement);
  return plan.startedAt + deadlineMs - ports.clock.now();
}

/** How long the client still waits for the answer to begin. */
export function beginLeftMs({ plan, ports }: Run): number {
  const { beginMs } = limitsOf(plan.request, plan.decision.requirement);
  return plan.startedAt + beginMs - ports.clock.now();
}

export type Prepared = { readonly order: AttemptOrder; readonly key: ProviderKey };

/** A key, a permit and a signal for one attempt; undefined when the model may not be asked now. */
export function prepare(
  run: Run,
  { candidate, model, left }: Place,
  conversation: Conversation,
): Prepared | undefined {
  const { plan, ports } = run;
  if (!isAllowed(model, plan.decision.requirement)) return undefined;
  if (breaksCap(run, candidate)) return undefined;
  const key = ports.keys.pick(model);
  if (typeof key === 'string') return undefined;
  const permit = ports.breakers.acquire(model.id);
  if (permit === undefined) return undefined;
  if (!ports.hosts.pass(model.provider.id)) {
    permit.release();
    return undefined;
  }
  const guard = openGuard(ports.clock, plan.signal, stayMs(model, conversation));
  guard.limit(timeLeftMs(run), OUT_OF_TIME);
  run.dispatched += 1;
  const order: AttemptOrder = {
    number: run.dispatched,
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
    firstContent: firstContentLimit(run),
    slowMarkMs: slowMarkOf(run, model),
    takesEmpty: takesEmpty(run, left),
  };
  return { order, key };
}

/** A whole answer that is billed in any case is waited for by the books (F71). */
function stayMs({ provider }: RoutableModel, { stream }: Conversation): number {
  return provider.billsInFull && !stream ? STAY_MS : 0;
}

/**
 * Asked of the model itself right before each call, whatever the decision says: the registry may have
 * changed since, and no mistake on the way may send regulated data to a model without the tags (A46).
 */
function isAllowed({ capability }: RoutableModel, { compliance }: Requirement): boolean {
  for (const tag of compliance) if (!capability.compliance.has(tag)) return false;
  return true;
}

/** One other model is asked where one says nothing; the second time nothing is the answer (F36). */
function takesEmpty(run: Run, left: number): boolean {
  const isLast = left === 0 || attemptsLeft(run) <= 0;
  return isLast || run.failures.some(({ code }) => code === EMPTY_ANSWER.code);
}

function slowMarkOf({ plan, ports }: Run, model: RoutableModel): number {
  const { requirement } = plan.decision;
  const isWhole = !plan.conversation.stream;
  return slowMarkMs(limitsOf(plan.request, requirement), ports.latencies.expected(model.id), {
    inputTokens: inputTokensFor(requirement, model).estimated,
    outputTokens: isWhole ? requirement.outputRoomTokens : 0,
  });
}

/** Ends the wait for a first content: the attempt's own limit, or the client's patience. */
function firstContentLimit(run: Run): AttemptOrder['firstContent'] {
  const { firstContentMs } = limitsOf(run.plan.request, run.plan.decision.requirement);
  const leftMs = beginLeftMs(run);
  return leftMs < firstContentMs && !run.hasBegun
    ? { limitMs: leftMs, failure: OUT_OF_TIME }
    : { limitMs: firstContentMs, failure: silent(firstContentMs) };
}

/** What its limit and its window leave for the answer; at least one token. */
function outputRoomOf(model: RoutableModel, requirement: Requirement): number {
  const { outputTokens, contextTokens } = model.capability;
  const left = contextTokens - inputTokensFor(requirement, model).atMost;
  return Math.max(1, Math.min(outputTokens, left));
}

export const OUT_OF_TIME: AttemptFailure = {
  kind: 'deadline',
  code: 'deadline_exceeded',
  message: 'the deadline of the request has passed',
  status: undefined,
  accepted: 'unknown',
};

/** Makes the call. A failure is kept, and rests the key where it was the key's. */
export async function ask(run: Run, { order, key }: Prepared): Promise<AttemptResult> {
  const { hosts, keys } = run.ports;
  run.plan.announce(order);
  const result = await attempt(order, run.ports);
  if (result.type !== 'failed') {
    hosts.note(order.model, 'answered');
    keys.accept(key);
    return result;
  }
  hosts.note(order.model, result.failure);
  run.attempts.push(result.attempt);
  run.failures.push(result.failure);
  const isRejected = result.failure.code === 'key_rejected';
  const hold = holdOf(result.failure, isRejected ? keys.reject(key) : 0);
  if (hold !== undefined) {
    keys.hold(key, hold.holdMs, hold.isForModel ? order.model.id : undefined);
  }
  return result;
}
