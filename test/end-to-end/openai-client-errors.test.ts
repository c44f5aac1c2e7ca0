import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countingClient } from './counting-client.ts';
import { anEntry, aRegistry } from './registries.ts';
import { openStage, read, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ registry: aRegistry(), simulator: { gapMs: 10 } });
});
afterAll(() => stage.close());
beforeEach(() => stage.reset());

const WORDS = /^word( word)*/;
const HELLO = { model: 'openai/first', messages: [{ role: 'user' as const, content: 'Hello' }] };

describe('an error to the openai client', () => {
  const { AuthenticationError, BadRequestError, NotFoundError, UnprocessableEntityError } = OpenAI;

  it.each([
    ['a wrong key', AuthenticationError, 'invalid_key', { apiKey: 'wrong' }, {}],
    [
      'an unknown routing field',
      BadRequestError,
      'invalid_request',
      {},
      { routing: { taks: 'x' } },
    ],
    ['an unknown model', NotFoundError, 'model_not_found', {}, { model: 'openai/frist' }],
    [
      'a request that no model can hold',
      UnprocessableEntityError,
      'no_capable_model',
      {},
      { model: 'auto', routing: { compliance: ['pii_safe'] } },
    ],
  ])('refuses %s once, before any call', async (_, errorClass, code, settings, fields) => {
    const { client, sent } = countingClient(stage, settings);

    const call = client.chat.completions.create({ ...HELLO, ...fields });

    const error = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ code });
    expect(sent()).toBe(1);
    expect(stage.simulator.calls()).toEqual([]);
  });

  it('F25 gives the provider’s refusal of a parameter once, and asks nobody else', async () => {
    stage.simulator.setPlan([{ fault: 'F25' }]);
    const { client, sent } = countingClient(stage);

    const call = client.chat.completions.create({ ...HELLO, model: 'auto' });

    const error = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ code: 'upstream_rejected_request', param: 'temperature' });
    expect(sent()).toBe(1);
    expect(stage.simulator.calls()).toHaveLength(1);
  });

  it('F01 is a RateLimitError that says when to come back', async () => {
    stage.simulator.setPlan([{ match: { model: 'limited' }, fault: 'F01' }]);
    await stage.publish({ ...aRegistry(), models: { 'openai/limited': anEntry('openai', 0.001) } });
    const { client, sent } = countingClient(stage, { maxRetries: 0 });

    const call = client.chat.completions.create({ ...HELLO, model: 'openai/limited' });

    const error = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    const { headers, code } = error as InstanceType<typeof OpenAI.RateLimitError>;
    expect(code).toBe('rate_limited');
    expect(headers?.get('x-should-retry')).toBe('true');
    expect(headers?.get('retry-after')).toBe('20');
    expect(sent()).toBe(1);
    const { models } = await read<{ models: { key: string; keyFreeInMs: number }[] }>(
      stage,
      '/v1/status',
    );
    expect(models[0]?.key).toBe('held');
    expect(models[0]?.keyFreeInMs).toBeGreaterThan(15_000);
    await stage.publish(aRegistry());
  });

  it('F30 is an InternalServerError that the client does not repeat', async () => {
    stage.simulator.setPlan([{ fault: 'F30' }]);
    const { client, sent } = countingClient(stage);

    const call = client.chat.completions.create({ ...HELLO, model: 'auto' });

    const error = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(error).toMatchObject({ status: 502, code: 'upstream_error' });
    expect(sent()).toBe(1);
    expect(stage.simulator.calls().length).toBeLessThanOrEqual(4);
  });

  it('F52 makes a stream throw, with the text until then delivered', async () => {
    stage.simulator.setPlan([{ match: { label: 'api.anthropic.com' }, fault: 'F52' }]);
    const { client } = countingClient(stage);

    const stream = await client.chat.completions.create({
      model: 'anthropic/second',
      messages: [{ role: 'user', content: '[[tokens: 40]]' }],
      stream: true,
    });
    let text = '';
    const reading = (async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    })();

    await expect(reading).rejects.toBeInstanceOf(OpenAI.APIError);
    await expect(reading).rejects.toMatchObject({ code: 'upstream_stream_error' });
    expect(text).toMatch(WORDS);
  });
});
