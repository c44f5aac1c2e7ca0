import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../../src/domain/conversation.ts';
import type { AttemptFailure } from '../../../src/domain/failure.ts';
import type { RoutableModel } from '../../../src/domain/model.ts';
import { signatureHeaders } from '../../../src/platform/aws-signature.ts';
import { adapterOf } from '../../../src/providers/index.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';
import { type AnswerFacts, factsOfParts, factsOfResponse } from '../../support/answer-facts.ts';
import { aCall, aConversation, aModel } from '../../support/builders.ts';
import { partsOfPieces } from '../../support/recorded-call.ts';

const SETTINGS = { firstMs: 0, gapMs: 0, keepsBodies: true };

const HOSTS = {
  'Converse on Bedrock': aModel('bedrock/claude-sim'),
  "Anthropic's on Bedrock's invoke": aModel('bedrock/claude-sim', { wire: 'anthropic' }),
  "Anthropic's on Vertex": aModel('vertex/claude-sim', { wire: 'anthropic' }),
  "Anthropic's on Azure": aModel('azure/claude-sim', { wire: 'anthropic' }),
  'Gemini on Vertex': aModel('vertex/gemini-sim'),
  'Responses at OpenAI': aModel('openai/gpt-sim', { wire: 'openai-responses' }),
  'Responses at OpenRouter': aModel('openrouter/gpt-sim', { wire: 'openai-responses' }),
  "OpenAI's on Bedrock's mantle": aModel('bedrock-mantle/gpt-sim'),
};

type Asking = {
  readonly simulator: Simulator;
  readonly model: RoutableModel;
  readonly apiKey?: string;
};

/** Asks a simulated provider as the router would, and reads what it says. */
async function ask(
  { simulator, model, apiKey = 'good-key' }: Asking,
  conversation: Partial<Conversation>,
): Promise<AnswerFacts | AttemptFailure> {
  const adapter = adapterOf(model.wire);
  const call = aCall({ model, conversation: aConversation(conversation), apiKey });
  const request = adapter.toRequest(call);
  const { signature } = request;
  const signed = signature && (await signatureHeaders(request, { signature }));
  const reply = await simulator.fetch(
    new Request(request.url.replace('https://', 'http://simulator/'), {
      method: 'POST',
      headers: { ...request.headers, ...signed },
      body: request.body,
    }),
  );
  if (reply.status !== 200) {
    return adapter.toFailure({
      status: reply.status,
      headers: reply.headers,
      body: await reply.text(),
    });
  }
  if (conversation.stream !== true) {
    const answer = adapter.fromResponse(await reply.text(), call);
    return 'kind' in answer ? answer : factsOfResponse(answer);
  }
  const pieces = [new Uint8Array(await reply.arrayBuffer())];
  const parts = partsOfPieces(adapter.openStream(call), pieces);
  return parts.find((part) => part.type === 'error')?.failure ?? factsOfParts(parts);
}

function said(text: string): Conversation['messages'] {
  return [{ role: 'user', content: [{ type: 'text', text }] }];
}

const TOOLS = ['one', 'two'].map((name) => ({
  name,
  description: undefined,
  parameters: {
    type: 'object',
    properties: { city: { type: 'string', enum: ['Oslo'] } },
    required: ['city'],
  },
}));

describe.each(Object.entries(HOSTS))('the simulator, as %s', (_, model) => {
  const simulator = createSimulator(SETTINGS);
  /** The first call of a simulator each, so that ids which are made of the answer's id are the same. */
  const inBothForms = async (conversation: Partial<Conversation>) => {
    const first = () => ({ simulator: createSimulator(SETTINGS), model });
    const whole = await ask(first(), conversation);
    const streamed = await ask(first(), { ...conversation, stream: true });
    expect(streamed).toEqual(whole);
    return whole;
  };

  it('says the same text whole and streamed', async () => {
    const answer = await inBothForms({
      messages: said('[[say: Hello there, this is five words]]'),
    });

    expect(answer).toMatchObject({
      text: 'Hello there, this is five words',
      finish: { unified: 'stop' },
      usage: { output: 8 },
    });
  });

  it('calls tools in parallel', async () => {
    const answer = await inBothForms({ messages: said('Use one and two'), tools: TOOLS });

    expect(answer).toMatchObject({
      toolCalls: [
        { name: 'one', arguments: { city: 'Oslo' } },
        { name: 'two', arguments: { city: 'Oslo' } },
      ],
      finish: { unified: 'tool-calls' },
    });
  });

  it('counts what it had in its cache', async () => {
    const answer = await inBothForms({ messages: said(`[[cache]] ${'long '.repeat(50)}`) });

    expect(answer).toMatchObject({ usage: { cacheRead: expect.any(Number) } });
  });

  it('refuses a bad key and a model that is gone', async () => {
    const gone = { ...model, upstreamModel: 'missing-model' };

    expect(await ask({ simulator, model, apiKey: 'invalid' }, {})).toMatchObject({ kind: 'key' });
    expect(await ask({ simulator, model: gone }, {})).toMatchObject({ code: 'model_gone' });
  });

  it.each([
    ['F01', 'rate'],
    ['F12', 'overload'],
    ['F24', 'client-size'],
    ['F30', 'route'],
  ])('plays %s as a fault of class %s', async (fault, kind) => {
    const faulty = createSimulator(SETTINGS);
    faulty.setPlan([{ fault }]);

    expect(await ask({ simulator: faulty, model }, {})).toMatchObject({ kind });
  });

  it.each(['F47', 'F51'])('breaks its stream by %s', async (fault) => {
    const faulty = createSimulator(SETTINGS);
    faulty.setPlan([{ fault }]);

    expect(await ask({ simulator: faulty, model }, { stream: true })).toHaveProperty('kind');
  });

  it('leaves out usage, and makes it absurd (F63, F65)', async () => {
    for (const fault of ['F63', 'F65']) {
      const faulty = createSimulator(SETTINGS);
      faulty.setPlan([{ fault }]);
      const answer = await ask({ simulator: faulty, model }, { stream: true });

      expect(answer).toMatchObject({ finish: { unified: 'stop' }, usage: { output: undefined } });
    }
  });
});

describe('the simulator, as Converse on Bedrock', () => {
  const model = HOSTS['Converse on Bedrock'];

  it('takes a call that is signed', async () => {
    const simulator = createSimulator(SETTINGS);

    const answer = await ask({ simulator, model, apiKey: 'AKIAEXAMPLE:secret:token' }, {});

    expect(answer).toHaveProperty('finish.unified', 'stop');
    expect(simulator.calls()[0]).toMatchObject({ keyTail: 'MPLE', status: 200, wire: 'bedrock' });
  });

  it('refuses what the service refuses: tools used but not offered, empty text, turns that repeat', async () => {
    const simulator = createSimulator(SETTINGS);
    const post = async (body: unknown) => {
      const url = 'http://simulator/bedrock-runtime.test.amazonaws.com/model/m/converse';
      const headers = { authorization: 'Bearer key' };
      const reply = await simulator.fetch(
        new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }),
      );
      return reply.status;
    };
    const user = (block: unknown) => ({ role: 'user', content: [block] });
    const used = { toolUse: { toolUseId: 'a', name: 'one', input: {} } };

    expect(await post({ messages: [user({ text: 'Hi' })] })).toBe(200);
    expect(await post({ messages: [user({ text: '' })] })).toBe(400);
    expect(await post({ messages: [user({ text: 'Hi' }), user({ text: 'Hi' })] })).toBe(400);
    expect(
      await post({ messages: [user({ text: 'Hi' }), { role: 'assistant', content: [used] }] }),
    ).toBe(400);
  });
});
