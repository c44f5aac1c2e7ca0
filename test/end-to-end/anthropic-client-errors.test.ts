import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEVELOPMENT_KEY } from '../simulator/development.ts';
import { anEntry, aRegistry } from './registries.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  const { models, ...rest } = aRegistry();
  // Its key rests after a test: no other test needs it.
  const limited = { 'openai/limited': anEntry('openai', 0.1) };
  const registry = { ...rest, models: { ...models, ...limited } };
  stage = await openStage({ registry, simulator: { gapMs: 10 } });
});
afterAll(() => stage.close());
beforeEach(() => stage.simulator.reset());

const HELLO = {
  model: 'openai/first',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Hello' }],
};

/** The official client as its users have it, with its usual retries; what it sends is counted. */
function countingClient(fields: ConstructorParameters<typeof Anthropic>[0] = {}) {
  let sent = 0;
  const client = new Anthropic({
    baseURL: stage.url,
    apiKey: DEVELOPMENT_KEY,
    fetch: (url, init) => {
      sent += 1;
      return fetch(url, init);
    },
    ...fields,
  });
  return { client, sent: () => sent };
}

describe('an error to the Anthropic client', () => {
  const { AuthenticationError, BadRequestError, NotFoundError, UnprocessableEntityError } =
    Anthropic;

  it.each([
    ['a wrong key', AuthenticationError, 'authentication_error', { apiKey: 'wrong' }, {}],
    ['no limit', BadRequestError, 'invalid_request_error', {}, { max_tokens: undefined }],
    [
      'an unknown routing field',
      BadRequestError,
      'invalid_request_error',
      {},
      { routing: { taks: 'x' } },
    ],
    ['an unknown model', NotFoundError, 'not_found_error', {}, { model: 'openai/frist' }],
    [
      'a request that no model can hold',
      UnprocessableEntityError,
      'invalid_request_error',
      {},
      { model: 'auto', routing: { compliance: ['pii_safe'] } },
    ],
  ])('refuses %s once, before any call', async (_, errorClass, type, settings, fields) => {
    const { client, sent } = countingClient(settings);

    const call = client.messages.create({ ...HELLO, ...fields } as typeof HELLO);

    const error = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ type, requestID: expect.any(String) });
    expect(sent()).toBe(1);
    expect(stage.simulator.calls()).toEqual([]);
  });

  it('F25 gives the provider’s refusal of a parameter once, and asks nobody else', async () => {
    stage.simulator.setPlan([{ fault: 'F25' }]);
    const { client, sent } = countingClient();

    const call = client.messages.create({ ...HELLO, model: 'auto' });

    const error = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ errorCode: 'upstream_rejected_request' });
    expect(sent()).toBe(1);
    expect(stage.simulator.calls()).toHaveLength(1);
  });

  it('F01 is a RateLimitError that says when to come back', async () => {
    stage.simulator.setPlan([{ fault: 'F01' }]);
    const { client } = countingClient({ maxRetries: 0 });

    const call = client.messages.create({ ...HELLO, model: 'openai/limited' });

    const error = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Anthropic.RateLimitError);
    expect(error).toMatchObject({ type: 'rate_limit_error', errorCode: 'rate_limited' });
    const { headers } = error as InstanceType<typeof Anthropic.RateLimitError>;
    expect(headers?.get('retry-after')).toBe('20');
  });

  it('F30 is an InternalServerError that the client does not repeat', async () => {
    stage.simulator.setPlan([{ fault: 'F30' }]);
    const { client, sent } = countingClient();

    const call = client.messages.create({ ...HELLO, model: 'auto' });

    const error = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Anthropic.InternalServerError);
    expect(error).toMatchObject({ type: 'api_error', errorCode: 'upstream_error' });
    expect(sent()).toBe(1);
  });

  it.each(['openai/first', 'anthropic/second', 'google/third'])(
    'F52 of a stream of %s is thrown behind what has come',
    async (model) => {
      stage.simulator.setPlan([{ fault: 'F52', settings: { share: 0.6 } }]);
      const { client } = countingClient();
      const words = `[[say: ${'word '.repeat(60)}]]`;

      const stream = client.messages.stream({
        ...HELLO,
        model,
        max_tokens: 500,
        messages: [{ role: 'user', content: words }],
        ...{ routing: { onStreamBreak: 'error' } },
      });
      let text = '';
      stream.on('text', (piece) => {
        text += piece;
      });
      const error = await stream.finalMessage().catch((reason: unknown) => reason);

      expect(error).toBeInstanceOf(Anthropic.APIError);
      expect(error).toMatchObject({ type: 'api_error', errorCode: 'upstream_stream_error' });
      expect(text.length).toBeGreaterThan(10);
    },
  );

  it.each(['openai/first', 'anthropic/second', 'google/third'])(
    'F52 of a stream of %s is made whole by the next answer that begins the same',
    async (model) => {
      stage.simulator.setPlan([{ fault: 'F52', settings: { share: 0.6 }, times: 1 }]);
      const { client } = countingClient();
      const text = 'word '.repeat(60).trim();

      const message = await client.messages
        .stream({
          ...HELLO,
          model,
          max_tokens: 500,
          messages: [{ role: 'user', content: `[[say: ${text}]]` }],
        })
        .finalMessage();

      expect(message.content).toMatchObject([{ type: 'text', text }]);
      expect(message.stop_reason).toBe('end_turn');
      expect(stage.simulator.calls()).toHaveLength(2);
    },
  );
});
