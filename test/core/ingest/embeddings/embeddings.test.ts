import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RouterError } from '../../../../src/domain/errors.ts';
import { type JsonText, readJsonText } from '../../../../src/domain/json-text.ts';
import type { ModelResponse, Vector } from '../../../../src/domain/response.ts';
import { embeddings } from '../../../../src/ingest/embeddings/index.ts';
import { anEmbedding } from '../../../support/embeddings.ts';
import { openAiReading } from '../../../support/openai-client.ts';
import { BILL, HEAD } from '../../../support/responses.ts';

function aBody(fields: object): JsonText {
  const json = readJsonText(JSON.stringify({ model: 'auto', input: 'one', ...fields }));
  if ('message' in json) throw new Error(json.message);
  return json;
}

function read(fields: object) {
  return embeddings.readRequest(aBody(fields), new Headers());
}

function write(vectors: readonly Vector[], fields: object): string {
  const response: ModelResponse = {
    upstreamId: undefined,
    upstreamModel: undefined,
    content: [],
    vectors,
    finishReason: { unified: 'stop', raw: undefined },
    usage: {},
  };
  const answer = { head: HEAD, response, bill: BILL, nativeBody: undefined, routing: undefined };
  return embeddings.toBody(answer, read(fields));
}

describe('readRequest', () => {
  it.each([
    ['one text', 'one', ['one']],
    ['several texts', ['one', 'two'], ['one', 'two']],
    ['the tokens of one text', [1, 2, 3], [[1, 2, 3]]],
    ['the tokens of several', [[1, 2], [3]], [[1, 2], [3]]],
  ])('reads %s', (_, input, inputs) => {
    const { native, ...conversation } = read({ input }).conversation;

    expect(conversation).toEqual({ ...anEmbedding({ inputs }), native: undefined });
    expect(native).toMatchObject({ dialect: 'openai-embeddings', untranslatable: [] });
  });

  it('reads how long the vectors shall be, in which form, and for whom', () => {
    const request = read({ dimensions: 256, encoding_format: 'base64', user: 'u' });

    expect(request.conversation.embedding).toEqual({
      inputs: ['one'],
      dimensions: 256,
      encodingFormat: 'base64',
    });
    expect(request.user).toBe('u');
  });

  it('warns of a field that only some providers know', () => {
    expect(read({ input_type: 'document' }).conversation.warnings).toEqual([
      {
        type: 'unknown-field',
        field: 'input_type',
        message: 'input_type goes only to providers that know it',
      },
    ]);
  });

  it.each([
    ['no input', { input: undefined }, 'input: required: a text, or a list of texts'],
    ['an empty text', { input: '' }, expect.stringContaining('input')],
    ['an empty text among others', { input: ['one', ''] }, expect.stringContaining('input.1')],
    ['an empty list', { input: [] }, expect.stringContaining('input')],
    ['too many texts', { input: Array(2049).fill('a') }, expect.stringContaining('input')],
    ['a mixed list', { input: ['one', 2] }, expect.stringContaining('input')],
    ['a broken token', { input: [1.5] }, expect.stringContaining('input')],
    ['no dimensions', { dimensions: 0 }, expect.stringContaining('dimensions')],
    ['an unknown form', { encoding_format: 'int8' }, expect.stringContaining('encoding_format')],
  ])('refuses %s and names it', (_, fields, message) => {
    expect(() => read(fields)).toThrow(RouterError);
    expect(() => read(fields)).toThrow(expect.objectContaining({ message }));
  });
});

describe('toBody', () => {
  it("writes a list of vectors with the router's model and price", () => {
    expect(JSON.parse(write([[1, 2]], {}))).toEqual({
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [1, 2] }],
      model: 'openai/gpt-test',
      usage: {
        prompt_tokens: 10,
        total_tokens: 10,
        cost: 0.000_001_5,
        cost_details: { upstream_cost: null, is_estimated: false },
      },
    });
  });

  it('gives the official client the same numbers whatever form a provider gave', async () => {
    const floats = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 1,
      maxLength: 3000,
    });
    await fc.assert(
      fc.asyncProperty(floats, fc.boolean(), async (vector, isBase64) => {
        const given = isBase64 ? toBase64(vector) : vector;
        const asked = { input: 'one', model: 'auto' };

        const byDefault = await openAiReading(
          write([given], { encoding_format: 'base64' }),
        ).embeddings.create(asked);
        const asFloats = await openAiReading(write([given], {})).embeddings.create({
          ...asked,
          encoding_format: 'float',
        });

        expect(byDefault.data[0]?.embedding).toEqual(vector);
        expect(asFloats.data[0]?.embedding).toEqual(vector.map((value) => value + 0));
      }),
      { numRuns: 50 },
    );
  }, 30_000);
});

/** Little-endian floats, as Node's own buffer writes them. */
function toBase64(vector: readonly number[]): string {
  const buffer = Buffer.alloc(vector.length * 4);
  for (const [at, value] of vector.entries()) buffer.writeFloatLE(value, at * 4);
  return buffer.toString('base64');
}
