import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS, type PlanRule, randomFrom } from '../simulator/plan.ts';
import { anEntry } from './registries.ts';
import { chat, eventually, openStage, read, type Stage } from './stage.ts';

const SEED = 20_261_125;
const REQUESTS = 200;
/** As many at once as a small product has. */
const WIDTH = 8;
/** A share of calls that end badly in some way. */
const FAULTY_SHARE = 0.6;
const LEAVING_SHARE = 0.1;

/** Two models per wire, so that fallbacks cross wires and stay on one. */
const MODELS = ['openai/a', 'openai/b', 'anthropic/a', 'anthropic/b', 'google/a', 'google/b'];

let stage: Stage;
beforeAll(async () => {
  const entries = MODELS.map((id, at) => [id, anEntry(id.split('/')[0] ?? '', 0.001 * (at + 1))]);
  const document = {
    models: Object.fromEntries(entries),
    // Breakers that never open and keys that never rest would hide the calls that this is about.
    routing: { fallback: { circuitBreaker: { failureThreshold: 100 } } },
  };
  stage = await openStage({ registry: document, simulator: { gapMs: 1 } });
});
afterAll(() => stage.close());

/** Short, where a fault would wait for an hour; without a wish to wait, where a key would rest. */
const SETTINGS = { ms: 900, retryAfterSeconds: 0.1, bytes: 1_500_000 };
/** Not played: they would hold a key for minutes, behind which nothing more is called. */
const RESTS_A_KEY = ['F04', 'F06', 'F07', 'F11', 'F15', 'F16', 'F18', 'F20', 'F22'];

function rulesOf(random: () => number): readonly PlanRule[] {
  const faults = Object.keys(FAULTS).filter((fault) => !RESTS_A_KEY.includes(fault));
  const share = 1 - (1 - FAULTY_SHARE) ** (1 / faults.length);
  const shuffled = faults.map((fault) => ({ fault, at: random() })).sort((a, b) => a.at - b.at);
  return shuffled.map(({ fault }) => ({ fault, settings: SETTINGS, probability: share }));
}

type Sent = { readonly text: string; readonly requestId: string };

/** One request of its own kind; some callers leave in the middle of the answer. */
async function send(at: number, random: () => number): Promise<Sent> {
  const text = `request number ${at}, please. [[tokens: ${20 + Math.floor(random() * 60)}]]`;
  const model = random() < 0.3 ? (MODELS[Math.floor(random() * MODELS.length)] ?? 'auto') : 'auto';
  const body = {
    model,
    models: MODELS,
    stream: random() < 0.5,
    messages: [{ role: 'user', content: text }],
    routing: { firstTokenMs: 500, idleMs: 500 },
  };
  const leaving = new AbortController();
  const response = await chat(stage, body, { signal: leaving.signal });
  const requestId = response.headers.get('x-router-request-id') ?? '';
  const leaves = random() < LEAVING_SHARE;
  await readSome(response, leaves ? 200 : Infinity).catch(() => undefined);
  if (leaves) leaving.abort();
  return { text, requestId };
}

async function readSome(response: Response, most: number): Promise<void> {
  const reader = response.body?.getReader();
  for (let bytes = 0; bytes < most; ) {
    const piece = await reader?.read();
    if (piece?.value === undefined) return;
    bytes += piece.value.length;
  }
}

type Generation = {
  readonly costNanoUsd: number;
  readonly lines: readonly {
    readonly attempt: {
      readonly number: number;
      readonly model: string;
      /** Absent where no answer came. */
      readonly status?: number;
    };
    readonly costNanoUsd: number;
  }[];
};

async function bookedFor({ requestId }: Sent): Promise<Generation> {
  const path = `/v1/generations/${requestId}`;
  await eventually(() =>
    read<Generation>(stage, path).then(
      () => true,
      () => false,
    ),
  );
  return read<Generation>(stage, path);
}

describe('the books', () => {
  it(`have one line for each call of ${REQUESTS} requests with random faults`, async () => {
    const random = randomFrom(SEED);
    stage.simulator.setPlan(rulesOf(random), SEED);
    const sent: Sent[] = [];
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < REQUESTS) sent.push(await send(next++, random));
    };
    await Promise.all(Array.from({ length: WIDTH }, lane));

    const calls = stage.simulator.calls();
    const callsOf = ({ text }: Sent) =>
      calls.filter(({ body }) => JSON.stringify(body).includes(text));
    for (const request of sent) {
      const { lines, costNanoUsd } = await bookedFor(request);
      const called = callsOf(request).map(({ label, model }) => `${label} ${model}`);
      const others = lines.filter(({ attempt }) => !take(called, hostAndModel(attempt.model)));
      expect(called, 'calls without a line').toEqual([]);
      // On a busy machine a call may be given up before it has arrived.
      expect(others.filter(({ attempt }) => attempt.status !== undefined)).toEqual([]);
      expect(lines.map(({ attempt }) => attempt.number)).toEqual(lines.map((_, at) => at + 1));
      expect(costNanoUsd).toBe(lines.reduce((sum, line) => sum + line.costNanoUsd, 0));
    }
    // It has been what it says: faults of most kinds, answers, fallbacks and callers who left.
    expect(new Set(calls.map(({ fault }) => fault)).size).toBeGreaterThan(25);
    expect(calls.filter(({ accepted }) => accepted).length).toBeGreaterThan(REQUESTS / 2);
    expect(calls.length).toBeGreaterThan(REQUESTS * 1.2);
    expect(calls.some(({ clientLeftAt }) => clientLeftAt !== undefined)).toBe(true);
  }, 90_000);
});

/** Takes one item out of a list; false when it is not there. */
function take(items: string[], item: string): boolean {
  const place = items.indexOf(item);
  if (place >= 0) items.splice(place, 1);
  return place >= 0;
}

const HOSTS: Readonly<Record<string, string>> = {
  openai: 'api.openai.com',
  anthropic: 'api.anthropic.com',
  google: 'generativelanguage.googleapis.com',
};

function hostAndModel(id: string): string {
  const [provider = '', model = ''] = id.split('/');
  return `${HOSTS[provider]} ${model}`;
}
