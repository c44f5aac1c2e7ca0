import { describe, expect, it } from 'vitest';
import { Authenticator } from '../../../src/ingest/authenticate.ts';
import { refusalOf } from '../../support/refusals.ts';

const KEY_ID = /^key_[0-9a-f]{8}$/;
const KEYS = ['first-key', 'second-key'];

function present(headers: Readonly<Record<string, string>>, query = '') {
  const request = new Request(`https://router.test/v1/models${query}`, { headers });
  return new Authenticator(KEYS).authenticate(request);
}

describe('Authenticator', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['as a bearer token', { authorization: 'Bearer first-key' }],
    ['in another case', { authorization: 'bearer  second-key ' }],
    ['as x-api-key', { 'x-api-key': 'first-key' }],
    ['in both headers', { authorization: 'Bearer first-key', 'x-api-key': 'first-key' }],
  ])('knows a key %s', async (_, headers) => {
    expect(await present(headers)).toMatchObject({ tenant: 'owner' });
  });

  it('names a key by a public id that is the same each time, and never by itself', async () => {
    const first = await present({ 'x-api-key': 'first-key' });
    const again = await present({ authorization: 'Bearer first-key' });
    const second = await present({ 'x-api-key': 'second-key' });

    expect(first).toEqual(again);
    expect(first.keyId).not.toBe(second.keyId);
    expect(first.keyId).toMatch(KEY_ID);
  });

  it.each<[string, Readonly<Record<string, string>>, string, string]>([
    ['no key', {}, '', 'missing_key'],
    ['an empty key', { 'x-api-key': '' }, '', 'missing_key'],
    ['another scheme', { authorization: 'Basic Zmlyc3Qta2V5' }, '', 'missing_key'],
    ['an unknown key', { 'x-api-key': 'third-key' }, '', 'invalid_key'],
    ['the beginning of a key', { 'x-api-key': 'first' }, '', 'invalid_key'],
    [
      'two keys at once (A33)',
      { authorization: 'Bearer first-key', 'x-api-key': 'second-key' },
      '',
      'invalid_request',
    ],
    [
      'a key in the address (A32)',
      { 'x-api-key': 'first-key' },
      '?api_key=first-key',
      'invalid_request',
    ],
  ])('refuses %s', async (_, headers, query, code) => {
    const error = await refusalOf(() => present(headers, query));

    expect(error.code).toBe(code);
    expect(error.message).not.toContain('first-key');
  });

  it('refuses every request while no key is configured (A38)', async () => {
    const request = new Request('https://router.test/', { headers: { 'x-api-key': '' } });
    const error = await refusalOf(() => new Authenticator([]).authenticate(request));

    expect(error.code).toBe('router_not_configured');
    expect(error.message).toContain('npx wrangler secret put ROUTER_KEY');
  });
});
