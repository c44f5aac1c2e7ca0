import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anEntry, aRegistry } from './registries.ts';
import { chat, openStage, read, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    registry: aRegistry(),
    variables: { PROVIDER_HOSTS: '127.0.0.1', HOUSE_KEY: 'house-key-1234' },
  });
});
afterAll(() => stage.close());
beforeEach(() => stage.reset());

const HELLO = { model: 'auto', messages: [{ role: 'user', content: 'Hello' }] };

type Health = {
  readonly registry: {
    readonly state: string;
    readonly source: string;
    readonly version: string;
    readonly problems: readonly string[];
  };
};

async function health(): Promise<Health['registry']> {
  return (await read<Health>(stage, '/health')).registry;
}

describe('a registry in KV', () => {
  it('brings a provider at an address of its own, with its own secret', async () => {
    await stage.publish({
      models: { 'house/m': anEntry('house', 0.001) },
      providers: {
        house: { wire: 'openai', baseUrl: `${stage.simulatorUrl}/house/v1`, secret: 'HOUSE_KEY' },
      },
    });

    const response = await chat(stage, HELLO);

    expect(response.status).toBe(200);
    expect(response.headers.get('x-router-provider')).toBe('house');
    expect(stage.simulator.calls()).toMatchObject([
      { label: 'house', path: '/house/v1/chat/completions', model: 'm', keyTail: '1234' },
    ]);
  });

  it('F78 never stops traffic, whatever is published', async () => {
    await stage.publish(aRegistry());
    const { version } = await health();
    const statuses = new Map<number, number>();
    let isOver = false;
    const load = async (): Promise<void> => {
      while (!isOver) {
        const response = await chat(stage, HELLO);
        await response.arrayBuffer();
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      }
    };
    const loads = Array.from({ length: 4 }, load);

    try {
      for (const broken of ['', '{"models":', '[]', '{}', { models: { a: { provider: 7 } } }]) {
        await stage.publish(broken);
        const { state, problems, ...kept } = await health();
        expect([state, problems.length > 0]).toEqual(['invalid', true]);
        expect(kept).toMatchObject({ source: 'kv', version });
      }
      await stage.publish({ 'google/third': anEntry('google', 0.01) });
      expect((await health()).state).toBe('ok');
    } finally {
      isOver = true;
      await Promise.all(loads);
    }

    expect([...statuses.keys()]).toEqual([200]);
    expect(statuses.get(200)).toBeGreaterThan(20);
    const response = await chat(stage, HELLO);
    expect(response.headers.get('x-router-model')).toBe('google/third');
  });
});
