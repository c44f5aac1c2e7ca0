import { describe, expect, it } from 'vitest';
import type { EmbeddingTask } from '../../../../src/domain/conversation.ts';
import { type JsonText, readJsonText } from '../../../../src/domain/json-text.ts';
import type { ModelCall } from '../../../../src/domain/ports.ts';
import { embeddings } from '../../../../src/ingest/embeddings/index.ts';
import { openai } from '../../../../src/providers/openai/index.ts';
import { aCall } from '../../../support/builders.ts';
import { anEmbedding, anEmbeddingModel } from '../../../support/embeddings.ts';
import { hasRecordings, NO_RECORDINGS, recordingsOf } from '../../../support/recordings.ts';

function call(id: string, task: Partial<EmbeddingTask> = {}): ModelCall {
  return aCall({ model: anEmbeddingModel(id), conversation: anEmbedding(task) });
}

/** A call for a body that came in this dialect. */
function nativeCall(id: string, body: object): ModelCall {
  const { conversation } = embeddings.readRequest(jsonText(body), new Headers());
  return aCall({ model: anEmbeddingModel(id), conversation });
}

function jsonText(body: object): JsonText {
  const json = readJsonText(JSON.stringify(body));
  if ('message' in json) throw new Error(json.message);
  return json;
}

function answer(fields: object): string {
  return JSON.stringify({ object: 'list', model: 'served', ...fields });
}

describe('toRequest for vectors', () => {
  it('sends the texts to the path for vectors', () => {
    const request = openai.toRequest(call('openai/embed', { dimensions: 256 }));

    expect(request).toMatchObject({
      url: 'https://api.openai.com/v1/embeddings',
      headers: { authorization: 'Bearer test-key' },
      warnings: [],
    });
    expect(JSON.parse(request.body)).toEqual({
      model: 'embed',
      input: ['one', 'two'],
      dimensions: 256,
      encoding_format: 'float',
    });
  });

  it("forwards the caller's own body, with only the changed fields set anew", () => {
    const body = { model: 'auto', input: 'one', user: 'u', encoding_format: 'base64', extra: 1 };

    const request = openai.toRequest(nativeCall('openai/embed', body));

    expect(JSON.parse(request.body)).toEqual({
      model: 'embed',
      input: 'one',
      user: 'u',
      encoding_format: 'base64',
    });
  });

  it.each([
    [
      'voyage/voyage-3.5',
      { output_dimension: 512, encoding_format: 'base64', input_type: 'document' },
    ],
    ['mistral/mistral-embed', { output_dimension: 512, encoding_format: 'float' }],
    ['perplexity/pplx-embed', { dimensions: 512, encoding_format: 'base64_int8' }],
  ])('says it as %s has it', (id, fields) => {
    const body = { model: 'auto', input: 'one', user: 'u', dimensions: 512 };

    const request = openai.toRequest(nativeCall(id, { ...body, input_type: 'document' }));

    expect(JSON.parse(request.body)).toEqual({
      model: id.split('/')[1],
      input: 'one',
      ...fields,
    });
  });
});

describe('fromResponse for vectors', () => {
  it('gives the vectors in the order of their texts', () => {
    const data = [
      { index: 1, embedding: [2] },
      { index: 0, embedding: [1] },
    ];
    const body = answer({ data, usage: { prompt_tokens: 3, total_tokens: 3 } });

    expect(openai.fromResponse(body, call('openai/embed'))).toEqual({
      upstreamId: undefined,
      upstreamModel: 'served',
      content: [],
      vectors: [[1], [2]],
      finishReason: { unified: 'stop', raw: undefined },
      usage: { uncachedInputTokens: 3, outputTokens: 0 },
    });
  });

  it.each([
    ['too few', { data: [{ index: 0, embedding: [1] }] }, {}],
    ['of another length', { data: [vector([1, 2]), vector([1, 2])] }, { dimensions: 3 }],
    [
      'of another length in base64',
      { data: [vector('AAAAAA=='), vector('AAAAAA==')] },
      { dimensions: 2 },
    ],
    ['empty', { data: [vector([]), vector([1])] }, {}],
    ['no numbers', { data: [vector(['a']), vector(['b'])] }, {}],
    ['absent', {}, {}],
  ])('takes vectors that are %s for a malformed answer', (_, fields, task) => {
    const failure = openai.fromResponse(answer(fields), call('openai/embed', task));

    expect(failure).toMatchObject({ kind: 'malformed' });
  });

  it('classes an error inside an answer of status 200 (F37)', () => {
    const error = { message: 'slow down', code: 429 };

    const failure = openai.fromResponse(answer({ error }), call('openai/embed'));

    expect(failure).toMatchObject({ kind: 'rate' });
  });
});

function vector(embedding: unknown): object {
  return { embedding };
}

describe.skipIf(!hasRecordings)(
  hasRecordings ? 'a recorded list of vectors' : NO_RECORDINGS,
  () => {
    const recorded = recordingsOf('embeddings').filter(({ response }) => response.status === 200);

    it.each(recorded.map((recording) => [recording.id, recording] as const))(
      'is read as it is: %s',
      (_, { provider, request, response }) => {
        const asked = request.body as { input: string[]; dimensions?: number }; // by the README beside them
        const { data, usage } = JSON.parse(response.body);
        const task = { inputs: asked.input, dimensions: asked.dimensions };

        const read = openai.fromResponse(response.body, call(`${provider}/recorded`, task));

        // Perplexity gives signed bytes, everybody else floats.
        const raw = data.map((item: { embedding: string }) =>
          provider === 'perplexity'
            ? [...Buffer.from(item.embedding, 'base64')].map((byte) => (byte << 24) >> 24)
            : item.embedding,
        );
        expect(read).toMatchObject({
          vectors: raw,
          usage: { uncachedInputTokens: usage.total_tokens, outputTokens: 0 },
        });
      },
    );

    it('shows two vendors', () => {
      expect(recorded.map(({ provider }) => provider)).toEqual(['perplexity', 'voyage']);
    });
  },
);
