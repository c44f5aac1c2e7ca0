import { describe, expect, it } from 'vitest';
import { describeRecorded } from '../../../support/describe-recorded.ts';
import { chatErrorBody, classOf, failureOf } from '../../../support/error-replies.ts';
import { recordingOf } from '../../../support/recording-by-id.ts';

function recordedClass(id: string) {
  const { status, headers, body } = recordingOf(id).response;
  return failureOf({ status, headers, body });
}

describeRecorded('errors, as recorded', () => {
  it('24 Google: a wrong key is 400 with a reason', () => {
    const failure = recordedClass('google-gemini.gemini-generate.906a0092b5');

    expect(failure).toMatchObject({ kind: 'key', code: 'key_rejected', status: 400 });
  });

  it('25 Groq, Mistral: an unknown model is 400', () => {
    for (const id of ['groq.openai-chat.a986ef3af1', 'mistral.openai-chat.d49a043745']) {
      expect(recordedClass(id)).toMatchObject({ kind: 'route', code: 'model_gone', status: 400 });
    }
  });

  it('25 OpenRouter: 404 for a capability is no missing model, and says nothing of its health', () => {
    expect(recordedClass('openrouter.openai-chat.62da7065d9')).toMatchObject({
      kind: 'client',
      code: 'unsupported_by_model',
      triesNext: true,
    });
  });

  it('25 OpenRouter: 404 for privacy settings is a matter of its account', () => {
    expect(recordedClass('openrouter.openai-chat.8f9be94e0e')).toMatchObject({
      kind: 'key',
      code: 'not_permitted',
    });
  });

  it('OpenRouter: the error of the provider behind it is read, in JSON and in words', () => {
    expect(recordedClass('openrouter.openai-chat.2c87d3bddf').kind).toBe('policy');
    expect(recordedClass('openrouter.openai-chat.1c8052e8cb').code).toBe('unsupported_by_model');
  });

  it('Azure Foundry: 422 for what OpenAI accepts is a fault of the request', () => {
    expect(recordedClass('azure.openai-chat.e5e6ef3588')).toMatchObject({
      kind: 'client',
      status: 422,
    });
  });

  it('Groq: a call that its own server could not read is worth another try', () => {
    expect(recordedClass('groq.openai-chat.b116a122de')).toMatchObject({
      kind: 'malformed',
      code: 'tool_use_failed',
      retryable: true,
      accepted: 'no',
    });
  });

  it('Mistral: the whole error is a text', () => {
    expect(recordedClass('mistral.openai-chat.587728a013').kind).toBe('key');
  });

  it('OpenAI: what cannot be said to this model may be said to another', () => {
    expect(recordedClass('openai.openai-chat.c1ce1dab33')).toMatchObject({
      kind: 'client',
      field: 'max_tokens',
      triesNext: true,
    });
  });

  it('no message repeats what the provider said: it may name keys and accounts', () => {
    const { message } = recordedClass('openai.openai-chat.e9a6695420');

    expect(recordingOf('openai.openai-chat.e9a6695420').response.body).toContain('bad-key');
    expect(message).toBe('the provider key was rejected (401)');
  });
});

describe('errors, by documentation', () => {
  it('24 xAI: a wrong key is 400 with a bare text', () => {
    const body = { code: 'invalid-argument', error: 'Incorrect API key provided: xa***ey.' };

    expect(classOf({ status: 400, body })).toEqual({ kind: 'key', code: 'key_rejected' });
  });

  it.each(['ExpiredTokenException', 'UnrecognizedClientException', 'InvalidSignatureException'])(
    '24 AWS: %s is 403',
    (name) => {
      const headers = { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/` };

      expect(classOf({ status: 403, headers, body: { message: 'no' } }).kind).toBe('key');
    },
  );

  it('24 AWS: throttled is 503', () => {
    const body = { message: 'Model is getting throttled. Try your request again.' };

    expect(classOf({ status: 503, body }).kind).toBe('rate');
  });

  it('Azure: retry-after-ms of 0 beside retry-after of 1', () => {
    const headers = { 'retry-after-ms': '0', 'retry-after': '1' };
    const body = chatErrorBody('no', { code: 'RateLimitReached' });

    expect(classOf({ status: 429, headers, body })).toEqual({
      kind: 'rate',
      code: 'rate_limited',
      retryAfterMs: 1000,
    });
  });

  it('Mistral: a validation whose message is an object', () => {
    const message = { detail: [{ type: 'extra_forbidden', loc: ['body', 'user'] }] };

    expect(classOf({ status: 422, body: { object: 'error', message } }).kind).toBe('client');
  });

  it('Perplexity: its own word for too much input', () => {
    const error = { message: 'no', type: 'too_many_prompt_tokens', code: 400 };

    expect(classOf({ status: 400, body: { error } }).kind).toBe('client-size');
  });
});
