import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aRegistry } from './registries.ts';
import { callsOf, chat, eventually, openStage, read, type Stage } from './stage.ts';

const COOLDOWN_SECONDS = 4;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ registry: aRegistry({ cooldownSeconds: COOLDOWN_SECONDS }) });
});
afterAll(() => stage.close());

const HELLO = { model: 'auto', messages: [{ role: 'user', content: 'Hello' }] };

type Status = {
  readonly models: readonly {
    readonly id: string;
    readonly breaker: {
      readonly state: string;
      readonly failuresInRow: number;
      readonly retryInMs: number;
      readonly isFleetWide: boolean;
    };
  }[];
};

/** The first choice's breaker, as `/v1/status` has it. */
async function breakerOfFirst() {
  const { models } = await read<Status>(stage, '/v1/status');
  return models.find(({ id }) => id === 'openai/first')?.breaker;
}

function callsOfFirst(): number {
  return callsOf(stage, 'first').length;
}

async function servedBy(response: Response): Promise<string> {
  await response.arrayBuffer();
  return `${response.status} ${response.headers.get('x-router-model')}`;
}

/** The life of one breaker, in order: each step begins where the one before ended. */
describe('the breaker of a first choice', () => {
  it('F12 lets a request succeed on the next able model', async () => {
    stage.simulator.setPlan([{ match: { model: 'first' }, fault: 'F12' }]);

    const response = await chat(stage, HELLO);

    expect(response.headers.get('x-router-fallbacks')).toBe('1');
    expect(response.headers.get('x-router-attempts')).toBe('2');
    expect(await servedBy(response)).toBe('200 anthropic/second');
    await eventually(async () => (await breakerOfFirst())?.failuresInRow === 1);
    expect(await breakerOfFirst()).toMatchObject({ state: 'closed', isFleetWide: true });
  });

  it('opens it with the third failure in a row', async () => {
    expect(await servedBy(await chat(stage, HELLO))).toBe('200 anthropic/second');
    expect(await servedBy(await chat(stage, HELLO))).toBe('200 anthropic/second');

    await eventually(async () => (await breakerOfFirst())?.state === 'open');
    const breaker = await breakerOfFirst();
    expect(breaker?.isFleetWide).toBe(true);
    expect(breaker?.retryInMs).toBeGreaterThan(0);
    expect(breaker?.retryInMs).toBeLessThanOrEqual(COOLDOWN_SECONDS * 1000);
    expect(callsOfFirst()).toBe(3);
  });

  it('skips the model without calling it', async () => {
    const responses = await Promise.all(Array.from({ length: 10 }, () => chat(stage, HELLO)));

    expect(new Set(await Promise.all(responses.map(servedBy)))).toEqual(
      new Set(['200 anthropic/second']),
    );
    expect(responses.map(({ headers }) => headers.get('x-router-attempts'))).toEqual(
      Array.from({ length: 10 }, () => '1'),
    );
    expect(callsOfFirst()).toBe(3);
  });

  it('F86 sends exactly one probe after the cooldown, however many ask', async () => {
    // A second without content: the probe is out while everybody else asks.
    stage.simulator.setPlan([{ match: { model: 'first' }, fault: 'F44', settings: { ms: 1000 } }]);
    await eventually(async () => (await breakerOfFirst())?.state === 'half-open');

    const load = async (): Promise<void> => {
      while (probe()?.endedAt === undefined) await servedBy(await chat(stage, HELLO));
    };
    const loads = Array.from({ length: 20 }, load);
    await eventually(() => probe() !== undefined);
    expect(await breakerOfFirst()).toMatchObject({ state: 'half-open', isFleetWide: true });
    await Promise.all(loads);

    const { startedAt = 0, endedAt = Infinity } = probe() ?? {};
    const others = stage.simulator.calls().filter((call) => call.startedAt > startedAt);
    const early = others.filter((call) => call.model === 'first' && call.startedAt < endedAt);
    expect(early).toEqual([]);
    expect(others.length).toBeGreaterThanOrEqual(10);
  });

  it('closes it with the good probe, and the model serves again', async () => {
    stage.simulator.setPlan([]);
    await eventually(async () => (await breakerOfFirst())?.state === 'closed');

    await eventually(async () => (await servedBy(await chat(stage, HELLO))) === '200 openai/first');

    expect(await breakerOfFirst()).toMatchObject({ failuresInRow: 0, retryInMs: 0 });
  });
});

/** The call behind the three that opened the breaker. */
function probe() {
  return callsOf(stage, 'first')[3];
}
