import { describe, expect, it } from 'vitest';
import type { RoutableModel } from '../../../src/domain/model.ts';
import { anApp } from '../../support/app.ts';
import { aModel } from '../../support/builders.ts';
import { aMessagesBody } from '../../support/messages-bodies.ts';

/** What the endpoint says of a body; the router has these models and no provider to ask. */
async function count(models: readonly RoutableModel[], fields: Readonly<Record<string, unknown>>) {
  const body = aMessagesBody({ max_tokens: undefined, ...fields });
  const { status, headers, text } = await anApp(models).post('/v1/messages/count_tokens', body);
  const kind = headers.get('x-router-token-count');
  return { status, model: headers.get('x-router-model'), kind, body: JSON.parse(text) };
}

describe('POST /v1/messages/count_tokens', () => {
  const plain = aModel('openai/plain');
  const dense = aModel('anthropic/dense', { tokenizer: { family: 'o200k', multiplier: 2 } });
  const messages = [{ role: 'user', content: 'word '.repeat(400) }];

  it('counts for the model that is asked for by name, and says that it is an estimate', async () => {
    const forPlain = await count([plain, dense], { model: plain.id, messages });
    const forDense = await count([plain, dense], { model: dense.id, messages });

    expect(forPlain).toMatchObject({ status: 200, model: plain.id, kind: 'estimate' });
    expect(forPlain.body).toEqual({ input_tokens: expect.any(Number) });
    expect(forDense.body.input_tokens).toBeGreaterThan(forPlain.body.input_tokens * 1.9);
  });

  it('counts as the provider has counted for the model so far', async () => {
    const body = aMessagesBody({ max_tokens: undefined, model: plain.id, messages });
    const app = anApp([plain]);
    const counted = async () => {
      return JSON.parse((await app.post('/v1/messages/count_tokens', body)).text).input_tokens;
    };

    const before = await counted();
    app.tokenRatios.ratio = 1.5;

    expect(await counted()).toBeGreaterThan(before * 1.45);
  });

  it('counts for the model that would be chosen', async () => {
    expect(await count([plain], { model: 'auto' })).toMatchObject({ model: plain.id });
  });

  it('counts more where there is more', async () => {
    const tools = [{ name: 'look', description: 'x'.repeat(400), input_schema: {} }];

    const less = await count([plain], { model: 'auto' });
    const more = await count([plain], { model: 'auto', tools });

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
