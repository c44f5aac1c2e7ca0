import type { Attempt } from '../domain/attempt.ts';
import type { Conversation } from '../domain/conversation.ts';
import type { Candidate, RoutingDecision } from '../domain/decision.ts';
import { RouterError, retryAfterFor } from '../domain/errors.ts';
import type { ModelId } from '../domain/model.ts';
import type { Answered, OpenStream, WholeAnswer } from './attempt.ts';
import { failedAnswer } from './failed-answer.ts';
import { hedgedAsk } from './hedge.ts';
import { MAX_ATTEMPTS } from './next-step.ts';
import { type Sequel, sequelOf } from './resume.ts';
import {
  ask,
  attemptsLeft,
  beginLeftMs,
  type ExecutionPlan,
  type ExecutionPorts,
  isOver,
  OUT_OF_TIME,
  openRun,
  type Place,
  placesOf,
  prepare,
  type Run,
} from './run.ts';
import { mismatchWarning, SCHEMA_MISMATCH, schemaFault } from './schema-fault.ts';
import { type Tried, tryModel } from './try-model.ts';

/** Every closed attempt of a request, and what came of it. */
export type Execution = {
  /** Those of a stream are added as they close. */
  readonly attempts: readonly Attempt[];
  readonly result:
    | { readonly type: 'failed'; readonly error: RouterError }
    | WholeAnswer
    | { readonly type: 'stream'; readonly stream: OpenStream; readonly sequel: Sequel };
  /** The step that came to the result, where the request was answered in several. */
  readonly last?: LastStep;
};

export type LastStep = {
  readonly decision: RoutingDecision;
  readonly conversation: Conversation;
  /** What was decided for each call of the steps before, by its number. */
  readonly earlier: ReadonlyMap<number, RoutingDecision>;
};

/** Candidate after candidate until one answers. Never throws for what a provider does. */
export async function execute(plan: ExecutionPlan, ports: ExecutionPorts): Promise<Execution> {
  const run = openRun(plan, ports);
  let result = await tryAll(run, plan.decision.candidates);
  if (result === 'next' && run.spare === undefined && !isOver(run)) {
    result = await tryAll(run, await plan.recovered());
  }
  if (typeof result === 'string') {
    if (run.spare !== undefined && !plan.signal.aborted) return answeredBy(run, run.spare);
    return { attempts: run.attempts, result: { type: 'failed', error: errorOf(run) } };
  }
  if (result.type === 'answer') return answeredBy(run, result);
  return { attempts: run.attempts, result: { ...result, sequel: sequelOf(run) } };
}

/** What answers comes last, and has one record: an answer that was set aside was booked as failed. */
function answeredBy({ attempts }: Run, result: WholeAnswer): Execution {
  const others = attempts.filter(({ number }) => number !== result.attempt.number);
  return { attempts: [...others, result.attempt], result };
}

/** One model after another; `next` when none of them could answer and another one might. */
async function tryAll(
  run: Run,
  candidates: readonly Candidate[],
): Promise<Answered | 'next' | 'stop'> {
  const tried = new Set<ModelId>();
  for (;;) {
    const left = [...placesOf(run, 0, candidates)].filter(({ model }) => !tried.has(model.id));
    const place = nextOf(run, left);
    if (place === undefined) return 'next';
    tried.add(place.model.id);
    const result = await tryModel(run, place, () => tryOnce(run, place));
    const verdict = typeof result === 'string' ? result : judged(run, result);
    if (verdict !== 'next') return verdict;
  }
}

/** In order; but the last attempt goes to a model that has just answered, where one is left. */
function nextOf(run: Run, left: readonly Place[]): Place | undefined {
  const isLast = attemptsLeft(run) === 1;
  const isSure = ({ model }: Place): boolean => run.ports.breakers.hasJustAnswered(model.id);
  return (isLast ? left.find(isSure) : undefined) ?? left[0];
}

/**
 * One other model is asked where a whole answer does not keep to its schema. Where that does no
 * better, the first answer serves, marked (F58). A stream has begun by the time anybody knows.
 */
function judged(run: Run, result: Answered): Answered | 'next' | 'stop' {
  if (result.type === 'stream') return result;
  const fault = schemaFault(run.plan.conversation.responseFormat, result.response);
  if (fault === undefined) return result;
  const warnings = [...result.attempt.warnings, mismatchWarning(fault)];
  const attempt = { ...result.attempt, warnings };
  run.attempts.push({ ...attempt, outcome: { type: 'failed', failure: SCHEMA_MISMATCH } });
  if (run.spare !== undefined) return 'stop';
  run.spare = { ...result, attempt };
  return 'next';
}

async function tryOnce(run: Run, place: Place): Promise<Tried> {
  const { request, conversation } = run.plan;
  if (isOver(run) || beginLeftMs(run) <= 0) return 'stop';
  const prepared = prepare(run, place, conversation);
  if (prepared === undefined) return 'next';
  return await (request.hedge === true ? hedgedAsk(run, place, prepared) : ask(run, prepared));
}

function errorOf(run: Run): RouterError {
  const { plan, ports, failures } = run;
  if (plan.signal.aborted) return new RouterError('client_closed_request', 'the caller left');
  const isLate = beginLeftMs(run) <= 0;
  if (isLate && failures.length === 0) {
    return new RouterError('deadline_exceeded', OUT_OF_TIME.message);
  }
  const isKnown = failures.some(({ kind }) => kind === 'deadline');
  if (isLate && !isKnown) return failedAnswer([...failures, OUT_OF_TIME], false);
  if (failures.length > 0) return failedAnswer(failures, isLast(run));
  const waits = plan.decision.candidates.map(({ model }) => ports.breakers.health(model).retryInMs);
  return unavailable(Math.min(...waits), plan.request.isRetry === true);
}

/** A retry of the client's asks each candidate once: the calls of both count against one limit (F72). */
function isLast(run: Run): boolean {
  const { decision, request } = run.plan;
  const callsOfRetry = Math.min(decision.candidates.length, MAX_ATTEMPTS);
  return request.isRetry === true || attemptsLeft(run) < callsOfRetry;
}

/** Every model that could answer is resting; the caller may come back when the first one is due. */
export function unavailable(retryInMs: number, isRetry: boolean): RouterError {
  return new RouterError(
    'all_candidates_unavailable',
    'every model that could answer is resting after failures',
    { retryAfterMs: retryAfterFor(retryInMs), shouldRetry: !isRetry },
  );
}
