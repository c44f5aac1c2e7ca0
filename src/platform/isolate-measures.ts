import type { Framing, Latencies, Retries, TokenRatios } from '../domain/measures.ts';
import type { ModelId } from '../domain/model.ts';
import type { Clock } from '../domain/ports.ts';
import { RetryBudget } from '../domain/retry-budget.ts';

/** A budget of second tries for each model that this isolate asks. */
export class IsolateRetries implements Retries {
  readonly #clock: Clock;
  readonly #budgets = new Map<ModelId, RetryBudget>();

  constructor(time: Clock) {
    this.#clock = time;
  }

  note(model: ModelId): void {
    this.#budgetOf(model).note();
  }

  take(model: ModelId): boolean {
    return this.#budgetOf(model).take(this.#clock.now());
  }

  #budgetOf(model: ModelId): RetryBudget {
    let budget = this.#budgets.get(model);
    if (budget === undefined) {
      budget = new RetryBudget();
      this.#budgets.set(model, budget);
    }
    return budget;
  }
}

/** The weight of the newest call; about the last ten count. */
const NEWEST_SHARE = 0.2;
/** Fewer calls say too little. */
const LEAST_CALLS = 5;

/** Mean absolute deviations above the average that 95 % of a skewed distribution stay below. */
const P95_DEVIATIONS = 3;

type Measured = {
  readonly calls: number;
  readonly averageMs: number;
  /** The mean absolute distance from the average. */
  readonly deviationMs: number;
};

/** Time to first content as this isolate measured it, newer calls counting more. */
export class IsolateLatencies implements Latencies {
  readonly #byModel = new Map<ModelId, Measured>();

  record(model: ModelId, firstContentMs: number): void {
    const known = this.#byModel.get(model) ?? {
      calls: 0,
      averageMs: firstContentMs,
      deviationMs: firstContentMs / 2,
    };
    const { calls, averageMs, deviationMs } = known;
    const offMs = Math.abs(firstContentMs - averageMs);
    this.#byModel.set(model, {
      calls: calls + 1,
      averageMs: averageMs + (firstContentMs - averageMs) * NEWEST_SHARE,
      deviationMs: deviationMs + (offMs - deviationMs) * NEWEST_SHARE,
    });
  }

  expected(model: ModelId): number | undefined {
    return this.#measured(model)?.averageMs;
  }

  p95(model: ModelId): number | undefined {
    const measured = this.#measured(model);
    return measured && measured.averageMs + measured.deviationMs * P95_DEVIATIONS;
  }

  #measured(model: ModelId): Measured | undefined {
    const known = this.#byModel.get(model);
    return known !== undefined && known.calls >= LEAST_CALLS ? known : undefined;
  }
}

/** A provider that sends one broken event sends more of them, until somebody has mended it. */
const DOUBT_MS = 3_600_000;

/** Models whose streams held broken events in the last hour. */
export class IsolateFraming implements Framing {
  readonly #clock: Clock;
  readonly #doubtfulUntil = new Map<ModelId, number>();

  constructor(time: Clock) {
    this.#clock = time;
  }

  noteBroken(model: ModelId): void {
    this.#doubtfulUntil.set(model, this.#clock.now() + DOUBT_MS);
  }

  isDoubtful(model: ModelId): boolean {
    return (this.#doubtfulUntil.get(model) ?? 0) > this.#clock.now();
  }
}

/** A tokenizer that differs more than this from its family is a fault of the report, not of ours. */
const LEAST_RATIO = 0.7;
const LARGEST_RATIO = 2;

/** Reported over estimated input as this isolate saw it, newer calls counting more. */
export class IsolateTokenRatios implements TokenRatios {
  readonly #byModel = new Map<ModelId, number>();

  record(model: ModelId, ratio: number): void {
    const known = this.expected(model);
    const taken = Math.min(Math.max(ratio, LEAST_RATIO), LARGEST_RATIO);
    this.#byModel.set(model, known + (taken - known) * NEWEST_SHARE);
  }

  expected(model: ModelId): number {
    return this.#byModel.get(model) ?? 1;
  }
}
