import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { aBody, ask, CHAT, errorOf, openWorker, post } from '../app.ts';
import { playedCalls, playFaults } from '../simulator.ts';

beforeAll(openWorker);
beforeEach(() => playFaults([]));

const REQUEST_ID = /^[0-9a-f]{32}$/;

type Explained = {
  readonly selectedModel: string | null;
  readonly fallbackChain: readonly string[];
  readonly estimatedCost: number;
  readonly policy: string;
  readonly rejectionReason: string | null;
  readonly candidates: readonly { readonly model: string; readonly estimatedCost: number }[];
  readonly rejections: readonly { readonly model: string; readonly reason: string }[];
  readonly requirement: Readonly<Record<string, unknown>>;
};

async function explain(body: object): Promise<Explained> {
  const response = await post('/v1/route', body);
  expect(response.status).toBe(200);
  return await response.json<Explained>();
}

describe('POST /v1/route', () => {
  it('explains what a conversation would get, and calls no provider', async () => {
    const decision = await explain(
      aBody({ tools: [{ type: 'function', function: { name: 'f' } }] }),
    );

    expect(decision).toMatchObject({
      selectedModel: 'openai/first',
      fallbackChain: ['anthropic/second'],
      rejectionReason: null,
      requirement: { functionCalling: true, vision: false },
    });
    expect(decision.candidates.map(({ model }) => model)).toEqual([
      'openai/first',
      'anthropic/second',
    ]);
    expect(decision.candidates[0]?.estimatedCost).toBe(decision.estimatedCost);
    expect(decision.rejections).toEqual([
      {
        model: 'groq/vendor/with/slashes',
        reason: 'no-function-calling',
        message: 'cannot call tools',
      },
    ]);
    expect(await playedCalls()).toEqual([]);
  });

  it('takes a bare RoutingRequest, as the public template has it', async () => {
    const decision = await explain({
      requiresVision: true,
      requiresFunctionCalling: true,
      maxContextTokens: 100_000,
      maxCostPer1kTokens: 0.05,
      maxLatencyMs: 2000,
      fallbackOrder: ['anthropic/second'],
    });

    expect(decision.selectedModel).toBe('openai/first');
    expect(decision.fallbackChain).toEqual(['anthropic/second']);
  });

  it('explains why nothing fits, without an error', async () => {
    const decision = await explain({ compliance: ['hipaa'] });

    expect(decision).toMatchObject({
      selectedModel: null,
      fallbackChain: [],
      estimatedCost: null,
      rejectionReason: 'not-compliant: 3',
    });
  });

  it('refuses an unknown field with the nearest one', async () => {
    const error = await errorOf(await post('/v1/route', { requiresVison: true }));

    expect(error).toMatchObject({ status: 400, code: 'invalid_request', param: 'requiresVison' });
    expect(error.message).toContain('did you mean "requiresVision"?');
  });

  it('says what kind of work it read, how sure it is and what told it', async () => {
    const content = 'Translate into French: "The train leaves at noon."';

    const { requirement } = await explain(aBody({ messages: [{ role: 'user', content }] }));

    expect(requirement).toMatchObject({
      task: 'translation',
      reading: { confidence: expect.any(Number), shares: { translation: expect.any(Number) } },
    });
    expect(JSON.stringify(requirement)).not.toContain('noon');
  });

  it('is one screen of text for who asks for text', async () => {
    const response = await post('/v1/route', aBody(), { accept: 'text/plain' });

    expect(response.headers.get('content-type')).toMatch('text/plain');
    const text = await response.text();
    expect(text).toMatch('openai/first wins: ');
    expect(text).toMatch('anthropic/second');
  });

  it('gives the same decision for the same request', async () => {
    expect(await explain(aBody())).toEqual(await explain(aBody()));
  });
});

describe('POST /v1/chat/completions', () => {
  it('says in its headers who answered, why, after how much and for what', async () => {
    const response = await post(CHAT, aBody());

    const { headers } = response;
    const body = await response.json<{ usage: { cost: number }; routing?: object }>();
    expect(headers.get('x-router-request-id')).toMatch(REQUEST_ID);
    expect(headers.get('x-router-model')).toBe('openai/first');
    expect(headers.get('x-router-provider')).toBe('openai');
    expect(headers.get('x-router-reason')).toContain('3 of 3 models can');
    expect(headers.get('x-router-attempts')).toBe('1');
    expect(headers.get('x-router-fallbacks')).toBe('0');
    expect(headers.get('x-router-registry')).toMatch(VERSION);
    expect(Number(headers.get('x-router-cost-usd'))).toBe(body.usage.cost);
    expect(headers.get('server-timing')).toMatch(TIMING);
    expect(body.routing).toBeUndefined();
  });

  it('explains itself when it is asked to', async () => {
    const inBody = await post(CHAT, aBody({ routing: { explain: true } }));
    const inHeader = await post(CHAT, aBody(), { 'x-router-explain': '1' });

    for (const response of [inBody, inHeader]) {
      const { routing } = await response.json<{ routing: Explained }>();
      expect(routing.selectedModel).toBe('openai/first');
      expect(routing.candidates).toHaveLength(3);
    }
  });

  it('takes its wishes from headers where the body cannot be changed', async () => {
    const response = await post(CHAT, aBody(), {
      'x-router-models': 'anthropic/second, groq/vendor/with/slashes',
      'x-router-compliance': 'pii_safe',
    });

    expect(response.headers.get('x-router-model')).toBe('anthropic/second');
  });

  it('warns of a field that it does not know, and forwards it to nobody', async () => {
    const response = await post(CHAT, aBody({ future_field: 1 }));

    expect(response.status).toBe(200);
    expect(response.headers.get('x-router-warnings')).toContain('future_field');
    const [call] = await playedCalls();
    expect(call?.body).not.toHaveProperty('future_field');
  });

  it('A16 forwards none of the caller’s headers', async () => {
    await post(CHAT, aBody(), {
      cookie: 'session=1',
      'x-forwarded-for': '203.0.113.7',
      'anthropic-beta': 'x',
      'x-custom': 'y',
    });

    const [call] = await playedCalls();
    const names = Object.keys(call?.headers ?? {});
    expect(names).toEqual(expect.arrayContaining(['authorization', 'content-type']));
    for (const name of ['cookie', 'x-forwarded-for', 'anthropic-beta', 'x-custom', 'x-api-key']) {
      expect(names).not.toContain(name);
    }
    expect(call?.headers['authorization']).toBe('Bearer simulated');
  });

  it('F69 closes its call when the caller leaves before the first byte', async () => {
    await playFaults([{ fault: 'F44' }]);
    const leaving = new AbortController();
    const asking = ask(CHAT, {
      method: 'POST',
      body: JSON.stringify(aBody()),
      headers: { 'x-api-key': 'second-key', 'content-type': 'application/json' },
      signal: leaving.signal,
    }).catch(() => undefined);
    await vi.waitFor(async () => expect(await playedCalls()).toHaveLength(1));

    leaving.abort();
    await asking;

    await vi.waitFor(async () => expect((await playedCalls())[0]?.clientLeftAt).toBeDefined());
    expect(await playedCalls()).toHaveLength(1);
  });
});

const VERSION = /^[0-9a-f]{8}$/;
const TIMING = /^total;dur=\d+/;
