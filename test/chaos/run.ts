import { DEVELOPMENT_KEY } from '../simulator/development.ts';
import { randomFrom } from '../simulator/plan.ts';
import {
  type Evidence,
  isServed,
  type Observation,
  type Span,
  type Spell,
  type Trouble,
} from './evidence.ts';
import { MODELS, PROVIDER_KEYS, registryOf } from './models.ts';
import { requestOf, send } from './traffic.ts';
import { planOf, weatherOf } from './weather.ts';
import { realWorld, simulatedWorld, type World } from './world.ts';

export type ChaosSettings = {
  readonly seed: number;
  readonly requests: number;
  readonly isolates: number;
  /** Requests under way at the same time. */
  readonly width: number;
  /** How often all isolates are killed on the way. */
  readonly kills: number;
  /** `simulated`: one process and no waiting. `real`: the Workers runtime over real connections. */
  readonly time: 'simulated' | 'real';
  /** How many requests a spell of weather lasts; the world's own by default. */
  readonly requestsPerSpell?: number;
  readonly onProgress: (done: number) => void;
};

/** Sends seeded requests through seeded weather, and gathers what came of it. */
export async function runChaos(settings: ChaosSettings): Promise<Evidence> {
  const logs: string[] = [];
  const setup = {
    seed: settings.seed,
    isolates: settings.isolates,
    variables: PROVIDER_KEYS,
    registryOf: ({ cooldownSeconds }: World['climate']) => registryOf(MODELS, { cooldownSeconds }),
    onLog: (line: string) => {
      logs.push(line);
    },
  };
  const world = settings.time === 'real' ? await realWorld(setup) : simulatedWorld(setup);
  try {
    return { ...(await world.run(gather(settings, world))), logs };
  } finally {
    await world.close();
  }
}

async function gather(settings: ChaosSettings, world: World): Promise<Omit<Evidence, 'logs'>> {
  const { simulator, fleet, breakerEvents } = world;
  const canary = `CANARY-${settings.seed}-SECRET`;
  const sky = new Sky(settings.seed, world, canary);
  const traffic = await sendAll(settings, world, sky);
  const weather = sky.end();
  simulator.setPlan([]);
  for (let isolate = 0; isolate < settings.isolates; isolate++) await generationOf(fleet, isolate);
  const candidatesByNonce = await candidatesOf(traffic.observations, world);
  const lines = await fleet.lines();
  const calls = simulator.calls();
  const { limits, unnoticedMs } = world.climate;
  const { deadlineMs } = limits;
  const seen = { calls, lines, candidatesByNonce, breakerEvents };
  return { ...traffic, ...weather, ...seen, canary, deadlineMs, unnoticedMs };
}

/** In so many spells the platform's objects are away, 0 to 1 (fault catalogue F75, F81). */
const AWAY_SHARE = 0.1;

/** The weather over a run. */
class Sky {
  readonly #spells: Spell[] = [];
  readonly #away: Span[] = [];
  #areAway = false;
  readonly #weather: Generator<readonly Trouble[]>;
  readonly #world: World;
  readonly #seed: number;
  readonly #canary: string;
  readonly #random: () => number;
  #from: number;
  #troubles: readonly Trouble[] = [];

  constructor(seed: number, world: World, canary: string) {
    this.#seed = seed;
    this.#world = world;
    this.#canary = canary;
    this.#weather = weatherOf(seed);
    this.#random = randomFrom(seed + 2);
    this.#from = world.clock.now();
  }

  /** Another spell. Objects may be away only while nobody dies: both at once may lose a record (F81). */
  change(maySpareObjects: boolean): void {
    this.#close();
    const isStill = this.#random() >= AWAY_SHARE || !maySpareObjects;
    this.#areAway = !isStill && this.#world.setObjectsAway !== undefined;
    this.#world.setObjectsAway?.(this.#areAway);
    this.#troubles = this.#weather.next().value ?? [];
    this.#world.simulator.setPlan(planOf(this.#troubles, this.#canary), this.#seed);
  }

  end(): Pick<Evidence, 'spells' | 'away'> {
    this.#close();
    this.#world.setObjectsAway?.(false);
    return { spells: this.#spells, away: this.#away };
  }

  #close(): void {
    const to = this.#world.clock.now();
    this.#spells.push({ from: this.#from, to, troubles: this.#troubles });
    if (this.#areAway) this.#away.push({ from: this.#from, to });
    this.#from = to;
  }
}

async function sendAll(settings: ChaosSettings, world: World, sky: Sky) {
  const { fleet, clock, climate } = world;
  const { limits, pauseMs, mostLeavingMs } = climate;
  const { requestsPerSpell = climate.requestsPerSpell } = settings;
  const random = randomFrom(settings.seed);
  const observations: Observation[] = [];
  const kills: Span[] = [];
  const killsAt = killsOf(settings);
  let restarted = Promise.resolve();
  let sent = 0;
  const kill = async (): Promise<void> => {
    const from = clock.now();
    await fleet.kill();
    kills.push({ from, to: clock.now() });
  };
  const lane = async (): Promise<void> => {
    for (;;) {
      await clock.wait(-Math.log(1 - random()) * pauseMs);
      await restarted;
      if (sent >= settings.requests) return;
      const at = sent++;
      if (at % requestsPerSpell === 0) {
        const isDeadly = [...killsAt].some(
          (kill) => kill >= at - 1 && kill < at + 2 * requestsPerSpell,
        );
        sky.change(!isDeadly);
      }
      if (killsAt.has(at)) restarted = kill();
      await restarted;
      const request = requestOf(random, at, mostLeavingMs);
      observations.push(await send({ fleet, clock, limits }, at % settings.isolates, request));
      settings.onProgress(observations.length);
    }
  };
  await Promise.all(Array.from({ length: settings.width }, lane));
  return { observations, kills };
}

/** Between spells rather than at their edges, so that weather and deaths meet in every way. */
function killsOf({ kills, requests, seed }: ChaosSettings): ReadonlySet<number> {
  const random = randomFrom(seed + 1);
  const place = (kill: number): number => Math.floor(((kill + random()) * requests) / kills);
  return new Set(Array.from({ length: kills }, (_, kill) => place(kill)));
}

/** What was decided for the requests that failed, from the books of the router. */
export async function candidatesOf(
  observations: readonly Observation[],
  { fleet }: Pick<World, 'fleet'>,
) {
  const found = new Map<string, readonly string[]>();
  for (const observation of observations) {
    const id = observation.headers['x-router-request-id'];
    if (id === undefined || isServed(observation)) continue;
    const response = await generationOf(fleet, 0, id);
    const entry = (await response.json()) as {
      decision?: { candidates?: { model: string }[] };
    }; // the router's own record
    const candidates = entry.decision?.candidates ?? [];
    found.set(
      observation.request.nonce,
      candidates.map(({ model }) => model),
    );
  }
  return found;
}

/** An id that no request has. */
const NOBODYS = '0'.repeat(32);

/**
 * Asks an isolate for what was booked of a request. With it the isolate writes what it still holds: at
 * the end of a run nobody else comes behind an outage of the books (fault catalogue F81).
 */
function generationOf(fleet: World['fleet'], isolate: number, id = NOBODYS): Promise<Response> {
  return fleet.fetch(isolate, `/v1/generations/${id}`, {
    headers: { authorization: `Bearer ${DEVELOPMENT_KEY}` },
  });
}
