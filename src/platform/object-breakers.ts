import type { BreakerReport, BreakerSnapshot } from '../domain/breaker.ts';
import { BreakerView, type Pass } from '../domain/breaker-view.ts';
import type { ModelId } from '../domain/model.ts';
import type {
  Background,
  BreakerHealth,
  BreakerStatus,
  Breakers,
  Clock,
  Permit,
  Random,
  Telemetry,
} from '../domain/ports.ts';
import type { BreakerPolicy } from '../domain/routing-config.ts';

/** Nobody waits longer for the objects when no candidate is passable. */
const CONSULT_MS = 300;
/** A report that takes longer is given up; it goes again as it was. */
const REPORT_MS = 2000;

/** What is used of the namespace of `ModelBreaker`. */
export type BreakerNamespace = {
  idFromName(name: string): object;
  get(id: object, options?: { readonly locationHint?: LocationHint }): BreakerObject;
};

export type BreakerObject = { sync(report: BreakerReport): Promise<BreakerSnapshot> };

type LocationHint = 'enam' | 'sam' | 'weur' | 'afr' | 'apac' | 'oc';

export type ObjectBreakersPorts = {
  readonly namespace: BreakerNamespace;
  readonly clock: Clock;
  readonly random: Random;
  readonly background: Background;
  readonly telemetry: Telemetry;
  readonly policy: () => BreakerPolicy;
  /** Where this isolate runs, as its requests tell; undefined where nobody knows. */
  readonly continent: () => string | undefined;
};

/** Where the object of a continent's breaker lives; only the first call decides. */
const LOCATION_HINTS: Readonly<Record<string, LocationHint>> = {
  NA: 'enam',
  SA: 'sam',
  EU: 'weur',
  AF: 'afr',
  AS: 'apac',
  OC: 'oc',
};

const CLOSED: BreakerHealth = { state: 'closed', isPassable: true, retryInMs: 0 };

/**
 * The breakers as this isolate sees them. A healthy model costs no call: its object hears of failures,
 * and is asked while it is not closed, always behind the answer.
 */
export class ObjectBreakers implements Breakers {
  readonly #ports: ObjectBreakersPorts;
  readonly #views = new Map<ModelId, BreakerView>();
  /** Made at the first report: randomness is not to be had in global scope. */
  #isolate: string | undefined;

  constructor(ports: ObjectBreakersPorts) {
    this.#ports = ports;
  }

  health(model: ModelId): BreakerHealth {
    const view = this.#views.get(model);
    if (view === undefined) return CLOSED;
    this.#report(model, view);
    return view.health(this.#ports.clock.now());
  }

  acquire(model: ModelId): Permit | undefined {
    const view = this.#viewOf(model);
    const pass = view.pass(this.#ports.clock.now());
    return pass && this.#permitOf(model, view, pass);
  }

  hasJustAnswered(model: ModelId): boolean {
    return this.#views.get(model)?.hasJustAnswered(this.#ports.clock.now()) ?? false;
  }

  recordFailure(model: ModelId): void {
    const view = this.#viewOf(model);
    view.record({ permit: undefined }, false, this.#ports.clock.now());
    this.#report(model, view);
  }

  async consult(models: readonly ModelId[]): Promise<void> {
    const views = models.map((model) => [model, this.#viewOf(model)] as const);
    for (const [, view] of views) view.endRamp();
    await Promise.all(views.map(([model, view]) => this.#sync(model, view, CONSULT_MS)));
  }

  async states(models: readonly ModelId[]): Promise<readonly BreakerStatus[]> {
    return await Promise.all(models.map((model) => this.#stateOf(model)));
  }

  #permitOf(model: ModelId, view: BreakerView, pass: Pass): Permit {
    const { clock } = this.#ports;
    let isAnswered = false;
    const answer = (settle: (now: number) => void) => () => {
      if (isAnswered) return;
      isAnswered = true;
      settle(clock.now());
      this.#report(model, view);
    };
    let isSlow = false;
    const fail = answer((now) => {
      if (!isSlow) view.record(pass, false, now);
    });
    return {
      isProbe: pass.permit !== undefined,
      noteSlow: () => {
        if (isAnswered || isSlow || pass.permit !== undefined) return;
        isSlow = true;
        view.recordSlow(clock.now());
        this.#report(model, view);
      },
      succeed: answer((now) => view.record(pass, true, now)),
      fail,
      release: answer(() => view.giveBack(pass)),
    };
  }

  #viewOf(model: ModelId): BreakerView {
    let view = this.#views.get(model);
    if (view === undefined) {
      view = new BreakerView(this.#ports.policy);
      this.#views.set(model, view);
    }
    return view;
  }

  /** Sends what is due, behind the answer. */
  #report(model: ModelId, view: BreakerView): void {
    if (view.isDue(this.#ports.clock.now())) this.#ports.background.run(this.#sync(model, view));
  }

  async #sync(model: ModelId, view: BreakerView, patienceMs = REPORT_MS): Promise<void> {
    const { clock, random } = this.#ports;
    this.#isolate ??= random.id();
    const report = view.takeReport(this.#isolate, clock.now());
    try {
      const answer = this.#objectOf(model).sync(report);
      const snapshot = await Promise.race([answer, clock.wait(patienceMs)]);
      if (snapshot === undefined) return view.acceptSilence(clock.now());
      view.accept(snapshot, clock.now());
      // Failures that came while the report was under way: nobody else may ask for long.
      this.#report(model, view);
    } catch {
      // Unreachable or overloaded: this isolate goes on by its own view (fault catalogue F75).
      view.acceptSilence(clock.now());
    }
  }

  async #stateOf(model: ModelId): Promise<BreakerStatus> {
    const { clock, policy } = this.#ports;
    const nothing = { runs: [], sinceSuccessMs: 0, wantsPermit: false };
    const question = { from: '', sequence: 0, ...nothing, policy: policy() };
    try {
      const answer = this.#objectOf(model).sync(question);
      const snapshot = await Promise.race([answer, clock.wait(REPORT_MS)]);
      if (snapshot !== undefined) {
        const { state, failuresInRow, ttlMs } = snapshot;
        const retryInMs = state === 'closed' ? 0 : ttlMs;
        return { model, state, failuresInRow, retryInMs, isFromObject: true };
      }
    } catch {
      // The view below answers for an object that cannot.
    }
    const { state, retryInMs } = this.#viewOf(model).health(clock.now());
    return { model, state, failuresInRow: 0, retryInMs, isFromObject: false };
  }

  /** `idFromName(model)`: one object in the world per model, or one per continent. */
  #objectOf(model: ModelId) {
    const { namespace, policy, continent } = this.#ports;
    const place = policy().scope === 'region' ? continent() : undefined;
    if (place === undefined) return namespace.get(namespace.idFromName(model));
    const hint = LOCATION_HINTS[place];
    const id = namespace.idFromName(`${model}@${place}`);
    return namespace.get(id, hint === undefined ? {} : { locationHint: hint });
  }
}
