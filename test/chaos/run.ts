import { DEVELOPMENT_KEY } from '../simulator/development.ts';
import { listen } from '../simulator/listen.ts';
import { randomFrom } from '../simulator/plan.ts';
import { createSimulator } from '../simulator/simulator.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { type Evidence, isServed, type Spell } from './oracle.ts';
import { type Observation, requestOf, send } from './traffic.ts';
import { type ChaosModel, planOf, weatherOf } from './weather.ts';

export type ChaosSettings = {
  readonly seed: number;
  readonly requests: number;
  readonly isolates: number;
  /** Requests under way at the same time. */
  readonly width: number;
  /** How often all isolates are killed on the way. */
  readonly kills: number;
  readonly onProgress: (done: number) => void;
};

/** Short enough for thousands of requests, long enough for a loaded machine. */
const LIMITS = { firstTokenMs: 1500, idleMs: 1500, deadlineMs: 20_000 };
const COOLDOWN_SECONDS = 2;
const REQUESTS_PER_SPELL = 80;
const KEYS = { good: 'good-key-2', weak: 'weak-key-1' };

const VENDORS = [
  { provider: 'openai', secret: 'OPENAI_API_KEY' },
  { provider: 'anthropic', secret: 'ANTHROPIC_API_KEY' },
  { provider: 'google', secret: 'GEMINI_API_KEY' },
] as const;

/** Six models of three providers, each a little dearer than the one before. */
export const MODELS: readonly ChaosModel[] = [0, 1, 2, 3, 4, 5].map((at) => ({
  id: `${VENDORS[at % 3]?.provider}/chaos-${at}`,
  upstream: `chaos-${at}`,
}));

function registryOf(): object {
  const entries = MODELS.map(({ id, upstream }, at) => [
    id,
    {
      provider: id.split('/')[0],
      upstreamModel: upstream,
      maxContextTokens: 100_000,
      maxOutputTokens: 8000,
      costPer1kInputTokens: 0.0001 * (at + 1),
      costPer1kOutputTokens: 0.0002 * (at + 1),
      estimatedP50LatencyMs: 200,
    },
  ]);
  return {
    models: Object.fromEntries(entries),
    routing: {
      evaluation: { maxCandidates: 6, scoreWeights: { cost: 1, latency: 0, capabilityMatch: 0 } },
      fallback: { circuitBreaker: { cooldownSeconds: COOLDOWN_SECONDS } },
    },
  };
}

/** Sends seeded requests through seeded weather, and gathers what came of it. */
export async function runChaos(settings: ChaosSettings): Promise<Evidence> {
  const simulator = createSimulator({ firstMs: 5, gapMs: 1 });
  const server = await listen(simulator);
  const logs: string[] = [];
  const keys = `${KEYS.weak},${KEYS.good}`;
  const fleet = await startFleet({
    isolates: settings.isolates,
    simulatorUrl: server.url,
    registry: registryOf(),
    variables: Object.fromEntries(VENDORS.map(({ secret }) => [secret, keys])),
    onLog: (line) => logs.push(line),
  });
  const canary = `CANARY-${settings.seed}-SECRET`;
  try {
    const sky = new Sky(settings.seed, canary, (rules) => simulator.setPlan(rules, settings.seed));
    const traffic = await sendAll(settings, fleet, sky);
    simulator.setPlan([]);
    const candidatesByNonce = await candidatesOf(traffic.observations, fleet);
    await settle();
    return {
      ...traffic,
      spells: sky.end(),
      calls: simulator.calls(),
      lines: await fleet.lines(),
      logs,
      canary,
      candidatesByNonce,
    };
  } finally {
    await fleet.close();
    await server.close();
  }
}

/** Books go out in batches of up to a second; what a killed isolate held is found as open calls. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 4000));
}

/** The weather over a run: a new spell every so many requests. */
class Sky {
  readonly #spells: Spell[] = [];
  readonly #weather: ReturnType<typeof weatherOf>;
  readonly #canary: string;
  readonly #apply: (rules: ReturnType<typeof planOf>) => void;
  #from = Date.now();
  #troubles: Spell['troubles'] = [];

  constructor(seed: number, canary: string, apply: (rules: ReturnType<typeof planOf>) => void) {
    this.#weather = weatherOf({ models: MODELS, keyTail: KEYS.weak.slice(-4), seed });
    this.#canary = canary;
    this.#apply = apply;
  }

  change(): void {
    this.#close();
    this.#troubles = this.#weather.next().value ?? [];
    this.#apply(planOf(this.#troubles, MODELS, this.#canary));
  }

  end(): readonly Spell[] {
    this.#close();
    return this.#spells;
  }

  #close(): void {
    const now = Date.now();
    this.#spells.push({ from: this.#from, to: now, troubles: this.#troubles });
    this.#from = now;
  }
}

async function sendAll(settings: ChaosSettings, fleet: Fleet, sky: Sky) {
  const random = randomFrom(settings.seed);
  const observations: Observation[] = [];
  const kills: { readonly from: number; readonly to: number }[] = [];
  const models = MODELS.map(({ id }) => id);
  const killsAt = new Set(
    Array.from({ length: settings.kills }, (_, at) =>
      Math.floor(((at + 1) * settings.requests) / (settings.kills + 1)),
    ),
  );
  let sent = 0;
  const lane = async (): Promise<void> => {
    while (sent < settings.requests) {
      const at = sent++;
      if (at % REQUESTS_PER_SPELL === 0) sky.change();
      if (killsAt.has(at)) {
        const from = Date.now();
        await fleet.kill();
        kills.push({ from, to: Date.now() + 500 });
      }
      const urls = fleet.urls();
      const url = urls[at % urls.length] ?? '';
      observations.push(await send(url, requestOf(random, at, models), LIMITS));
      settings.onProgress(observations.length);
    }
  };
  await Promise.all(Array.from({ length: settings.width }, lane));
  return { observations, kills };
}

/** What was decided for the requests that failed, from the books of the router. */
async function candidatesOf(observations: readonly Observation[], fleet: Fleet) {
  const failed = observations.filter((observation) => !isServed(observation));
  const found = new Map<string, readonly string[]>();
  for (const { request, headers } of failed) {
    const id = headers['x-router-request-id'];
    if (id === undefined) continue;
    found.set(request.nonce, await candidatesIn(id, fleet.urls()));
  }
  return found;
}

async function candidatesIn(requestId: string, urls: readonly string[]): Promise<string[]> {
  for (const url of urls) {
    const response = await fetch(`${url}/v1/generations/${requestId}`, {
      headers: { authorization: `Bearer ${DEVELOPMENT_KEY}` },
    });
    const entry = (await response.json()) as {
      decision?: { candidates?: { model: string }[] };
    }; // the router's own record
    const candidates = entry.decision?.candidates;
    if (candidates !== undefined) return candidates.map(({ model }) => model);
  }
  return [];
}
