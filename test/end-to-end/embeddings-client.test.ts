import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countingClient } from './counting-client.ts';
import { anEntry, aRegistry } from './registries.ts';
import { openStage, read, type Stage } from './stage.ts';

const VECTORS = {
  supportsEmbeddings: true,
  maxContextTokens: 8191,
  maxOutputTokens: undefined,
  maxEmbeddingDimensions: 1536,
  costPer1kOutputTokens: 0,
  tokenizer: { family: 'cl100k' },
};
const MODELS = {
  ...aRegistry().models,
  'openai/small': anEntry('openai', 0.001, { ...VECTORS, family: 'small' }),
  'google/embed': anEntry('google', 0.003, { ...VECTORS, tokenizer: { family: 'gemma' } }),
  // Models that fail are models of their own: their breakers would tell on other tests.
  'openai/broken': anEntry('openai', 0.01, { ...VECTORS, family: 'broken' }),
  'azure/whole': anEntry('azure', 0.02, { ...VECTORS, family: 'broken' }),
  'openai/alone': anEntry('openai', 0.01, VECTORS),
  'voyage/embed': anEntry('voyage', 0.004, { ...VECTORS, tokenizer: { family: 'llama3' } }),
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ registry: { ...aRegistry(), models: MODELS } });
});
afterAll(() => stage.close());
beforeEach(() => stage.simulator.reset());

function lengthOf(vector: readonly number[]): number {
  return Math.hypot(...vector);
}

describe.each(['openai/small', 'google/embed', 'voyage/embed'])(
  'the openai client, by Embeddings, on %s',
  (model) => {
    it('makes a vector for each text', async () => {
      const { client } = countingClient(stage);
      const input = ['a red house', 'a green house', 'tax law'];

      const { data: list, response } = await client.embeddings
        .create({ model, input })
        .withResponse();

      expect(list.object).toBe('list');
      expect(list.model).toBe(model);
      expect(list.data.map(({ index, object }) => [index, object])).toEqual([
        [0, 'embedding'],
        [1, 'embedding'],
        [2, 'embedding'],
      ]);
      const [red = [], green = [], law = []] = list.data.map(({ embedding }) => embedding);
      expect(red).toHaveLength(1536);
      expect(lengthOf(red)).toBeCloseTo(1);
      expect(dot(red, green)).toBeGreaterThan(dot(red, law));
      expect(list.usage.prompt_tokens).toBeGreaterThan(0);
      expect(list.usage).toHaveProperty('cost', Number(response.headers.get('x-router-cost-usd')));
    });

    it('gives the same numbers as floats and shortened', async () => {
      const { client } = countingClient(stage);
      const asked = { model, input: 'a red house', dimensions: 256 };

      const byDefault = await client.embeddings.create(asked);
      const floats = await client.embeddings.create({ ...asked, encoding_format: 'float' });

      expect(byDefault.data[0]?.embedding).toHaveLength(256);
      const difference = (floats.data[0]?.embedding ?? []).map(
        (value, at) => value - (byDefault.data[0]?.embedding[at] ?? Number.NaN),
      );
      expect(Math.max(...difference.map(Math.abs))).toBeLessThan(1e-6);
    });
  },
);

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

describe('a request for vectors', () => {
  it('goes to the cheapest model by auto, and is booked by its input alone', async () => {
    const { client } = countingClient(stage);

    const { data, response } = await client.embeddings
      .create({ model: 'auto', input: [[1, 2, 3, 4], [5]] })
      .withResponse();

    expect(data.model).toBe('openai/small');
    const id = response.headers.get('x-router-request-id');
    const entry = await read<{ lines: { usage: object; costNanoUsd: number }[] }>(
      stage,
      `/v1/generations/${id}`,
    );
    const tokens = data.usage.prompt_tokens;
    expect(entry.lines).toMatchObject([
      { usage: { uncachedInputTokens: tokens, outputTokens: 0 }, costNanoUsd: tokens * 1000 },
    ]);
  });

  it('takes a full batch, in the form that the client asks for by itself', async () => {
    const { client } = countingClient(stage);
    const input = Array.from({ length: 2048 }, (_, at) => `text ${at}`);

    const { data } = await client.embeddings.create({ model: 'openai/small', input });

    expect(data).toHaveLength(2048);
    expect(data.at(-1)?.embedding).toHaveLength(1536);
  });

  it('falls back within the family alone', async () => {
    stage.simulator.setPlan([{ match: { model: 'broken' }, fault: 'F30' }]);
    const { client } = countingClient(stage);

    const { model } = await client.embeddings.create({ model: 'openai/broken', input: 'one' });

    expect(model).toBe('azure/whole');
  });

  it('fails rather than mix vectors of several families', async () => {
    stage.simulator.setPlan([{ match: { model: 'alone' }, fault: 'F30' }]);
    const { client } = countingClient(stage);

    const error = await client.embeddings
      .create({ model: 'openai/alone', input: 'one' })
      .catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(new Set(stage.simulator.calls().map(({ model }) => model))).toEqual(new Set(['alone']));
  });

  it.each([
    ['a model that answers', { model: 'openai/first' }, 'no_capable_model'],
    ['longer vectors than there are', { dimensions: 5000 }, 'no_capable_model'],
    ['no text', { input: [] }, 'invalid_request'],
  ])('refuses %s', async (_, fields, code) => {
    const { client, sent } = countingClient(stage);

    const error = await client.embeddings
      .create({ model: 'auto', input: 'one', ...fields })
      .catch((reason: unknown) => reason);

    expect(error).toMatchObject({ code });
    expect(sent()).toBe(1);
    expect(stage.simulator.calls()).toEqual([]);
  });

  it('keeps its models out of conversations', async () => {
    const { client } = countingClient(stage);

    const error = await client.responses
      .create({ model: 'openai/small', input: 'Hello' })
      .catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(OpenAI.UnprocessableEntityError);
  });

  it.each([
    [{ model: 'auto', input: ['one', 'two'] }],
    [{ model: 'openai/small', input: 'one' }],
    [{ model: 'auto', input: 'one', dimensions: 256 }],
  ])('can be tried out without a call: %j', async (body) => {
    const response = await fetch(`${stage.url}/v1/route`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer pm-development-key',
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });

    expect(await response.json()).toMatchObject({ selectedModel: 'openai/small' });
  });
});
