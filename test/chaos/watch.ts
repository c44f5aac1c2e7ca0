import type { BreakerState } from '../../src/domain/breaker.ts';
import { DEVELOPMENT_KEY } from '../simulator/development.ts';
import type { BreakerEvent } from './evidence.ts';
import type { Fleet } from './fleet.ts';

const EVERY_MS = 500;

type Status = {
  readonly models: readonly {
    readonly id: string;
    readonly breaker: { readonly state: BreakerState; readonly isFleetWide: boolean };
  }[];
};

/** Notes how the breakers of a fleet change, as its own status tells them, until the result is called. */
export function watchBreakers(fleet: Pick<Fleet, 'fetch'>, events: BreakerEvent[]): () => void {
  const stateById = new Map<string, BreakerState>();
  const look = async (): Promise<void> => {
    const headers = { authorization: `Bearer ${DEVELOPMENT_KEY}` };
    const response = await fleet.fetch(0, '/v1/status', { headers });
    const { models } = (await response.json()) as Status; // the router's own answer
    for (const { id, breaker } of models) {
      const { state, isFleetWide } = breaker;
      if (!isFleetWide || state === (stateById.get(id) ?? 'closed')) continue;
      stateById.set(id, state);
      events.push({ at: Date.now(), model: id, state, isLease: false });
    }
  };
  // An isolate that is being killed says nothing.
  const timer = setInterval(() => void look().catch(() => undefined), EVERY_MS);
  return () => clearInterval(timer);
}
