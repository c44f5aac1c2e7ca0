import { type AttemptFailure, REACTIONS } from '../domain/failure.ts';
import { HostView } from '../domain/host-view.ts';
import type { RoutableModel } from '../domain/model.ts';
import type { BreakerHealth, Breakers, Clock, Hosts } from '../domain/ports.ts';
import type { BreakerPolicy } from '../domain/routing-config.ts';

export type IsolateHostsPorts = {
  readonly clock: Clock;
  readonly breakers: Breakers;
  readonly policy: () => BreakerPolicy;
};

const PASSABLE: BreakerHealth = { state: 'closed', isPassable: true, retryInMs: 0 };

/** The hosts that this isolate had trouble with; a host without any has no view and costs nothing. */
export class IsolateHosts implements Hosts {
  readonly #ports: IsolateHostsPorts;
  readonly #views = new Map<string, HostView>();

  constructor(ports: IsolateHostsPorts) {
    this.#ports = ports;
  }

  health(provider: string): BreakerHealth {
    return this.#views.get(provider)?.health(this.#ports.clock.now()) ?? PASSABLE;
  }

  pass(provider: string): boolean {
    return this.#views.get(provider)?.pass(this.#ports.clock.now()) ?? true;
  }

  note({ id, provider }: RoutableModel, outcome: 'answered' | AttemptFailure): void {
    if (outcome === 'answered') {
      this.#views.get(provider.id)?.noteSuccess();
      return;
    }
    if (REACTIONS[outcome.kind].health !== 'model') return;
    const { clock, breakers, policy } = this.#ports;
    const view = this.#viewOf(provider.id);
    const now = clock.now();
    const cooldownMs = policy().cooldownSeconds * 1000;
    view.noteFailure(outcome.kind === 'transport' || outcome.kind === 'provider', now, cooldownMs);
    if (breakers.health(id).state === 'open') view.noteOpenModel(id, now, cooldownMs);
  }

  #viewOf(provider: string): HostView {
    let view = this.#views.get(provider);
    if (view === undefined) {
      view = new HostView();
      this.#views.set(provider, view);
    }
    return view;
  }
}
