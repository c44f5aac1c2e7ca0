import { describe, expect, it } from 'vitest';
import type { EmbeddingTask } from '../../../../src/domain/conversation.ts';
import type { ModelCall } from '../../../../src/domain/ports.ts';
import { gemini } from '../../../../src/providers/gemini/index.ts';
import { aCall } from '../../../support/builders.ts';
import { anEmbedding, anEmbeddingModel } from '../../../support/embeddings.ts';

/*
 * The request is that of recorded calls (which all failed for their key or their model); the answer is
 * written by hand from Google's API reference: no recording shows one.
 */

function call(task: Partial<EmbeddingTask> = {}): ModelCall {
  return aCall({ model: anEmbeddingModel('google/embed'), conversation: anEmbedding(task) });
}

describe('toRequest for vectors', () => {
  it('sends all texts in one batch', () => {
    const request = gemini.toRequest(call({ dimensions: 256 }));

    expect(request).toMatchObject({
      url: 'https://generativelanguage.googleapis.com/v1beta/models/embed:batchEmbedContents',
      headers: { 'x-goog-api-key': 'test-key' },
    });
    expect(JSON.parse(request.body)).toEqual({
      requests: ['one', 'two'].map((text) => ({
        model: 'models/embed',
        content: { parts: [{ text }] },
        outputDimensionality: 256,
      })),
    });
  });
});

describe('fromResponse for vectors', () => {
  it('gives the vectors, and no output in their usage', () => {
    const body = JSON.stringify({ embeddings: [{ values: [1, 0] }, { values: [0, 1] }] });

    expect(gemini.fromResponse(body, call())).toEqual({
      upstreamId: undefined,
      upstreamModel: undefined,
      content: [],
      vectors: [
        [1, 0],
        [0, 1],
      ],
      finishReason: { unified: 'stop', raw: undefined },
      usage: { outputTokens: 0 },
    });
  });

  it('brings shortened vectors back to length 1', () => {
    const body = JSON.stringify({ embeddings: [{ values: [3, 4] }, { values: [0, 0] }] });

    expect(gemini.fromResponse(body, call({ dimensions: 2 }))).toMatchObject({
      vectors: [
        [0.6, 0.8],
        [0, 0],
      ],
    });
  });

  it.each([
    ['too few vectors', { embeddings: [{ values: [1] }] }, 'malformed'],
    ['an error (F37)', { error: { code: 429, status: 'RESOURCE_EXHAUSTED' } }, 'rate'],
  ])('takes %s for a failure', (_, body, kind) => {
    expect(gemini.fromResponse(JSON.stringify(body), call())).toMatchObject({ kind });
  });
});
