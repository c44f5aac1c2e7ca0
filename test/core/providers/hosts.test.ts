import { describe, expect, it } from 'vitest';
import type { Wire } from '../../../src/domain/model.ts';
import type { WireRequest } from '../../../src/domain/ports.ts';
import { adapterOf } from '../../../src/providers/index.ts';
import { aCall, aConversation, aModel } from '../../support/builders.ts';

type Host = { readonly provider: string; readonly wire: Wire; readonly model: string };

function requestOf({ provider, wire, model }: Host, stream: boolean, apiKey = 'key'): WireRequest {
  const entry = { provider, wire, upstreamModel: model };
  const call = aCall({
    model: aModel(`${provider}/test`, entry),
    conversation: aConversation({ stream }),
    apiKey,
  });
  return adapterOf(wire).toRequest(call);
}

function bodyOf({ body }: WireRequest): Record<string, unknown> {
  return JSON.parse(body);
}

// Every variable of an address is `test` here.
describe("Anthropic's dialect on other hosts", () => {
  const VERTEX: Host = { provider: 'vertex', wire: 'anthropic', model: 'claude-opus-4-1@20250805' };
  const BEDROCK: Host = {
    provider: 'bedrock',
    wire: 'anthropic',
    model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  };
  const AZURE: Host = { provider: 'azure', wire: 'anthropic', model: 'claude-haiku-4-5' };

  it('names the model in the path on Vertex, with a bearer token', () => {
    const request = requestOf(VERTEX, false);

    expect(request.url).toBe(
      'https://aiplatform.googleapis.com/v1/projects/test/locations/global/publishers/anthropic/models/claude-opus-4-1@20250805:rawPredict',
    );
    expect(request.headers).toMatchObject({ authorization: 'Bearer key' });
    expect(request.headers).not.toHaveProperty('x-api-key');
    expect(bodyOf(request)).toMatchObject({ anthropic_version: 'vertex-2023-10-16' });
    expect(bodyOf(request)).not.toHaveProperty('model');
  });

  it('streams on Vertex by another path and by the body, as recorded', () => {
    const request = requestOf(VERTEX, true);

    expect(request.url).toContain('/models/claude-opus-4-1@20250805:streamRawPredict');
    expect(bodyOf(request)).toMatchObject({ stream: true });
  });

  it('keeps to a region on Vertex where the registry wants it', () => {
    expect(requestOf({ ...VERTEX, provider: 'vertex-region' }, false).url).toContain(
      'https://test-aiplatform.googleapis.com/v1/projects/test/locations/test/publishers/anthropic/',
    );
  });

  it('goes to the invoke of Bedrock, which takes neither model nor stream in the body', () => {
    const whole = requestOf(BEDROCK, false);
    const streamed = requestOf(BEDROCK, true);
    const model = 'us.anthropic.claude-sonnet-4-5-20250929-v1%3A0';

    expect(whole.url).toBe(`https://bedrock-runtime.test.amazonaws.com/model/${model}/invoke`);
    expect(streamed.url).toBe(`${whole.url}-with-response-stream`);
    expect(streamed.headers['accept']).toBe('application/vnd.amazon.eventstream');
    for (const request of [whole, streamed]) {
      expect(Object.keys(bodyOf(request)).sort()).toEqual([
        'anthropic_version',
        'max_tokens',
        'messages',
      ]);
      expect(bodyOf(request)['anthropic_version']).toBe('bedrock-2023-05-31');
    }
  });

  it('is signed on Bedrock when the key is made of credentials', () => {
    const { headers, signature } = requestOf(BEDROCK, false, 'AKIAEXAMPLE:secret');

    expect(signature).toMatchObject({ service: 'bedrock', accessKeyId: 'AKIAEXAMPLE' });
    expect(headers).not.toHaveProperty('authorization');
    expect(requestOf(BEDROCK, false)).not.toHaveProperty('signature');
  });

  it("goes to Azure's Foundry with its key as Anthropic takes it", () => {
    const request = requestOf(AZURE, true);

    expect(request.url).toBe('https://test.services.ai.azure.com/anthropic/v1/messages');
    expect(request.headers).toMatchObject({ 'x-api-key': 'key' });
    expect(bodyOf(request)).toMatchObject({ model: 'claude-haiku-4-5', stream: true });
  });

  it('does not pass a binary stream through to a caller of the dialect', () => {
    const nativeStream = (host: Host) =>
      adapterOf('anthropic').nativeStream(aModel(`${host.provider}/test`, { wire: 'anthropic' }));

    expect(nativeStream(BEDROCK)).toBe('departs');
    expect(nativeStream(VERTEX)).toBe('untouched');
    expect(nativeStream(AZURE)).toBe('untouched');
  });
});

describe('Gemini on Vertex', () => {
  const host = (provider: string): Host => ({
    provider,
    wire: 'gemini',
    model: 'gemini-2.5-flash',
  });

  it('takes a bearer token and has the project in its path', () => {
    const request = requestOf(host('vertex'), true);

    expect(request.url).toBe(
      'https://aiplatform.googleapis.com/v1/projects/test/locations/global/publishers/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    );
    expect(request.headers).toMatchObject({ authorization: 'Bearer key' });
    expect(requestOf(host('vertex'), false).url).toContain('/gemini-2.5-flash:generateContent');
  });

  it('takes an API key without a project, as recorded', () => {
    const request = requestOf(host('vertex-express'), false);

    expect(request.url).toBe(
      'https://aiplatform.googleapis.com/v1/publishers/google/models/gemini-2.5-flash:generateContent',
    );
    expect(request.headers).toMatchObject({ 'x-goog-api-key': 'key' });
  });
});

describe('the OpenAI dialect on Bedrock', () => {
  it('goes to the mantle host with a bearer key or a signature', () => {
    const host: Host = { provider: 'bedrock-mantle', wire: 'openai', model: 'openai.gpt-oss-120b' };
    const signed = requestOf(host, false, 'AKIAEXAMPLE:secret');

    expect(signed.url).toBe('https://bedrock-mantle.test.api.aws/v1/chat/completions');
    expect(signed.signature).toMatchObject({ service: 'bedrock-mantle' });
    expect(requestOf(host, false).headers).toMatchObject({ authorization: 'Bearer key' });
  });
});

describe('vLLM', () => {
  it('is data: a registry names only where it runs', () => {
    const model = aModel('vllm/qwen', { upstreamModel: 'Qwen/Qwen3-8B' });

    expect(adapterOf('openai').toRequest(aCall({ model, apiKey: undefined })).url).toBe(
      'http://localhost:8000/v1/chat/completions',
    );
    expect(model.capability.parameters.has('top-k')).toBe(true);
  });
});
