import { describe, expect, it } from 'vitest';
import type { RoutableModel } from '../../../src/domain/model.ts';
import { createApp } from '../../../src/ingest/app.ts';
import { MultiModelRouter } from '../../../src/router.ts';
import { aModel } from '../../support/builders.ts';
import { fakePorts } from '../../support/fakes.ts';
import { aMessagesBody } from '../../support/messages-bodies.ts';

const KEY = 'test-key';

/** What the endpoint says of a body; the router has these models and no provider to ask. */
async function count(models: readonly RoutableModel[], fields: Readonly<Record<string, unknown>>) {
  const ports = fakePorts(models);
  const router = new MultiModelRouter(ports);
  const app = createApp({ ...ports, router, routerKeys: [KEY], allowedOrigins: new Set() });
  const response = await app.request('/v1/messages/count_tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': KEY },
    body: JSON.stringify(aMessagesBody({ max_tokens: undefined, ...fields })),
  });
  const { headers, status } = response;
  const model = headers.get('x-router-model');
  return { status, model, kind: headers.get('x-router-token-count'), body: await response.json() };
}

describe('POST /v1/messages/count_tokens', () => {
  const plain = aModel('openai/plain');
  const dense = aModel('anthropic/dense', { tokenizer: { family: 'o200k', multiplier: 2 } });
  const messages = [{ role: 'user', content: 'word '.repeat(400) }];

  it('counts for the model that is asked for by name, and says that it is an estimate', async () => {
    const [forPlain, forDense] = await Promise.all([
      count([plain, dense], { model: plain.id, messages }),
      count([plain, dense], { model: dense.id, messages }),
    ]);

    expect(forPlain).toMatchObject({ status: 200, model: plain.id, kind: 'estimate' });
    expect(forPlain.body).toEqual({ input_tokens: expect.any(Number) });
    expect(forDense.body.input_tokens).toBe(forPlain.body.input_tokens * 2);
  });

  it('counts for the model that would be chosen', async () => {
    expect(await count([plain], { model: 'auto' })).toMatchObject({ model: plain.id });
  });

  it('counts more where there is more', async () => {
    const tools = [{ name: 'look', description: 'x'.repeat(400), input_schema: {} }];

    const [less, more] = await Promise.all([
      count([plain], { model: 'auto' }),
      count([plain], { model: 'auto', tools }),
    ]);

    expect(more.body.input_tokens).toBeGreaterThan(less.body.input_tokens);
  });

  it('counts for the named model where it could not answer', async () => {
    const small = aModel('openai/small', { maxContextTokens: 100 });
    expect(await count([small], { model: small.id, messages })).toMatchObject({
      status: 200,
      model: small.id,
    });
  });

  it("answers faults in the dialect's shape", async () => {
    expect(await count([plain], { model: 'nobody/knows' })).toMatchObject({
      status: 404,
      body: { type: 'error', error: { type: 'not_found_error', code: 'model_not_found' } },
    });
  });
});
