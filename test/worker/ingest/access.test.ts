import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/ingest/app.ts';
import { random } from '../../../src/platform/isolate.ts';
import { MultiModelRouter } from '../../../src/router.ts';
import { DEVELOPMENT_KEY } from '../../simulator/development.ts';
import { aModel } from '../../support/builders.ts';
import { fakePorts } from '../../support/fakes.ts';
import { aBody, ask, CHAT, errorOf, openWorker, post } from '../app.ts';
import { playedCalls, playFaults } from '../simulator.ts';

beforeAll(openWorker);
beforeEach(() => playFaults([]));

const OWN = `Bearer ${DEVELOPMENT_KEY}`;

describe('the door', () => {
  it('refuses every request where no key is configured, and says how to set one', async () => {
    const ports = { ...fakePorts([aModel()]), random };
    const router = new MultiModelRouter(ports);
    const app = createApp({ ...ports, router, routerKeys: [], allowedOrigins: new Set() });

    const response = await app.request(CHAT, {
      method: 'POST',
      body: JSON.stringify(aBody()),
      headers: { authorization: OWN, 'content-type': 'application/json' },
    });

    const { status, code, message } = await errorOf(response);
    expect([status, code]).toEqual([503, 'router_not_configured']);
    expect(message).toContain('npx wrangler secret put ROUTER_KEY');
    expect(ports.transport.calls).toEqual([]);
  });

  it.each([
    ['a bearer token', { authorization: OWN }],
    ['a bearer token in any case', { authorization: `bearer  ${DEVELOPMENT_KEY} ` }],
    ['x-api-key', { 'x-api-key': DEVELOPMENT_KEY }],
    ['the second of two keys', { authorization: 'Bearer second-key' }],
    ['both, with the same key', { authorization: OWN, 'x-api-key': DEVELOPMENT_KEY }],
  ])('opens to %s', async (_, headers) => {
    const response = await ask('/v1/models', { headers });

    expect(response.status).toBe(200);
  });

  it.each([
    ['without a key', {}, 401, 'missing_key'],
    ['with an empty key', { 'x-api-key': '' }, 401, 'missing_key'],
    ['with another scheme', { authorization: 'Basic cG06cG0=' }, 401, 'missing_key'],
    ['with a wrong key', { authorization: 'Bearer wrong' }, 401, 'invalid_key'],
    ['with a part of a key', { 'x-api-key': DEVELOPMENT_KEY.slice(0, -1) }, 401, 'invalid_key'],
    [
      'with both keys at once',
      { 'x-api-key': `${DEVELOPMENT_KEY},second-key` },
      401,
      'invalid_key',
    ],
    [
      'A33 with two keys that differ',
      { authorization: OWN, 'x-api-key': 'second-key' },
      400,
      'invalid_request',
    ],
  ])('stays closed %s', async (_, headers, status, code) => {
    for (const path of ['/v1/models', CHAT, '/v1/status', '/v1/route', '/v1/unknown']) {
      const method = path === CHAT || path === '/v1/route' ? 'POST' : 'GET';
      const body = method === 'POST' ? '{' : null;

      const response = await ask(path, { method, headers, body });

      expect(await errorOf(response)).toMatchObject({ status, code });
      expect(response.headers.get('x-should-retry')).toBe('false');
    }
    expect(await playedCalls()).toEqual([]);
  });

  it.each(['key', 'api_key', 'token', 'access_token'])(
    'A32 refuses a key in the address (%s)',
    async (name) => {
      const headers = { authorization: OWN };

      const response = await ask(`/v1/models?${name}=${DEVELOPMENT_KEY}`, { headers });

      const { status, code, param, message } = await errorOf(response);
      expect([status, code, param]).toEqual([400, 'invalid_request', name]);
      expect(message).toContain('replace that key');
      expect(message).not.toContain(DEVELOPMENT_KEY);
    },
  );

  it('A31 answers a wrong and an unknown key alike', async () => {
    const answers = ['wrong', `${DEVELOPMENT_KEY}x`].map(async (key) => {
      const response = await ask('/v1/models', { headers: { 'x-api-key': key } });
      const { request_id: _, ...error } = await errorOf(response);
      return error;
    });

    const [one, other] = await Promise.all(answers);
    expect(one).toEqual(other);
  });

  it('leaves /health open, which tells nothing of anybody', async () => {
    const response = await ask('/health');

    expect(response.status).toBe(200);
    expect(Object.keys(await response.json<object>())).toEqual(['status', 'registry']);
  });
});

const ALLOWED = 'https://app.example';

describe('origins', () => {
  it('answers the preflight of an allowed page, with what it may send and read', async () => {
    const response = await ask(CHAT, {
      method: 'OPTIONS',
      headers: {
        origin: ALLOWED,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type, x-stainless-lang',
      },
    });

    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(ALLOWED);
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
    expect(response.headers.get('access-control-allow-headers')).toContain('x-stainless-lang');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    expect(response.headers.get('vary')?.toLowerCase()).toContain('origin');
  });

  it('serves an allowed page, and lets it read the headers of the answer', async () => {
    const response = await post(CHAT, aBody(), { origin: ALLOWED });

    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe(ALLOWED);
    expect(response.headers.get('access-control-expose-headers')).toContain('x-router-cost-usd');
  });

  it('lets an allowed page read its errors too', async () => {
    const response = await ask('/v1/models', { headers: { origin: ALLOWED } });

    expect(response.status).toBe(401);
    expect(response.headers.get('access-control-allow-origin')).toBe(ALLOWED);
  });

  it.each([
    ['another page', 'https://evil.example'],
    ['a page whose name ends alike', 'https://evil-app.example'],
    ['a page whose name begins alike', 'https://app.example.evil.example'],
    ['the same page without TLS', 'http://app.example'],
    ['the same page at another port', 'https://app.example:8443'],
    ['a page that hides its origin', 'null'],
  ])('A51 refuses %s, even with the right key', async (_, origin) => {
    for (const method of ['POST', 'OPTIONS']) {
      const response = await ask(CHAT, {
        method,
        headers: { origin, authorization: OWN, 'content-type': 'application/json' },
        body: method === 'POST' ? JSON.stringify(aBody()) : null,
      });

      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      expect(await errorOf(response)).toMatchObject({ status: 403, code: 'origin_not_allowed' });
    }
    expect(await playedCalls()).toEqual([]);
  });
});
