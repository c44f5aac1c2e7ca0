import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../src/domain/ports.ts';
import { listen } from '../simulator/listen.ts';
import { createSimulator, type Simulator } from '../simulator/simulator.ts';
import type { BreakerEvent } from './evidence.ts';
import { type Fleet, type FleetSetup, startFleet } from './fleet.ts';
import { SimulatedFleet } from './simulated-fleet.ts';
import type { Limits } from './traffic.ts';
import { watchBreakers } from './watch.ts';

/** Where a run takes place: a fleet, its providers, and how time passes. */
export type World = {
  readonly fleet: Fleet;
  readonly simulator: Simulator;
  readonly clock: Clock;
  readonly climate: Climate;
  readonly breakerEvents: readonly BreakerEvent[];
  /** Makes all Durable Objects unreachable; undefined where that cannot be played. */
  readonly setObjectsAway?: (areAway: boolean) => void;
  /** How often breakers were told of something or asked; only simulated objects count. */
  reports(): number;
  /** Lets time pass until the work is done. */
  run<Result>(work: Promise<Result>): Promise<Result>;
  close(): Promise<void>;
};

export type Climate = {
  readonly limits: Limits;
  readonly cooldownSeconds: number;
  /** How many requests a spell of weather lasts. */
  readonly requestsPerSpell: number;
  /** On average between two requests of one lane, in milliseconds. */
  readonly pauseMs: number;
  /**
   * While nothing is written to a caller its leaving goes unnoticed in the local Workers runtime: the
   * limit on the first content, or on gaps, ends the call. In milliseconds.
   */
  readonly unnoticedMs: number;
  /** Callers that leave do so within this time, in milliseconds. */
  readonly mostLeavingMs: number;
};

export type WorldSetup = Pick<FleetSetup, 'isolates' | 'variables' | 'onLog'> & {
  readonly seed: number;
  readonly registryOf: (climate: Climate) => object;
};

/** As in production: what takes hours there takes no time here. */
const SIMULATED: Climate = {
  limits: { firstTokenMs: 10_000, idleMs: 30_000, deadlineMs: 120_000 },
  cooldownSeconds: 60,
  requestsPerSpell: 120,
  pauseMs: 4000,
  unnoticedMs: 0,
  mostLeavingMs: 700,
};

/** Short enough for thousands of requests, long enough for a loaded machine. */
const REAL: Climate = {
  limits: { firstTokenMs: 4000, idleMs: 4000, deadlineMs: 30_000 },
  cooldownSeconds: 2,
  requestsPerSpell: 80,
  pauseMs: 0,
  unnoticedMs: 4000,
  mostLeavingMs: 60,
};

/** Isolates in one process, in simulated time: exact, repeatable, and as fast as the machine. */
export function simulatedWorld({ registryOf, ...setup }: WorldSetup): World {
  const fleet = new SimulatedFleet({ ...setup, registry: registryOf(SIMULATED) });
  const { simulator, clock } = fleet;
  return {
    fleet,
    simulator,
    clock,
    climate: SIMULATED,
    breakerEvents: fleet.objects.breakerEvents,
    setObjectsAway: (areAway) => {
      fleet.objects.areAway = areAway;
    },
    reports: () => fleet.objects.syncs,
    run: (work) => clock.run(work),
    close: () => fleet.close(),
  };
}

/** Isolates in the Workers runtime, over real connections, in real time. */
export async function realWorld({ registryOf, ...setup }: WorldSetup): Promise<World> {
  const simulator = createSimulator({ firstMs: 5, gapMs: 1 });
  const server = await listen(simulator);
  const registry = registryOf(REAL);
  const fleet = await startFleet({ ...setup, registry, simulatorUrl: server.url });
  const breakerEvents: BreakerEvent[] = [];
  const stopWatching = watchBreakers(fleet, breakerEvents);
  return {
    fleet,
    simulator,
    clock: { now: () => Date.now(), wait },
    climate: REAL,
    breakerEvents,
    reports: () => 0,
    run: (work) => work,
    close: async () => {
      stopWatching();
      await fleet.close();
      await server.close();
    },
  };
}

async function wait(durationMs: number, signal?: AbortSignal): Promise<void> {
  await sleep(durationMs, undefined, { signal }).catch(() => undefined);
}
