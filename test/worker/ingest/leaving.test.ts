import { runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { aModelEntry } from '../../support/builders.ts';
import { aBody, ask, CHAT } from '../app.ts';
import { bindings, ledgerObject } from '../bindings.ts';
import { playedCalls, playFaults } from '../simulator.ts';

const DOCUMENT = {
  models: {
    'openai/first': aModelEntry({ provider: 'openai' }),
    'bedrock/second': aModelEntry({ provider: 'bedrock' }),
  },
};
/** A slow machine takes its time for what is behind an answer. */
const PATIENCE = { timeout: 10_000, interval: 50 };

beforeAll(async () => {
  await bindings.REGISTRY.put('registry', JSON.stringify(DOCUMENT));
  await vi.waitFor(async () => {
    const { registry } = await (await ask('/health')).json<{ registry: { models: number } }>();
    expect(registry.models).toBe(2);
  }, PATIENCE);
});

/** Asks for a whole answer that is a second in coming, and leaves once its provider has the call. */
async function askAndLeave(model: string): Promise<void> {
  await playFaults([{ fault: 'F44', settings: { ms: 1000 } }]);
  const leaving = new AbortController();
  const asking = ask(CHAT, {
    method: 'POST',
    body: JSON.stringify(aBody({ model })),
    headers: { 'x-api-key': 'second-key', 'content-type': 'application/json' },
    signal: leaving.signal,
  }).catch(() => undefined);
  await vi.waitFor(async () => expect(await playedCalls()).toHaveLength(1), PATIENCE);
  leaving.abort();
  await asking;
}

/** The one line that the books have of a model's calls, once it is there. */
async function lineOf(model: string) {
  const read = () =>
    runInDurableObject(ledgerObject('owner'), (_, state) =>
      state.storage.sql.exec('SELECT * FROM lines WHERE model = ?', model).toArray(),
    );
  await vi.waitFor(async () => expect(await read()).toHaveLength(1), PATIENCE);
  return (await read())[0];
}

describe('a caller who leaves a whole answer', () => {
  it('F69 ends its call, which is booked by estimate', async () => {
    await askAndLeave('openai/first');

    expect(await lineOf('openai/first')).toMatchObject({ outcome: 'cancelled', is_estimated: 1 });
    expect((await playedCalls())[0]?.clientLeftAt).toBeDefined();
  });

  it('F71 does not end a call that is billed in full, which is booked by its usage', async () => {
    await askAndLeave('bedrock/second');

    const line = await lineOf('bedrock/second');
    expect(line).toMatchObject({ outcome: 'cancelled', is_estimated: 0 });
    expect(line?.['output_tokens']).toBeGreaterThan(0);
    expect((await playedCalls())[0]?.clientLeftAt).toBeUndefined();
  });
});
