import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countingClient } from './counting-client.ts';
import { anEntry, aRegistry } from './registries.ts';
import { openStage, read, type Stage } from './stage.ts';

/** Models that fail are models of their own: their breakers would tell on other tests. */
const MODELS = {
  ...aRegistry().models,
  'openai/fourth': anEntry('openai', 0.02, { wire: 'openai-responses' }),
  'openai/broken': anEntry('openai', 0.05),
  'anthropic/cut': anEntry('anthropic', 0.05),
  'openai/cut': anEntry('openai', 0.05, { wire: 'openai-responses' }),
};

let stage: Stage;
beforeAll(async () => {
  const registry = { ...aRegistry(), models: MODELS };
  stage = await openStage({ registry, simulator: { gapMs: 10 } });
});
afterAll(() => stage.close());
beforeEach(() => stage.simulator.reset());

const { AuthenticationError, BadRequestError, NotFoundError, UnprocessableEntityError } = OpenAI;
const HELLO = { model: 'openai/first', input: 'Hello' };
const SEARCH = { tools: [{ type: 'web_search' as const }] };

describe('an error to the openai client, by Responses', () => {
  it.each([
    ['a wrong key', AuthenticationError, 'invalid_key', { apiKey: 'wrong' }, {}],
    ['a wish to store', BadRequestError, 'invalid_request', {}, { store: true }],
    [
      'a reference to an earlier answer',
      BadRequestError,
      'invalid_request',
      {},
      { previous_response_id: 'resp_1' },
    ],
    ['an unknown model', NotFoundError, 'model_not_found', {}, { model: 'openai/frist' }],
    [
      'a hosted tool on a model of another dialect',
      UnprocessableEntityError,
      'no_capable_model',
      {},
      SEARCH,
    ],
  ])('refuses %s once, before any call', async (_, errorClass, code, settings, fields) => {
    const { client, sent } = countingClient(stage, settings);

    const error = await client.responses
      .create({ ...HELLO, ...fields })
      .catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ code, requestID: expect.any(String) });
    expect(sent()).toBe(1);
    expect(stage.simulator.calls()).toEqual([]);
  });

  it('F30 is an InternalServerError that the client does not repeat', async () => {
    stage.simulator.setPlan([{ fault: 'F30' }]);
    const { client, sent } = countingClient(stage);

    const error = await client.responses
      .create({ ...HELLO, model: 'openai/broken' })
      .catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(error).toMatchObject({ status: 502, code: 'upstream_error' });
    expect(sent()).toBe(1);
  });

  it.each(['anthropic/cut', 'openai/cut'])(
    'F52 makes a stream of %s throw, with the text until then delivered',
    async (model) => {
      stage.simulator.setPlan([{ fault: 'F52' }]);
      const { client } = countingClient(stage);

      const stream = await client.responses.create({
        model,
        input: '[[tokens: 40]]',
        stream: true,
      });
      let text = '';
      const reading = (async () => {
        for await (const event of stream) {
          if (event.type === 'response.output_text.delta') text += event.delta;
        }
      })();

      await expect(reading).rejects.toBeInstanceOf(OpenAI.APIError);
      await expect(reading).rejects.toMatchObject({ code: 'upstream_stream_error' });
      expect(text).toMatch(WORDS);
    },
  );
});

const WORDS = /^word( word)*/;

describe('a Responses request', () => {
  it('goes to the only dialect that has words for its tools', async () => {
    const { client } = countingClient(stage);

    const { model } = await client.responses.create({ ...HELLO, ...SEARCH, model: 'auto' });

    expect(model).toBe('openai/fourth');
    expect(JSON.parse(stage.received.at(-1) ?? '')).toEqual({
      model: 'fourth',
      input: 'Hello',
      ...SEARCH,
      store: false,
    });
  });

  it('falls back to a model of another wire', async () => {
    stage.simulator.setPlan([{ match: { model: 'first' }, fault: 'F12' }]);
    const { client } = countingClient(stage);

    const { data, response } = await client.responses
      .create({ model: 'auto', input: '[[say: Hi]]' })
      .withResponse();

    expect(data.model).toBe('anthropic/second');
    expect(data.output_text).toBe('Hi');
    expect(response.headers.get('x-router-fallbacks')).toBe('1');
  });

  it('is explained and booked like any other', async () => {
    const { client } = countingClient(stage);

    const { data, response } = await client.responses
      .create(HELLO, { headers: { 'x-router-explain': '1', 'x-router-tags': 'a' } })
      .withResponse();

    expect(data).toHaveProperty('routing.selectedModel', 'openai/first');
    const id = response.headers.get('x-router-request-id');
    const entry = await read<object>(stage, `/v1/generations/${id}`);
    expect(entry).toMatchObject({ servedModel: 'openai/first', outcome: 'answered' });
  });

  it('can be tried out without a call', async () => {
    const response = await fetch(`${stage.url}/v1/route`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer pm-development-key',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ model: 'auto', input: [{ role: 'user', content: 'Hello' }] }),
    });

    expect(await response.json()).toMatchObject({ selectedModel: 'openai/first' });
    expect(stage.simulator.calls()).toEqual([]);
  });
});
