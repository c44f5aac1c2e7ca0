import { randomFrom } from '../simulator/plan.ts';
import type { ChaosRequest, Evidence, Observation, Spell, Trouble } from './evidence.ts';
import { CHAT_MODELS, PROVIDER_KEYS, registryOf } from './models.ts';
import { candidatesOf } from './run.ts';
import { plainRequestOf, send } from './traffic.ts';
import { planOf } from './weather.ts';
import { simulatedWorld } from './world.ts';

/** Three models, one of each provider; the first is the cheapest and takes all traffic when well. */
export const TRIO = CHAT_MODELS.slice(0, 3);
const IDS = TRIO.map(({ id }) => id);

/** A stretch of time in which the same is wrong. */
export type Chapter = {
  readonly seconds: number;
  readonly troubles: readonly Trouble[];
  /** 5 by default. */
  readonly requestsPerSecond?: number;
  /** Changes the requests of the chapter. */
  readonly change?: (request: ChaosRequest, random: () => number) => ChaosRequest;
};

export type Story = {
  readonly seed: number;
  readonly isolates: number;
  readonly chapters: readonly Chapter[];
  /** Beside the default policy of a breaker. */
  readonly circuitBreaker?: object;
  readonly onProgress?: (done: number) => void;
};

/** What came of a story: its chapters are the spells, and `reports` were sent to breakers. */
export type Told = Evidence & { readonly reports: number };

const REQUESTS_PER_SECOND = 5;

/** Plays a story in simulated time. Requests come when they come, whether or not others were answered. */
export async function tell(story: Story): Promise<Told> {
  const logs: string[] = [];
  const world = simulatedWorld({
    seed: story.seed,
    isolates: story.isolates,
    variables: PROVIDER_KEYS,
    registryOf: () => registryOf(TRIO, { ...story.circuitBreaker }),
    onLog: (line) => {
      logs.push(line);
    },
  });
  const { fleet, simulator, clock, climate, breakerEvents } = world;
  const gather = async (): Promise<Told> => {
    const canary = `CANARY-${story.seed}-SECRET`;
    const random = randomFrom(story.seed);
    const underWay: Promise<Observation>[] = [];
    const spells: Spell[] = [];
    for (const { seconds, troubles, requestsPerSecond, change } of story.chapters) {
      const from = clock.now();
      simulator.setPlan(planOf(troubles, canary), story.seed);
      const gapMs = 1000 / (requestsPerSecond ?? REQUESTS_PER_SECOND);
      while (clock.now() < from + seconds * 1000) {
        const plain = plainRequestOf(random, underWay.length, IDS);
        const request = change?.(plain, random) ?? plain;
        const isolate = Math.floor(random() * story.isolates);
        underWay.push(send({ fleet, clock, limits: climate.limits }, isolate, request));
        story.onProgress?.(underWay.length);
        await clock.wait(gapMs);
      }
      spells.push({ from, to: clock.now(), troubles });
    }
    const observations = await Promise.all(underWay);
    return {
      observations,
      spells,
      kills: [],
      away: [],
      candidatesByNonce: await candidatesOf(observations, world),
      lines: await fleet.lines(),
      calls: simulator.calls(),
      logs,
      canary,
      deadlineMs: climate.limits.deadlineMs,
      unnoticedMs: climate.unnoticedMs,
      breakerEvents,
      reports: world.reports(),
    };
  };
  return await world.run(gather());
}

/** The same fault in some models. */
export function troubleIn(models: readonly { readonly id: string }[], fault: string): Trouble[] {
  return models.map(({ id: model }) => ({ model, fault, probability: 1, keyTail: undefined }));
}
