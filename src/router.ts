import { billOf, earlierBills, withBills } from './account/bill.ts';
import { closingEvents, decisionEvent } from './account/events.ts';
import { toLedgerEntry } from './account/ledger-entry.ts';
import { tokenRatiosOf } from './account/token-ratio.ts';
import { classify } from './classify/classify.ts';
import { splitConversation } from './classify/split-conversation.ts';
import { decide } from './decide/decide.ts';
import { healthOf } from './decide/model-health.ts';
import { noModelFits } from './decide/no-model-fits.ts';
import { decideInParts, type PartedRequest } from './decide/parts.ts';
import type { Attempt } from './domain/attempt.ts';
import type { Conversation } from './domain/conversation.ts';
import { type Candidate, inputTokensFor, type RoutingDecision } from './domain/decision.ts';
import type { Warning } from './domain/dialect.ts';
import type { ErrorCode, RouterError } from './domain/errors.ts';
import type { Answer, Journey, Route } from './domain/journey.ts';
import type { RoutableModel } from './domain/model.ts';
import { type NanoUsd, nanoUsdLimit } from './domain/money.ts';
import type { AnswerHead, RouterPorts } from './domain/ports.ts';
import type { RoutingRequest } from './domain/request.ts';
import type { AttemptOrder } from './execute/attempt.ts';
import { type Execution, execute } from './execute/execute.ts';
import {
  type CallsBefore,
  executeInParts,
  fallbacksBefore,
  lastStepOf,
} from './execute/execute-parts.ts';
import { limitsOf } from './execute/limits.ts';
import { relayStream } from './execute/relay.ts';
import { restingIn, retryInMs } from './execute/resting.ts';
import type { ExecutionPlan } from './execute/run.ts';

/** Behind a deadline, work that goes on may take 30 s, and a batch of books another while. */
const CLOSING_MS = 60_000;

/** Picks the cheapest model that can really do it, calls it, falls back, and keeps the books. */
export class MultiModelRouter {
  readonly #ports: RouterPorts;

  constructor(ports: RouterPorts) {
    this.#ports = ports;
  }

  /** The whole way of a request. @throws RouterError when nobody answers; that is booked too. */
  async answer(journey: Journey): Promise<Answer> {
    await this.#ports.registry.ready();
    const decision = await this.#decide(journey.request);
    this.#ports.telemetry.emit(decisionEvent(journey.requestId, decision));
    // What is published from here on is for the requests behind this one.
    const route = { decision, registry: this.#ports.registry.current() };
    if (decision.selectedModel === undefined) {
      const error = this.#refusalOf(journey, decision);
      this.#book(journey, route, { attempts: [], errorCode: error.code });
      throw error;
    }
    const execution = await this.executeWithFallback(journey, decision);
    return this.#deliver(...lastStepOf(journey, route, execution), execution);
  }

  /**
   * Which models may answer, best first, and why the others may not. Calls nobody and waits for
   * nothing; the registry must be ready. @throws RouterError `model_not_found`.
   */
  evaluate(request: RoutingRequest): RoutingDecision {
    const whole = this.#evaluateWhole(request);
    return this.#inParts(request, whole)?.decision ?? whole;
  }

  /** Carries a decision out: candidate after candidate until one answers, part after part if need be. */
  executeWithFallback(journey: Journey, decision: RoutingDecision): Promise<Execution> {
    const { request } = journey;
    const whole = decision.parts === undefined ? undefined : this.#evaluateWhole(request);
    const parted = whole && this.#inParts(request, whole);
    if (parted === undefined) return execute(this.#planOf(journey, decision), this.#ports);
    const planOf = (conversation: Conversation, before: CallsBefore): ExecutionPlan => {
      const step = { ...journey, request: parted.requestOf(conversation) };
      const plan = this.#planOf(step, this.#evaluateWhole(step.request));
      return { ...plan, ...before, maxCostNanoUsd: capOf(request) };
    };
    const refusalOf = (refused: RoutingDecision) => this.#refusalOf(journey, refused);
    return executeInParts({ ...parted, planOf, refusalOf }, this.#ports);
  }

  #evaluateWhole(request: RoutingRequest): RoutingDecision {
    const { registry, clock } = this.#ports;
    return decide({
      request,
      requirement: classify(request, registry.current().routing.compliance),
      registry: registry.current(),
      healthOf: (model) => healthOf(model, this.#ports),
      now: clock.now(),
    });
  }

  #inParts(request: RoutingRequest, whole: RoutingDecision): PartedRequest | undefined {
    const evaluate = (step: RoutingRequest) => this.#evaluateWhole(step);
    const { registry, tokenRatios } = this.#ports;
    const split = splitConversation;
    return decideInParts({
      request,
      whole,
      registry: registry.current(),
      tokenRatios,
      split,
      evaluate,
    });
  }

  #planOf(journey: Journey, decision: RoutingDecision): ExecutionPlan {
    const { request, caller, startedAt } = journey;
    const { modelById, routing } = this.#ports.registry.current();
    return {
      request,
      conversation: request.conversation,
      decision,
      modelById,
      fallback: routing.fallback,
      signal: caller.signal,
      startedAt,
      recovered: () => this.#recovered(request, decision),
      announce: (order) => this.#announce(journey, decision, order),
      costOf: (attempt) => {
        const model = modelById.get(attempt.model);
        const { requirement } = decision;
        return model && billOf({ ...attempt, model, requirement }).costNanoUsd;
      },
      maxCostNanoUsd: capOf(request),
    };
  }

  #refusalOf({ request }: Journey, decision: RoutingDecision): RouterError {
    const { isRetry = false } = request;
    const route = { decision, registry: this.#ports.registry.current() };
    return noModelFits(decision, { retryInMs: retryInMs(route, this.#ports), isRetry });
  }

  /** Decides on this isolate's view; only when every able model rests, on the breakers' own word. */
  async #decide(request: RoutingRequest): Promise<RoutingDecision> {
    const decision = this.evaluate(request);
    if (decision.selectedModel !== undefined || restingIn(decision).length === 0) return decision;
    await this.#ports.breakers.consult(restingIn(decision));
    return this.evaluate(request);
  }

  /** What this isolate has not heard of yet, or what has changed since a slow first attempt began. */
  async #recovered(
    request: RoutingRequest,
    decision: RoutingDecision,
  ): Promise<readonly Candidate[]> {
    const resting = restingIn(decision);
    if (resting.length === 0) return [];
    await this.#ports.breakers.consult(resting);
    return this.#evaluateWhole(request).candidates.filter(({ model }) => resting.includes(model));
  }

  /** The execution's result as the caller's answer, and its books. */
  #deliver(journey: Journey, route: Route, execution: Execution): Answer {
    const { attempts, result } = execution;
    switch (result.type) {
      case 'failed':
        this.#book(journey, route, { attempts, errorCode: result.error.code });
        throw result.error;
      case 'answer':
        this.#book(journey, route, { attempts, errorCode: undefined });
        return this.#wholeAnswer(journey, route, { attempts, result });
      case 'stream':
        return this.#streamAnswer(journey, route, { attempts, result });
    }
  }

  #wholeAnswer(journey: Journey, route: Route, delivery: Delivery<'answer'>): Answer {
    const { decision } = route;
    const { attempts, result } = delivery;
    const { model, attempt, response, body } = result;
    const adapter = this.#ports.adapterOf(model.wire);
    const isNative =
      adapter.dialect === journey.caller.dialect && adapter.nativeStream(model) !== 'departs';
    return {
      type: 'whole',
      head: this.#headOf(journey, model, attempt.warnings),
      provider: model.provider.id,
      decision,
      attempts: attempt.number,
      fallbacks: fallbacksBefore(model.id, attempts, route.earlier),
      response,
      bill: withBills(
        billOf({ ...attempt, model, requirement: decision.requirement }),
        earlierBills(attempts, route),
      ),
      nativeBody: isNative ? body : undefined,
    };
  }

  /** A stream is booked when its last byte has passed or the caller has left. */
  #streamAnswer(journey: Journey, route: Route, delivery: Delivery<'stream'>): Answer {
    const { decision } = route;
    const { attempts, result } = delivery;
    const { stream, sequel } = result;
    const { model, number } = stream.order;
    const { requirement } = decision;
    this.#ports.latencies.record(model.id, stream.firstContentMs);
    const head = this.#headOf(journey, model, stream.warnings);
    const fallbacks = fallbacksBefore(model.id, attempts, route.earlier);
    const parts = earlierBills(attempts, route);
    const { body, settled } = relayStream(
      {
        stream,
        sequel,
        head,
        caller: journey.caller,
        idleMs: limitsOf(journey.request, requirement).idleMs,
        billOf: ({ order, held: { tally } }) => {
          const { usage, outputCharacters } = tally;
          const call = { usage, outputCharacters, outcome: 'open', requirement } as const;
          return withBills(billOf({ ...call, model: order.model }), parts);
        },
      },
      this.#ports,
    );
    const settle = async (): Promise<void> => {
      const error = await settled;
      this.#book(journey, route, { attempts, errorCode: error?.code });
    };
    this.#ports.background.run(settle());
    const { id: provider } = model.provider;
    return { type: 'stream', head, provider, decision, attempts: number, fallbacks, body };
  }

  #headOf(journey: Journey, model: RoutableModel, warnings: readonly Warning[]): AnswerHead {
    return {
      requestId: journey.requestId,
      model: model.id,
      createdAt: journey.startedAt,
      warnings: [...journey.request.conversation.warnings, ...warnings],
    };
  }

  /** The call is known to the books even if this isolate dies before it has closed it (F74). */
  #announce(journey: Journey, { requirement }: RoutingDecision, order: AttemptOrder): void {
    const { ledger, clock } = this.#ports;
    const { candidate, model, number } = order;
    const { deadlineMs } = limitsOf(journey.request, requirement);
    ledger.open({
      requestId: journey.requestId,
      attribution: journey.attribution,
      number,
      model: model.id,
      provider: model.provider.id,
      startedAt: clock.now(),
      closesBy: journey.startedAt + deadlineMs + CLOSING_MS,
      estimatedCostNanoUsd: candidate.estimatedCostNanoUsd,
      estimatedInputTokens: inputTokensFor(requirement, model).estimated,
    });
  }

  /** Ledger, analysis and events; none of them is waited for. */
  #book(journey: Journey, route: Route, closing: Closing): void {
    const { ledger, points, telemetry, clock } = this.#ports;
    const { registry } = route;
    const entry = toLedgerEntry({
      ...closing,
      ...route,
      requestId: journey.requestId,
      attribution: journey.attribution,
      startedAt: journey.startedAt,
      endedAt: clock.now(),
      isStream: journey.request.conversation.stream,
      modelById: registry.modelById,
      auditLogging: registry.routing.compliance.auditLogging,
    });
    ledger.record(entry);
    points.write(entry);
    for (const { model, ratio } of tokenRatiosOf({ ...route, ...closing })) {
      this.#ports.tokenRatios.record(model, ratio);
    }
    for (const event of closingEvents(entry)) telemetry.emit(event);
  }
}

function capOf({ maxCostUsd }: RoutingRequest): NanoUsd | undefined {
  return maxCostUsd === undefined ? undefined : nanoUsdLimit(maxCostUsd);
}

type Delivery<Type> = {
  readonly attempts: readonly Attempt[];
  readonly result: Extract<Execution['result'], { readonly type: Type }>;
};

type Closing = {
  readonly attempts: readonly Attempt[];
  readonly errorCode: ErrorCode | undefined;
};
