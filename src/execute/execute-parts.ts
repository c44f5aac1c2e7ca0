import type { Attempt } from '../domain/attempt.ts';
import type { Conversation, PartedConversation } from '../domain/conversation.ts';
import type { RoutingDecision } from '../domain/decision.ts';
import type { RouterError } from '../domain/errors.ts';
import type { Journey, Route } from '../domain/journey.ts';
import type { ModelId } from '../domain/model.ts';
import type { ModelResponse } from '../domain/response.ts';
import { type Execution, execute, type LastStep } from './execute.ts';
import { MAX_ATTEMPTS } from './next-step.ts';
import type { ExecutionPlan, ExecutionPorts } from './run.ts';

/** A request that is answered in steps: each part by itself, then all answers as one. */
export type PartedPlan = PartedConversation & {
  /** Decides on a step, and how to carry it out behind the calls that were made before it. */
  planOf(step: Conversation, before: CallsBefore): ExecutionPlan;
  /** What the caller is told where nobody can take a step. */
  refusalOf(decision: RoutingDecision): RouterError;
};

/** What a step follows, and how far it may go. */
export type CallsBefore = {
  readonly earlier: readonly Attempt[];
  readonly maxAttempts: number;
};

/**
 * Step after step, one at a time. The deadline and the cost cap are those of the request and span all
 * steps; beside one call for each step there are as many second tries as any request has. The first
 * step that fails fails the request: part of an answer is none.
 */
export async function executeInParts(plan: PartedPlan, ports: ExecutionPorts): Promise<Execution> {
  const earlier = new Map<number, RoutingDecision>();
  let attempts: readonly Attempt[] = [];
  const answers: string[] = [];
  for (;;) {
    const isLast = answers.length === plan.parts.length;
    const step = plan.parts[answers.length] ?? plan.combine(answers);
    const before = { earlier: attempts, maxAttempts: answers.length + MAX_ATTEMPTS };
    const stepPlan = plan.planOf(step, before);
    const { decision } = stepPlan;
    const last = { decision, conversation: step, earlier };
    if (decision.selectedModel === undefined) {
      return { attempts, result: { type: 'failed', error: plan.refusalOf(decision) }, last };
    }
    const execution = await execute(stepPlan, ports);
    if (isLast || execution.result.type !== 'answer') return { ...execution, last };
    for (const { number } of execution.attempts) {
      if (!earlier.has(number)) earlier.set(number, decision);
    }
    attempts = execution.attempts;
    answers.push(textOf(execution.result.response));
  }
}

/** What a part's answer says; a refusal is an answer, too. */
function textOf({ content }: ModelResponse): string {
  const texts = content.map((part) =>
    part.type === 'text' || part.type === 'refusal' ? part.text : '',
  );
  return texts.join('');
}

/** How many models failed before the one that answered, calls of earlier steps left out. */
export function fallbacksBefore(
  served: ModelId,
  attempts: readonly Attempt[],
  earlier: LastStep['earlier'] | undefined,
): number {
  const ofLastStep = attempts.filter(({ number }) => earlier?.has(number) !== true);
  return new Set(ofLastStep.map(({ model }) => model).filter((id) => id !== served)).size;
}

/** Where a request was answered in parts, the caller gets the last step's answer, as its whole. */
export function lastStepOf(
  journey: Journey,
  route: Route,
  { last }: Execution,
): readonly [Journey, Route] {
  if (last === undefined) return [journey, route];
  const { conversation, earlier } = last;
  const { parts } = route.decision;
  const decision = { ...last.decision, ...(parts !== undefined && { parts }) };
  const request = { ...journey.request, conversation };
  return [
    { ...journey, request },
    { ...route, decision, earlier },
  ];
}
