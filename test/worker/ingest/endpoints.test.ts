import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aBody, ask, CHAT, errorOf, get, openWorker, post } from '../app.ts';
import { playFaults } from '../simulator.ts';

beforeAll(openWorker);
beforeEach(() => playFaults([]));

const REQUEST_ID = /^[0-9a-f]{32}$/;

describe('GET /v1/models', () => {
  it('lists every model in OpenAI’s shape, with prices, limits and abilities', async () => {
    const { object, data } = await (await get('/v1/models')).json<{
      object: string;
      data: { id: string }[];
    }>();

    expect(object).toBe('list');
    expect(data.map(({ id }) => id)).toEqual([
      'openai/first',
      'anthropic/second',
      'groq/vendor/with/slashes',
    ]);
    expect(data[0]).toMatchObject({
      object: 'model',
      owned_by: 'openai',
      status: 'active',
      context_length: 128_000,
      max_output_tokens: 16_000,
      pricing: { costPer1kInputTokens: 0.0001, costPer1kOutputTokens: 0.0001 },
      capabilities: { functionCalling: true, vision: true },
      quality: { general: 0.5, code: 0.25 },
      breaker: 'closed',
      key: 'free',
    });
    expect(data[1]).toMatchObject({ compliance: ['pii_safe'], regions: ['eu'] });
  });

  it.each(['openai/first', 'groq/vendor/with/slashes', 'groq%2Fvendor%2Fwith%2Fslashes'])(
    'shows one of them: %s',
    async (id) => {
      const response = await get(`/v1/models/${id}`);

      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ id: decodeURIComponent(id) });
    },
  );

  it('knows no other', async () => {
    const error = await errorOf(await get('/v1/models/openai/none'));

    expect(error).toMatchObject({ status: 404, code: 'model_not_found' });
  });
});

describe('GET /v1/generations/{id}', () => {
  it('tells of one request: its decision, every attempt and the cost', async () => {
    await playFaults([{ match: { model: 'first' }, fault: 'F12', times: 1 }]);
    const response = await post(CHAT, aBody(), {
      'x-router-tags': 'checkout, night',
      'x-router-session-id': 'session-7',
    });
    const { usage } = await response.json<{ usage: { cost: number } }>();
    const id = response.headers.get('x-router-request-id') ?? '';

    const entry = await (await get(`/v1/generations/${id}`)).json<object>();

    expect(entry).toMatchObject({
      requestId: id,
      attribution: { tenant: 'owner', tags: ['checkout', 'night'], sessionId: 'session-7' },
      decision: {
        selectedModel: 'openai/first',
        fallbackChain: ['anthropic/second', 'groq/vendor/with/slashes'],
      },
      servedModel: 'anthropic/second',
      outcome: 'answered',
      lines: [
        { attempt: { number: 1, model: 'openai/first', status: 503, outcome: { type: 'failed' } } },
        {
          attempt: { number: 2, model: 'anthropic/second', status: 200 },
          usageIsEstimated: false,
          costNanoUsd: Math.round(usage.cost * 1e9),
        },
      ],
    });
    expect(JSON.stringify(entry)).not.toContain('Hello');
  });

  it('tells of a request that was refused', async () => {
    const response = await post(CHAT, aBody({ routing: { compliance: ['hipaa'] } }));
    const id = response.headers.get('x-router-request-id');

    const entry = await (await get(`/v1/generations/${id}`)).json();

    expect(entry).toMatchObject({
      outcome: 'failed',
      errorCode: 'no_capable_model',
      lines: [],
      costNanoUsd: 0,
    });
  });

  it.each(['0123456789abcdef0123456789abcdef', 'nonsense', "1' OR '1'='1"])(
    'knows no other: %s',
    async (id) => {
      const error = await errorOf(await get(`/v1/generations/${encodeURIComponent(id)}`));

      expect(error).toMatchObject({ status: 404, code: 'generation_not_found' });
    },
  );
});

describe('GET /v1/status', () => {
  it('shows every breaker by its object’s own word, and the keys', async () => {
    const { models, registry } = await (await get('/v1/status')).json<{
      models: { id: string; breaker: object; key: string }[];
      registry: object;
    }>();

    expect(registry).toMatchObject({ state: 'ok', source: 'kv', models: 3 });
    expect(models.map(({ id }) => id)).toHaveLength(3);
    expect(models[2]).toMatchObject({
      breaker: { state: 'closed', failuresInRow: 0, isFleetWide: true },
      key: 'free',
      keyFreeInMs: 0,
    });
  });
});

describe('a path or a method that does not exist', () => {
  it.each([
    ['GET', '/v1/chat/completions', 405, 'method_not_allowed'],
    ['DELETE', '/v1/models', 405, 'method_not_allowed'],
    ['POST', '/v1/models/openai/first', 405, 'method_not_allowed'],
    ['POST', '/health', 405, 'method_not_allowed'],
    ['PUT', '/v1/route', 405, 'method_not_allowed'],
    ['GET', '/', 404, 'not_found'],
    ['GET', '/v1', 404, 'not_found'],
    ['POST', '/v1/chat/completions/', 404, 'not_found'],
    ['POST', '/v1/completions', 404, 'not_found'],
    ['POST', '//v1/chat/completions', 404, 'not_found'],
    ['POST', '/v1/chat/completions;x', 404, 'not_found'],
    ['GET', '/admin', 404, 'not_found'],
  ])('A14 is told apart: %s %s', async (method, path, status, code) => {
    const response = await ask(path, { method, headers: { 'x-api-key': 'second-key' } });

    expect(await errorOf(response)).toMatchObject({ status, code, param: null });
  });
});

describe('an error', () => {
  it('has OpenAI’s shape, a stable code, and the request’s id in body and header', async () => {
    const response = await post(CHAT, aBody({ model: 'openai/none' }));

    const body = await response.json<{ error: { request_id: string } }>();
    expect(body).toEqual({
      error: {
        message: expect.any(String),
        type: 'not_found_error',
        param: 'model',
        code: 'model_not_found',
        request_id: response.headers.get('x-router-request-id'),
      },
    });
    expect(body.error.request_id).toMatch(REQUEST_ID);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(response.headers.get('content-type')).toBe('application/json');
  });
});
