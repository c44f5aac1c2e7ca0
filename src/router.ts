import { billOf } from './account/bill.ts';
import { closingEvents, decisionEvent } from './account/events.ts';
import { toLedgerEntry } from './account/ledger-entry.ts';
import { tokenRatioOf } from './account/token-ratio.ts';
import { classify } from './classify/classify.ts';
import { decide } from './decide/decide.ts';
import type { ModelHealth } from './decide/eligibility.ts';
import { noModelFits } from './decide/no-model-fits.ts';
import type { Attempt } from './domain/attempt.ts';
import type { Conversation } from './domain/conversation.ts';
import { type Candidate, inputTokensFor, type RoutingDecision } from './domain/decision.ts';
import type { Warning } from './domain/dialect.ts';
import type { ErrorCode } from './domain/errors.ts';
import type { Attribution } from './domain/ledger.ts';
import type { RoutableModel } from './domain/model.ts';
import { nanoUsdLimit } from './domain/money.ts';
import type { AnswerBill, AnswerHead, Caller, RouterPorts } from './domain/ports.ts';
import type { Registry } from './domain/registry.ts';
import type { RoutingRequest } from './domain/request.ts';
import type { ModelResponse } from './domain/response.ts';
import type { AttemptOrder } from './execute/attempt.ts';
import { type Execution, execute } from './execute/execute.ts';
import { limitsOf } from './execute/limits.ts';
import { relayStream } from './execute/relay.ts';
import { restingIn, retryInMs } from './execute/resting.ts';

/** Behind a deadline, work that goes on may take 30 s, and a batch of books another while. */
const CLOSING_MS = 60_000;

/** One request on its way through the router. */
export type Journey = {
  readonly requestId: string;
  readonly request: RoutingRequest & { readonly conversation: Conversation };
  readonly caller: Caller;
  readonly attribution: Attribution;
  /** Epoch milliseconds. */
  readonly startedAt: number;
};

/** What the caller gets, and what its headers say of it. */
export type Answer = {
  readonly head: AnswerHead;
  readonly provider: string;
  readonly decision: RoutingDecision;
  /** How many calls it took, the one that answered included. */
  readonly attempts: number;
  /** How many models failed before the one that answered. */
  readonly fallbacks: number;
} & (
  | { readonly type: 'stream'; readonly body: ReadableStream<Uint8Array> }
  | {
      readonly type: 'whole';
      readonly response: ModelResponse;
      readonly bill: AnswerBill;
      /** The provider's own text, where it already is the caller's dialect. */
      readonly nativeBody: string | undefined;
    }
);

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
      const { isRetry = false } = journey.request;
      const error = noModelFits(decision, { retryInMs: retryInMs(route, this.#ports), isRetry });
      this.#book(journey, route, { attempts: [], errorCode: error.code });
      throw error;
    }
    const execution = await this.executeWithFallback(journey, decision);
    return this.#deliver(journey, route, execution);
  }

  /**
   * Which models may answer, best first, and why the others may not. Calls nobody and waits for
   * nothing; the registry must be ready. @throws RouterError `model_not_found`.
   */
  evaluate(request: RoutingRequest): RoutingDecision {
    const { registry, clock } = this.#ports;
    return decide({
      request,
      requirement: classify(request, registry.current().routing.compliance),
      registry: registry.current(),
      healthOf: (model) => this.#healthOf(model),
      now: clock.now(),
    });
  }

  /** Carries a decision out: candidate after candidate until one answers. */
  executeWithFallback(journey: Journey, decision: RoutingDecision): Promise<Execution> {
    const { request, caller, startedAt } = journey;
    const { modelById, routing } = this.#ports.registry.current();
    const plan = {
      request,
      conversation: request.conversation,
      decision,
      modelById,
      fallback: routing.fallback,
      signal: caller.signal,
      startedAt,
      recovered: () => this.#recovered(request, decision),
      announce: (order: AttemptOrder) => this.#announce(journey, decision, order),
      costOf: (attempt: Attempt) => {
        const model = modelById.get(attempt.model);
        const { requirement } = decision;
        return model && billOf({ ...attempt, model, requirement }).costNanoUsd;
      },
      maxCostNanoUsd:
        request.maxCostUsd === undefined ? undefined : nanoUsdLimit(request.maxCostUsd),
    };
    return execute(plan, this.#ports);
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
    return this.evaluate(request).candidates.filter(({ model }) => resting.includes(model));
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

  #wholeAnswer(journey: Journey, { decision }: Route, delivery: Delivery<'answer'>): Answer {
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
      fallbacks: fallbacksBefore(model, attempts),
      response,
      bill: billOf({ ...attempt, model, requirement: decision.requirement }),
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
    const fallbacks = fallbacksBefore(model, attempts);
    const { body, settled } = relayStream(
      {
        stream,
        sequel,
        head,
        caller: journey.caller,
        idleMs: limitsOf(journey.request, requirement).idleMs,
        billOf: ({ order, held: { tally } }) => {
          const { usage, outputCharacters } = tally;
          return billOf({
            usage,
            outputCharacters,
            outcome: 'open',
            model: order.model,
            requirement,
          });
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
  #book(journey: Journey, { decision, registry }: Route, closing: Closing): void {
    const { ledger, points, telemetry, clock } = this.#ports;
    const entry = toLedgerEntry({
      ...closing,
      decision,
      requestId: journey.requestId,
      attribution: journey.attribution,
      startedAt: journey.startedAt,
      endedAt: clock.now(),
      isStream: journey.request.conversation.stream,
      modelById: registry.modelById,
    });
    ledger.record(entry);
    points.write(entry);
    this.#learnTokens(decision, closing.attempts);
    for (const event of closingEvents(entry)) telemetry.emit(event);
  }

  /** What providers counted corrects what is estimated for their models. */
  #learnTokens({ requirement }: RoutingDecision, attempts: readonly Attempt[]): void {
    const { registry, tokenRatios } = this.#ports;
    for (const { model: id, usage } of attempts) {
      const model = registry.current().modelById.get(id);
      const ratio = model && tokenRatioOf(usage, requirement, model);
      if (ratio !== undefined) tokenRatios.record(id, ratio);
    }
  }

  #healthOf(model: RoutableModel): ModelHealth {
    const { breakers, hosts, keys, latencies, tokenRatios } = this.#ports;
    const key = keys.pick(model);
    return {
      breaker: breakers.health(model.id),
      host: hosts.health(model.provider.id),
      key: typeof key === 'string' ? key : 'free',
      latencyMs: latencies.expected(model.id),
      tokenRatio: tokenRatios.expected(model.id),
    };
  }
}

/** What was decided, and the registry that it was decided on: its prices hold to the end. */
type Route = { readonly decision: RoutingDecision; readonly registry: Registry };

type Delivery<Type> = {
  readonly attempts: readonly Attempt[];
  readonly result: Extract<Execution['result'], { readonly type: Type }>;
};

type Closing = {
  readonly attempts: readonly Attempt[];
  readonly errorCode: ErrorCode | undefined;
};

function fallbacksBefore(served: RoutableModel, attempts: readonly Attempt[]): number {
  return new Set(attempts.map(({ model }) => model).filter((id) => id !== served.id)).size;
}
