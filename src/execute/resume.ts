import type { Attempt } from '../domain/attempt.ts';
import type { Conversation } from '../domain/conversation.ts';
import { type AttemptFailure, REACTIONS } from '../domain/failure.ts';
import type { ModelId } from '../domain/model.ts';
import type { ModelStreamPart } from '../domain/response.ts';
import { Aligner } from './align.ts';
import type { OpenStream } from './attempt.ts';
import { limitsOf } from './limits.ts';
import { leavesEnough } from './next-step.ts';
import type { Segment } from './passed.ts';
import { ask, attemptsLeft, isOver, type Place, placesOf, prepare, type Run } from './run.ts';
import { closeStream } from './stream-end.ts';
import { eventsOf, STALLED } from './stream-events.ts';
import { type Tried, tryModel } from './try-model.ts';

/** A stream that ended too early; its record is kept already. */
export type BrokenStream = {
  readonly model: ModelId;
  readonly failure: AttemptFailure;
  /** What the caller has. */
  readonly passed: readonly Segment[];
};

/** Another answer, to go on behind what the caller has. */
export type Resumption = {
  readonly stream: OpenStream;
  /** Its parts from there on, in order, counted as they are taken. */
  readonly parts: AsyncGenerator<readonly ModelStreamPart[]>;
};

/** What an open stream can still ask of the execution it came from. */
export type Sequel = {
  /** Takes the closed record of a stream into the execution's attempts. */
  keep(attempt: Attempt): void;
  /** Asks again after a break; undefined when nobody can go on. */
  resume(broken: BrokenStream): Promise<Resumption | undefined>;
};

export function sequelOf(run: Run): Sequel {
  run.hasBegun = true;
  // Whoever lost the race to the first content may still go on behind it.
  run.hedge = undefined;
  return {
    keep: (closed) => {
      run.attempts.push(closed);
      const { outcome, model } = closed;
      if (outcome.type !== 'failed') return;
      run.failures.push(outcome.failure);
      // Its permit was answered at the first content; what broke behind it is told apart.
      if (REACTIONS[outcome.failure.kind].health === 'model')
        run.ports.breakers.recordFailure(model);
    },
    resume: (broken) => resumeStream(run, broken),
  };
}

/**
 * Asks the same model and then the next ones again (fault catalogue F51). By default an answer goes on
 * only if it begins with exactly what the caller has; with `prefill` a model that can is given that as
 * the beginning of its own answer.
 */
async function resumeStream(run: Run, broken: BrokenStream): Promise<Resumption | undefined> {
  const { plan, ports } = run;
  const way = wayOf(run, broken);
  if (way === undefined) return undefined;
  for (const place of placesOf(run, startOf(run, broken))) {
    if (isOver(run)) return undefined;
    if (!way.takes(place)) continue;
    const result = await tryModel(run, place, () => tryOnce(run, place, way.conversation));
    if (typeof result === 'string' || result.type !== 'stream') continue;
    const { idleMs } = limitsOf(plan.request, plan.decision.requirement);
    const parts = partsOf(result.stream, idleMs);
    const behind = await align(parts, new Aligner(way.passed));
    if (behind !== undefined) return { stream: result.stream, parts: chain(behind, parts) };
    result.stream.order.guard.abort(DIFFERS);
    run.attempts.push(closeStream(result.stream, ports.clock.now()));
  }
  return undefined;
}

async function tryOnce(run: Run, place: Place, conversation: Conversation): Promise<Tried> {
  if (isOver(run)) return 'stop';
  const prepared = prepare(run, place, conversation);
  return prepared === undefined ? 'next' : await ask(run, prepared);
}

type Way = {
  readonly conversation: Conversation;
  /** What the new answer must begin with. */
  readonly passed: readonly Segment[];
  takes(place: Place): boolean;
};

function wayOf({ plan }: Run, { passed }: BrokenStream): Way | undefined {
  const { conversation } = plan;
  switch (plan.request.onStreamBreak) {
    case 'error':
      return undefined;
    case 'prefill':
      return prefillOf(conversation, passed);
    case 'resume':
    case undefined:
      return { conversation, passed, takes: () => true };
  }
}

/** Only plain text can be given as a beginning, and only to a model that takes one. */
function prefillOf(conversation: Conversation, passed: readonly Segment[]): Way | undefined {
  const [only, ...more] = passed;
  if (only?.type !== 'text' || more.length > 0) return undefined;
  const beginning = { role: 'assistant', content: [{ type: 'text', text: only.text }] } as const;
  return {
    conversation: {
      ...conversation,
      native: undefined,
      messages: [...conversation.messages, beginning],
    },
    passed: [],
    takes: ({ model }) => model.entry.supportsPrefill,
  };
}

/**
 * A route that was cut may have had bad luck, once, where the next ones keep an attempt each; one that
 * fell silent is not asked again.
 */
function startOf(run: Run, { model: broken, failure }: BrokenStream): number {
  const { plan, attempts } = run;
  const at = plan.decision.candidates.findIndex(({ model }) => model === broken);
  const breaks = attempts.filter(({ model, outcome }) => {
    return model === broken && outcome.type === 'failed' && outcome.failure.kind === 'mid-stream';
  });
  const mayBeAgain = leavesEnough({
    attemptsLeft: attemptsLeft(run),
    candidatesLeft: plan.decision.candidates.length - at - 1,
  });
  return failure.code === STALLED.code || breaks.length > 1 || !mayBeAgain ? at + 1 : at;
}

async function* partsOf(
  stream: OpenStream,
  idleMs: number,
): AsyncGenerator<readonly ModelStreamPart[]> {
  yield stream.held.events.flatMap(({ parts }) => parts);
  for await (const events of eventsOf(stream, idleMs)) yield events.flatMap(({ parts }) => parts);
}

/** Reads on until everything that the caller has was seen again; undefined when the answers differ. */
async function align(
  parts: AsyncGenerator<readonly ModelStreamPart[]>,
  aligner: Aligner,
): Promise<readonly ModelStreamPart[] | undefined> {
  while (!aligner.isAligned) {
    const { done, value } = await parts.next();
    if (done === true) return undefined;
    const behind: ModelStreamPart[] = [];
    for (const part of value) {
      const taken = aligner.take(part);
      if (taken === undefined) {
        await parts.return(undefined);
        return undefined;
      }
      behind.push(...taken);
    }
    if (aligner.isAligned) return behind;
  }
  return [];
}

async function* chain(
  first: readonly ModelStreamPart[],
  rest: AsyncGenerator<readonly ModelStreamPart[]>,
): AsyncGenerator<readonly ModelStreamPart[]> {
  yield first;
  yield* rest;
}

const DIFFERS: AttemptFailure = {
  kind: 'self',
  code: 'answer_differs',
  message: 'the new answer did not begin with what the caller has',
  status: 200,
  accepted: 'yes',
};
