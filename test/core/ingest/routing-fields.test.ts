import { describe, expect, it } from 'vitest';
import { readRoutingFields } from '../../../src/ingest/routing-fields.ts';
import { jsonBody } from '../../support/json.ts';
import { refusalOf } from '../../support/refusals.ts';

function read(body: string | object, headers: Readonly<Record<string, string>> = {}) {
  return readRoutingFields(jsonBody(body), new Headers(headers));
}

/** What is refused, as the code, the field and the words. */
async function refused(body: string | object, headers: Readonly<Record<string, string>> = {}) {
  const { code, details, message } = await refusalOf(() => read(body, headers));
  return [code, details.field, message];
}

const AUTO = { model: 'auto' };

describe('readRoutingFields: the body', () => {
  it('takes the router’s own words, and OpenRouter’s', () => {
    const body = {
      model: 'auto/economy',
      models: ['openai/a', 'groq/b'],
      provider: { order: ['groq'], max_price: { prompt: 1 } },
      session_id: 's1',
      routing: { maxLatencyMs: 800, compliance: ['pii_safe'], explain: true },
      messages: [],
    };

    expect(read(body)).toEqual({
      request: {
        model: 'auto/economy',
        models: ['openai/a', 'groq/b'],
        provider: {
          order: ['groq'],
          max_price: { prompt: 1 },
          allow_fallbacks: true,
          require_parameters: true,
          data_collection: 'allow',
          zdr: false,
        },
        maxLatencyMs: 800,
        compliance: ['pii_safe'],
        explain: true,
      },
      sessionId: 's1',
      tags: [],
      explains: true,
    });
  });

  it.each<[string, string | object, string | undefined, string]>([
    [
      'an unknown field of routing',
      { ...AUTO, routing: { maxLatency: 5 } },
      'routing.maxLatency',
      'routing.maxLatency is not known; did you mean "maxLatencyMs"?',
    ],
    [
      'an unknown field of provider',
      { ...AUTO, provider: { orders: [] } },
      'provider.orders',
      'provider.orders is not known; did you mean "order"?',
    ],
    [
      'an unknown price',
      { ...AUTO, provider: { max_price: { promt: 1 } } },
      'provider.max_price.promt',
      'provider.max_price.promt is not known',
    ],
    [
      'no model',
      { messages: [] },
      'model',
      'model: Invalid input: expected string, received undefined',
    ],
    [
      'a model that is no name',
      { model: 5 },
      'model',
      'model: Invalid input: expected string, received number',
    ],
    [
      'an empty list of models',
      { ...AUTO, models: [] },
      'models',
      'models: Too small: expected array to have >=1 items',
    ],
    [
      'a name of another case (A07)',
      { ...AUTO, models: ['OpenAI/a'] },
      'models.0',
      'models.0: a model id is a-z, 0-9 and . _ : / -',
    ],
    [
      'a limit of a wrong type',
      { ...AUTO, routing: { deadlineMs: '5' } },
      'routing.deadlineMs',
      'routing.deadlineMs: Invalid input: expected number, received string',
    ],
    [
      'a field given twice (A01)',
      '{"model":"auto","model":"openai/a"}',
      'model',
      'model is given twice',
    ],
    [
      'an object given twice (A01)',
      '{"model":"auto","routing":{},"routing":{}}',
      'routing',
      'routing is given twice',
    ],
    [
      'a wish given twice (A01)',
      '{"model":"auto","routing":{"maxCostUsd":1,"maxCostUsd":9}}',
      'routing.maxCostUsd',
      'routing.maxCostUsd is given twice',
    ],
    [
      'a preference given twice (A01)',
      '{"model":"auto","provider":{"zdr":true,"zdr":false}}',
      'provider.zdr',
      'provider.zdr is given twice',
    ],
  ])('refuses %s', async (_, body, field, message) => {
    const [code, where, words] = await refused(body);

    expect([code, where]).toEqual(['invalid_request', field]);
    expect(words).toContain(message);
  });

  it.each([
    'api_key',
    'api_base',
    'base_url',
    'custom_host',
    'headers',
    'extra_headers',
    'organization',
    'proxy',
    'timeout',
  ])('refuses %s, which is not a caller’s to set (A09)', async (name) => {
    const [code, field] = await refused({ ...AUTO, [name]: 'https://elsewhere.test' });

    expect([code, field]).toEqual(['reserved_field', name]);
  });

  it.each<[string, object, string, string]>([
    [
      'a first token behind the deadline',
      { routing: { deadlineMs: 500, firstTokenMs: 600 } },
      'routing.firstTokenMs',
      '600 is above routing.deadlineMs 500',
    ],
    [
      'only providers that are ignored',
      { provider: { only: ['groq'], ignore: ['groq', 'openai'] } },
      'provider.only',
      'provider.ignore names all of its providers',
    ],
    [
      'a fallback outside of models',
      { models: ['openai/a'], routing: { fallbackOrder: ['openai/b'] } },
      'routing.fallbackOrder',
      '"openai/b" is not among models',
    ],
  ])('refuses wishes that contradict each other: %s', async (_, fields, field, message) => {
    expect(await refused({ ...AUTO, ...fields })).toEqual([
      'invalid_request',
      field,
      `${field}: ${message}`,
    ]);
  });

  it('lets alone what is another’s: messages, metadata, unknown fields', () => {
    const body =
      '{"model":"auto","metadata":{"a":1,"a":2},"messages":[{"x":1,"x":2}],"top_p":1,"top_p":1}';

    expect(read(body).request.model).toBe('auto');
  });
});

describe('readRoutingFields: headers', () => {
  it('says the same for callers that cannot change their bodies', () => {
    const headers = {
      'x-router-policy': 'economy:nitro',
      'x-router-models': 'openai/a, groq/b,',
      'x-router-max-cost-usd': '0.05',
      'x-router-max-latency-ms': '800',
      'x-router-deadline-ms': '9000',
      'x-router-compliance': 'pii_safe, gdpr',
      'x-router-tags': 'team-a,prod',
      'x-router-session-id': 's1',
      'x-router-explain': '1',
    };

    expect(read({ model: 'gpt-4o' }, headers)).toEqual({
      request: {
        model: 'auto/economy:nitro',
        models: ['openai/a', 'groq/b'],
        maxCostUsd: 0.05,
        maxLatencyMs: 800,
        deadlineMs: 9000,
        compliance: ['pii_safe', 'gdpr'],
        explain: true,
      },
      sessionId: 's1',
      tags: ['team-a', 'prod'],
      explains: true,
    });
  });

  it('stands above the body, but adds to its tags', () => {
    const body = { ...AUTO, routing: { maxLatencyMs: 100, compliance: ['pii_safe'] } };
    const headers = { 'x-router-max-latency-ms': '800', 'x-router-compliance': 'gdpr' };

    expect(read(body, headers).request).toMatchObject({
      maxLatencyMs: 800,
      compliance: ['pii_safe', 'gdpr'],
    });
  });

  it.each([
    ['x-router-max-cost-usd', 'cheap'],
    ['x-router-max-cost-usd', '-1'],
    ['x-router-max-cost-usd', ''],
    ['x-router-deadline-ms', '1e9'],
    ['x-router-models', 'Not An Id'],
    ['x-router-models', ','],
    ['x-router-explain', 'yes'],
    ['x-router-tags', Array(11).fill('t').join(',')],
  ])('refuses %s: %s', async (name, value) => {
    const [code, field] = await refused(AUTO, { [name]: value });

    expect(code).toBe('invalid_request');
    expect(field).toMatch(name);
  });
});
