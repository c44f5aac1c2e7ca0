import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PlanRule } from '../../simulator/plan.ts';
import { anEntry } from '../registries.ts';
import { callsOf, openStage, type Stage } from '../stage.ts';
import { ask, type Dialect } from './callers.ts';

/** A pair for each test, since a fault rests its key and counts in its breaker. */
const PAIRS = ['hinted', 'limited', 'flaky', 'down', 'reset', 'silent', 'late', 'stopped'];
const LARGER_WINDOW = { maxContextTokens: 400_000 };
const PREFILLS = { supportsPrefill: true };

const MODELS = {
  ...Object.fromEntries(
    PAIRS.flatMap((name) => [
      [`openai/${name}`, anEntry('openai', 0.001)],
      [`anthropic/${name}`, anEntry('anthropic', 0.002)],
    ]),
  ),
  'openai/small': anEntry('openai', 0.001),
  'anthropic/small': anEntry('anthropic', 0.002),
  'google/large': anEntry('google', 0.003, LARGER_WINDOW),
  'mistral/prefills': anEntry('mistral', 0.001, PREFILLS),
  'mistral/alone': anEntry('mistral', 0.001, PREFILLS),
  'anthropic/refuses': anEntry('anthropic', 0.002, PREFILLS),
  'deepseek/prefills': anEntry('deepseek', 0.003, PREFILLS),
  'anthropic/never': anEntry('anthropic', 0.002),
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ registry: MODELS });
});
afterAll(() => stage.close());
beforeEach(() => stage.reset());

/** Asks for the first of a pair, behind which the second may answer. */
function askFor(name: string, routing?: object) {
  const models = [`openai/${name}`, `anthropic/${name}`];
  return ask(stage, 'chat', { model: `openai/${name}`, models, ...(routing && { routing }) });
}

/** The fault befalls the OpenAI model of that name. */
function plan(name: string, fault: string, rule: Partial<PlanRule> = {}): void {
  const match = { model: name, label: 'api.openai.com' };
  stage.simulator.setPlan([{ match, fault, ...rule }]);
}

/** Who was called, in order. */
function called(): readonly string[] {
  const labels = stage.simulator.calls().map(({ label }) => label);
  return labels.map((label) => label.split('.').at(-2) ?? label);
}

const WHOLE = { finish: 'stop', error: undefined, sent: 1 };
/** Generous for a good answer on a busy machine, and short to wait for. */
const FIRST_TOKEN_MS = 1500;

describe('a stream whose provider fails before its first content', () => {
  it('F01 waits for a 429 with Retry-After: 2, and asks there again', async () => {
    plan('hinted', 'F01', { settings: { retryAfterSeconds: 2 }, times: 1 });

    const heard = await askFor('hinted');

    expect(heard).toMatchObject(WHOLE);
    expect(heard.headers.get('x-router-model')).toBe('openai/hinted');
    expect(called()).toEqual(['openai', 'openai']);
    const [first, second] = callsOf(stage, 'hinted');
    expect(Number(second?.startedAt) - Number(first?.startedAt)).toBeGreaterThanOrEqual(1950);
  });

  it('F01 goes to the next model after a 429 without Retry-After, and rests the key', async () => {
    plan('limited', 'F01', { settings: { retryAfterSeconds: null } });

    const heard = [await askFor('limited'), await askFor('limited')];

    for (const one of heard) expect(one).toMatchObject(WHOLE);
    expect(called()).toEqual(['openai', 'anthropic', 'anthropic']);
  });

  it('F30 asks again where a 500 came once', async () => {
    plan('flaky', 'F30', { times: 1 });

    const heard = await askFor('flaky');

    expect(heard).toMatchObject(WHOLE);
    expect(heard.headers.get('x-router-model')).toBe('openai/flaky');
    expect(called()).toEqual(['openai', 'openai']);
  });

  it('F31 goes to the next model where 503 lasts', async () => {
    plan('down', 'F31');

    const heard = await askFor('down');

    expect(heard).toMatchObject(WHOLE);
    expect(heard.headers.get('x-router-model')).toBe('anthropic/down');
    expect(called().length).toBeLessThanOrEqual(4);
    expect(callsOf(stage, 'down').filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('F43 goes to the next model where the connection breaks before the headers', async () => {
    plan('reset', 'F43');

    expect(await askFor('reset')).toMatchObject(WHOLE);
    expect(called()).toEqual(['openai', 'anthropic']);
  });

  it.each([
    ['F44', 'silent', 'the headers never come'],
    ['F48', 'late', 'the first token comes after twenty seconds'],
  ])('%s of a %s upstream: falls over at the limit, once, where %s', async (fault, name) => {
    plan(name, fault, { settings: { ms: 20_000 } });

    const heard = await askFor(name, { firstTokenMs: FIRST_TOKEN_MS });

    expect(heard).toMatchObject(WHOLE);
    expect(heard.headers.get('x-router-model')).toBe(`anthropic/${name}`);
    expect(called()).toEqual(['openai', 'anthropic']);
    const [silent, next] = callsOf(stage, name);
    expect(silent?.clientLeftAt).toBeDefined();
    const waitedMs = Number(next?.startedAt) - Number(silent?.startedAt);
    expect(waitedMs).toBeGreaterThanOrEqual(FIRST_TOKEN_MS - 50);
  });
});

describe('a request that its provider refuses', () => {
  it('F24 is never sent to the same window again', async () => {
    stage.simulator.setPlan([{ match: { model: 'small' }, fault: 'F24' }]);
    const models = ['openai/small', 'anthropic/small', 'google/large'];

    const heard = await ask(stage, 'chat', { model: 'openai/small', models });

    expect(heard).toMatchObject(WHOLE);
    expect(heard.headers.get('x-router-model')).toBe('google/large');
    expect(callsOf(stage, 'small')).toHaveLength(1);
  });

  it('F24 is told of where no window is larger', async () => {
    stage.simulator.setPlan([{ match: { model: 'small' }, fault: 'F24' }]);
    const models = ['openai/small', 'anthropic/small'];

    const { error, sent } = await ask(stage, 'chat', { model: 'openai/small', models });

    expect(error).toMatchObject({ status: 400, code: 'context_length_exceeded' });
    expect([sent, stage.simulator.calls().length]).toEqual([1, 1]);
  });

  it('F26 is told that its prompt was filtered, and is not routed around that', async () => {
    plan('stopped', 'F26');

    const { error, sent } = await askFor('stopped');

    expect(error).toMatchObject({ status: 400, code: 'content_filter' });
    expect([sent, called()]).toEqual([1, ['openai']]);
  });

  it('F59 gets a filtered answer as it is, and no other model’s', async () => {
    stage.simulator.setPlan([{ match: { model: 'large' }, fault: 'F59' }]);
    const models = ['google/large', 'openai/stopped'];

    const heard = await ask(stage, 'chat', { model: 'google/large', models });

    expect(heard).toMatchObject({ finish: 'content_filter', text: '', error: undefined });
    expect(stage.simulator.calls()).toHaveLength(1);
  });
});

/** As a model of Anthropic says it that takes no beginning of an answer. */
const REFUSES_PREFILL = {
  match: { model: 'refuses' },
  recorded: {
    status: 400,
    headers: { 'content-type': 'application/json' },
    chunks: [
      '{"type":"error","error":{"type":"invalid_request_error","message":"This model does not support assistant message prefill. The conversation must end with a user message."}}',
    ],
  },
};

describe('a request that gives the beginning of its answer', () => {
  const OVERLOADED = { match: { label: 'api.mistral.ai' }, fault: 'F12' };
  const askFirst = (dialect: Dialect, first: string, next: readonly string[]) =>
    ask(stage, dialect, {
      model: first,
      models: [first, ...next],
      fields: {
        messages: [
          { role: 'user', content: '[[say: and so on]]' },
          { role: 'assistant', content: 'Well,' },
        ],
      },
    });

  it.each<Dialect>(['chat', 'messages'])(
    'falls back in %s past a model that refuses that, which nobody hears of',
    async (dialect) => {
      stage.simulator.setPlan([OVERLOADED, REFUSES_PREFILL]);

      const heard = await askFirst(dialect, 'mistral/prefills', [
        'anthropic/refuses',
        'deepseek/prefills',
      ]);

      expect(heard).toMatchObject({ text: 'and so on', error: undefined, sent: 1 });
      expect(heard.headers.get('x-router-model')).toBe('deepseek/prefills');
      expect(callsOf(stage, 'refuses')).toHaveLength(1);
    },
  );

  it('never goes to a model that cannot go on from it', async () => {
    stage.simulator.setPlan([OVERLOADED]);

    const heard = await askFirst('messages', 'mistral/prefills', [
      'anthropic/never',
      'deepseek/prefills',
    ]);

    expect(heard.headers.get('x-router-model')).toBe('deepseek/prefills');
    expect(callsOf(stage, 'never')).toEqual([]);
  });

  it('fails as its first choice did where only a model is left that refuses it', async () => {
    stage.simulator.setPlan([OVERLOADED, REFUSES_PREFILL]);

    const { error, sent } = await askFirst('chat', 'mistral/alone', ['anthropic/refuses']);

    expect(error).toMatchObject({ status: 503, code: 'no_capacity' });
    expect(sent).toBe(1);
  });
});
