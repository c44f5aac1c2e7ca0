import { describe, expect, it } from 'vitest';
import { nanoUsd } from '../../../src/domain/money.ts';
import { aConversation, aModel } from '../../support/builders.ts';
import { anExecution } from '../../support/executions.ts';
import type { Script } from '../../support/fake-transport.ts';
import {
  aDecision,
  CHAT_DONE,
  CHAT_STOP,
  chatAnswer,
  chatDelta,
  chatError,
  someModels,
} from '../../support/plans.ts';

const OK = chatAnswer();
const overloaded = chatError(529);
const refused: Script = { fails: 'refused' };
const limited = (seconds: number): Script => ({
  ...chatError(429),
  headers: { 'retry-after': String(seconds) },
});

describe('execute: the chain', () => {
  it('answers with the first model that answers, and has a record of each attempt', async () => {
    const { result, attempts, asked } = await anExecution([overloaded, OK]).run();

    expect(asked).toEqual(['m1', 'm2']);
    expect(result).toMatchObject({ type: 'answer', model: { id: 'openai/m2' } });
    expect(attempts.map(({ number, model, outcome }) => [number, model, outcome.type])).toEqual([
      [1, 'openai/m1', 'failed'],
      [2, 'openai/m2', 'answered'],
    ]);
  });

  it('gives a stream open, whose own record is not closed yet', async () => {
    const conversation = aConversation({ stream: true });
    const stream = { body: [chatDelta({ content: 'Hi' }), CHAT_STOP, CHAT_DONE] };
    const { result, attempts } = await anExecution([overloaded, stream], {
      plan: { conversation },
    }).run();

    if (result.type !== 'stream') throw new Error(result.type);
    expect(result.stream.order).toMatchObject({ number: 2, model: { id: 'openai/m2' } });
    expect(attempts).toHaveLength(1);
    result.stream.order.guard.close();
  });

  it.each<[string, readonly Script[], readonly string[], number]>([
    ["asks no other for what is the request's fault (F25)", [chatError(400)], ['m1'], 0],
    [
      'asks no other where the filter of a provider refused (F26)',
      [chatError(400, { code: 'content_filter' })],
      ['m1'],
      0,
    ],
    ['falls back at once from an overload (F12)', [overloaded, OK], ['m1', 'm2'], 0],
    [
      'asks again once what failed and was not accepted (F30)',
      [chatError(500), OK],
      ['m1', 'm1'],
      100,
    ],
    ['then falls back', [chatError(500), chatError(500), OK], ['m1', 'm1', 'm2'], 100],
    [
      'asks again at once where no connection stood (F42)',
      [refused, refused, OK],
      ['m1', 'm1', 'm2'],
      0,
    ],
    [
      'falls back where a connection was reset: it may have been accepted (F43)',
      [{ fails: 'reset' }, OK],
      ['m1', 'm2'],
      0,
    ],
    ['waits for a limit of up to 3 s (F01)', [limited(2), OK], ['m1', 'm1'], 2000],
    ['falls back from a longer limit (F01)', [limited(4), OK], ['m1', 'm2'], 0],
    ['never asks a silent model twice (F44)', ['silence', OK], ['m1', 'm2'], 60_000],
    ['falls back from a gateway that ran out of time (F31)', [chatError(504), OK], ['m1', 'm2'], 0],
    ['falls back from what cannot be read (F33)', [{ body: '<html>' }, OK], ['m1', 'm2'], 0],
    [
      'leaves the third of three models an attempt',
      [chatError(500), chatError(500), chatError(500), OK],
      ['m1', 'm1', 'm2', 'm3'],
      100,
    ],
  ])('%s', async (_, scripts, models, waitedMs) => {
    const { asked, waitedMs: waited } = await anExecution(scripts).run();

    expect(asked).toEqual(models);
    expect(waited).toBe(waitedMs);
  });

  it('makes four attempts at the most, however many models there are', async () => {
    const { asked, error } = await anExecution(Array(9).fill(overloaded), {
      models: someModels(6),
    }).run();

    expect(asked).toEqual(['m1', 'm2', 'm3', 'm4']);
    expect(error?.code).toBe('no_capacity');
  });

  it('keeps the last attempt for a model that has just answered, where there is one', async () => {
    const scripts = [overloaded, overloaded, overloaded, OK];
    const sure = anExecution(scripts, { models: someModels(6) });
    sure.ports.breakers.sure.add('openai/m2').add('openai/m6');
    const unsure = anExecution(scripts, { models: someModels(6) });

    expect((await sure.run()).asked).toEqual(['m1', 'm2', 'm3', 'm6']);
    expect((await unsure.run()).asked).toEqual(['m1', 'm2', 'm3', 'm4']);
  });

  it('after a too large request asks only models with a larger window (F24)', async () => {
    const models = [32_000, 16_000, 32_000, 128_000].map((maxContextTokens, at) =>
      aModel(`openai/m${at + 1}`, { maxContextTokens }),
    );
    const tooLong = chatError(400, { code: 'context_length_exceeded' });

    const { asked } = await anExecution([tooLong, OK], { models }).run();

    expect(asked).toEqual(['m1', 'm4']);
  });

  it('says that the request is too large where no larger window is left (F24)', async () => {
    const { error } = await anExecution([
      chatError(400, { code: 'context_length_exceeded' }),
    ]).run();

    expect(error?.code).toBe('context_length_exceeded');
  });

  it('routes around a filter where the caller wants that', async () => {
    const filtered = chatError(400, { code: 'content_filter' });
    const { asked } = await anExecution([filtered, OK], {
      plan: { request: { onContentFilter: 'fallback' } },
    }).run();

    expect(asked).toEqual(['m1', 'm2']);
  });
});

describe('execute: an answer that says nothing (F36)', () => {
  const silent = chatAnswer('');
  const empty: Script = {
    body: silent.body.replace('"completion_tokens":5', '"completion_tokens":0'),
  };

  it.each<[string, readonly Script[], readonly string[], string]>([
    ['one other model is asked', [empty, OK], ['m1', 'm2'], 'openai/m2'],
    ['the second is served as it is', [empty, empty], ['m1', 'm2'], 'openai/m2'],
    [
      'a failure between the two changes nothing',
      [empty, overloaded, empty],
      ['m1', 'm2', 'm3'],
      'openai/m3',
    ],
  ])('%s', async (_, scripts, models, served) => {
    const { asked, result } = await anExecution(scripts).run();

    expect(asked).toEqual(models);
    expect(result).toMatchObject({ type: 'answer', model: { id: served } });
  });

  it('is served as it is by the only model', async () => {
    const { asked, result } = await anExecution([empty], { models: someModels(1) }).run();

    expect([asked, result.type]).toEqual([['m1'], 'answer']);
  });
});

describe('execute: keys', () => {
  it('takes another key of the provider before another model (F01, F18)', async () => {
    const keys = ['key-1', 'key-2'];
    const { run, ports } = anExecution([chatError(401), OK], { keys });
    const { asked } = await run();

    expect(asked).toEqual(['m1', 'm1']);
    expect(ports.transport.calls.map(({ request }) => request.headers['authorization'])).toEqual([
      'Bearer key-1',
      'Bearer key-2',
    ]);
  });

  it.each<[string, readonly Script[], readonly number[]]>([
    ['again', [chatError(401), chatError(401)], [5000, 600_000]],
    ['again, but taken in between', [chatError(401), OK, chatError(401)], [5000, 5000]],
  ])('rests a key that is rejected %s (F18)', async (_, scripts, holdsMs) => {
    const { run, ports } = anExecution(scripts, { models: someModels(1) });
    for (const _ of scripts) {
      await run();
      await ports.clock.advance(5000);
    }

    expect(ports.keys.holds.map(({ holdMs }) => holdMs)).toEqual(holdsMs);
  });

  it.each<[string, Script, object]>([
    ['a limit, on this model', limited(30), { key: 'key-1', holdMs: 30_000, model: 'openai/m1' }],
    ['a rejected key, on all models', chatError(401), { key: 'key-1', holdMs: 5000 }],
  ])('rests the key after %s', async (_, script, hold) => {
    const { run, ports } = anExecution([script, OK]);
    await run();

    expect(ports.keys.holds).toEqual([hold]);
  });

  it('skips a model whose keys all rest, without a call', async () => {
    const { asked, error } = await anExecution([chatError(401)]).run();

    expect(asked).toEqual(['m1']);
    expect(error?.code).toBe('upstream_auth');
  });
});

describe('execute: breakers', () => {
  it('skips a model whose breaker has opened since the decision', async () => {
    const { run, ports } = anExecution([OK]);
    ports.breakers.open.add('openai/m1');

    expect((await run()).asked).toEqual(['m2']);
  });

  it('says when to come back where every breaker is open (F88)', async () => {
    const { run, ports } = anExecution([]);
    for (const { id } of someModels(3)) ports.breakers.open.add(id);

    const { asked, attempts, error } = await run();

    expect([asked, attempts]).toEqual([[], []]);
    expect(error).toMatchObject({
      code: 'all_candidates_unavailable',
      details: { retryAfterMs: 30_000, shouldRetry: true },
    });
  });

  it.each([
    [1, true],
    [2, true],
    [3, false],
  ])(
    'lets a client ask again where that costs four calls at the most (F72): %s models',
    async (...row) => {
      const [count, shouldRetry] = row;
      const failing = Array.from({ length: count }, () => limited(20));

      const { error } = await anExecution(failing, { models: someModels(count) }).run();

      expect(error).toMatchObject({
        code: 'rate_limited',
        details: { shouldRetry, retryAfterMs: 20_000 },
      });
    },
  );

  it('answers every permit once: the failures of models count, those of keys do not', async () => {
    const { run, ports } = anExecution([chatError(500), limited(1), OK]);
    await run();

    expect(ports.breakers.permits.map(({ answers }) => answers)).toEqual([
      ['fail'],
      ['release'],
      ['succeed'],
    ]);
  });
});

describe('execute: money', () => {
  const costs = [400, 900, 100].map(nanoUsd);

  it('skips what would break the cap, by what the attempts so far have cost', async () => {
    const models = someModels(3);
    const decision = aDecision(models);
    const candidates = decision.candidates.map((candidate, at) => ({
      ...candidate,
      estimatedCostNanoUsd: costs[at],
    }));

    const { asked } = await anExecution([overloaded, OK], {
      models,
      plan: {
        decision: { ...decision, candidates },
        costOf: () => nanoUsd(300),
        maxCostNanoUsd: nanoUsd(1000),
      },
    }).run();

    expect(asked).toEqual(['m1', 'm3']);
  });
});
