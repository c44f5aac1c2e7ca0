import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anEntry, aRegistry } from '../registries.ts';
import { callsOf, chat, eventually, openStage, read, type Stage } from '../stage.ts';
import { ask } from './callers.ts';

/** A minute and its cooldown, ten times as fast. */
const OUTAGE_MS = 6000;
const COOLDOWN_SECONDS = 2;
/** Opening takes three failures; each of the callers may be under way when it opens. */
const CALLERS = 4;
const MOST_CALLS = 3 + CALLERS + OUTAGE_MS / (COOLDOWN_SECONDS * 1000) + 1;

let stage: Stage;
beforeAll(async () => {
  const registry = aRegistry({ cooldownSeconds: COOLDOWN_SECONDS });
  const models = { ...registry.models, 'openai/failing': anEntry('openai', 0.000_05) };
  stage = await openStage({ registry: { ...registry, models } });
});
afterAll(() => stage.close());
beforeEach(() => stage.reset());

const CHAIN = ['openai/first', 'anthropic/second'];

async function served(): Promise<string> {
  const { error, headers } = await ask(stage, 'chat', { model: 'openai/first', models: CHAIN });
  return error === undefined ? String(headers.get('x-router-model')) : String(error);
}

describe('a model that is down for a while and comes back', () => {
  it('F12 costs few calls, no request, and serves again soon', async () => {
    stage.simulator.setPlan([{ match: { model: 'first' }, fault: 'F12' }]);
    const backAt = Date.now() + OUTAGE_MS;

    const answers: string[] = [];
    const lane = async (): Promise<void> => {
      while (Date.now() < backAt) answers.push(await served());
    };
    await Promise.all(Array.from({ length: CALLERS }, lane));
    const wasted = callsOf(stage, 'first').length;
    stage.simulator.setPlan([]);

    expect(new Set(answers)).toEqual(new Set(['anthropic/second']));
    expect(answers.length).toBeGreaterThan(MOST_CALLS * 2);
    expect(wasted).toBeGreaterThan(3);
    expect(wasted).toBeLessThanOrEqual(MOST_CALLS);
    await eventually(async () => (await served()) === 'openai/first', 30_000);
    expect(await Promise.all([served(), served()])).toEqual(['openai/first', 'openai/first']);
  }, 60_000);
});

type Generation = {
  readonly servedModel: string;
  readonly costNanoUsd: number;
  readonly lines: readonly {
    readonly attempt: { readonly model: string; readonly outcome: { readonly type: string } };
    readonly usageIsEstimated: boolean;
    readonly costNanoUsd: number;
  }[];
};

describe('the account of a request that has failed over', () => {
  it.each([true, false])('names the model that answered: stream %s', async (stream) => {
    stage.simulator.setPlan([{ match: { model: 'failing' }, fault: 'F12' }]);
    const models = ['openai/failing', 'anthropic/second'];
    const messages = [{ role: 'user', content: '[[say: hello]]' }];

    const response = await chat(stage, { model: 'openai/failing', models, messages, stream });
    const body = await response.text();

    const { headers } = response;
    expect(headers.get('x-router-model')).toBe('anthropic/second');
    expect(headers.get('x-router-provider')).toBe('anthropic');
    expect(headers.get('x-router-attempts')).toBe('2');
    expect(headers.get('x-router-fallbacks')).toBe('1');
    expect(body).toContain('"model":"anthropic/second"');
    expect(body).not.toContain('failing');
    const path = `/v1/generations/${headers.get('x-router-request-id')}`;
    const booked = () => read<Generation>(stage, path);
    await eventually(() => booked().then(Boolean, () => false));
    const { servedModel, lines, costNanoUsd } = await booked();
    expect(servedModel).toBe('anthropic/second');
    expect(lines).toMatchObject([
      { attempt: { model: 'openai/failing', outcome: { type: 'failed' } }, costNanoUsd: 0 },
      { attempt: { model: 'anthropic/second', outcome: { type: 'answered' } } },
    ]);
    expect(lines[1]?.usageIsEstimated).toBe(false);
    expect(costNanoUsd).toBe(lines[1]?.costNanoUsd);
    expect(costNanoUsd).toBeGreaterThan(0);
  });
});
