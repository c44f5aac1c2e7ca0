import { describe, expect, it } from 'vitest';
import { toWireRequest } from '../../../../src/providers/bedrock/request.ts';
import { type Body, CLAUDE, NOVA, NOVA_2, OTHER, send } from '../../../support/bedrock-request.ts';
import { aCall, aConversation, aModel } from '../../../support/builders.ts';

// What no recording shows is by AWS's API reference and by Anthropic's and Amazon's documentation.
describe('toWireRequest', () => {
  it('encodes the model into the path, and asks for an event stream when it streams', () => {
    const model = aModel('bedrock/test', { upstreamModel: NOVA_2 });
    const request = (stream: boolean) =>
      toWireRequest(aCall({ model, conversation: aConversation({ stream }) }));

    expect(request(false)).toMatchObject({
      url: 'https://bedrock-runtime.test.amazonaws.com/model/us.amazon.nova-2-lite-v1%3A0/converse',
      headers: { authorization: 'Bearer test-key', accept: 'application/json' },
    });
    expect(request(true)).toMatchObject({
      url: 'https://bedrock-runtime.test.amazonaws.com/model/us.amazon.nova-2-lite-v1%3A0/converse-stream',
      headers: { accept: 'application/vnd.amazon.eventstream' },
    });
  });

  it('leaves out every part that would be empty, which the API refuses', () => {
    expect(send(NOVA, {}).body).toEqual({
      messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
    });
  });

  it('is signed when the key is made of credentials', () => {
    const call = aCall({ model: aModel('bedrock/test'), apiKey: 'AKIAEXAMPLE:secret' });

    const { signature, headers } = toWireRequest(call);

    expect(signature).toMatchObject({ service: 'bedrock', secretAccessKey: 'secret' });
    expect(headers).not.toHaveProperty('authorization');
  });
});

describe('toWireRequest, on settings', () => {
  it('takes sampling settings and stops, without those that the model does not honor', () => {
    const conversation = { sampling: { temperature: 0.5, topP: 0.9 }, stop: ['END', '  '] };

    const { body, warnings } = send(NOVA, conversation, { maxOutputTokens: 99 });

    expect(body.inferenceConfig).toEqual({
      maxTokens: 99,
      temperature: 0.5,
      topP: 0.9,
      stopSequences: ['END'],
    });
    expect(warnings).toEqual(['stop: blank sequences were left out']);
    expect(send(NOVA, conversation, { unhonored: new Set(['stop', 'top-p']) }).body).toMatchObject({
      inferenceConfig: { temperature: 0.5 },
    });
  });

  it('sends one of temperature and topP to Claude, and at most 1', () => {
    const { body, warnings } = send(CLAUDE, { sampling: { temperature: 1.5, topP: 0.9 } });

    expect(body.inferenceConfig).toEqual({ temperature: 1 });
    expect(warnings).toEqual([
      'temperature: 1.5 was sent as 1, the highest',
      'top_p: left out: it cannot stand beside temperature',
    ]);
  });

  it.each([
    [CLAUDE, { top_k: 40 }, []],
    [NOVA, { inferenceConfig: { topK: 40 } }, []],
    [OTHER, undefined, ['top_k: left out: the model does not take it']],
  ])("says top_k in the words of %s's maker", (model, fields, warnings) => {
    const sent = send(model, { sampling: { topK: 40 } });

    expect(sent.body.additionalModelRequestFields).toEqual(fields);
    expect(sent.warnings).toEqual(warnings);
  });

  it('sends the schema of an answer as text, for Claude without what it refuses', () => {
    const schema = { type: 'object', properties: { age: { type: 'integer', minimum: 1 } } };
    const responseFormat = { type: 'json-schema', name: 'a person', schema, strict: true } as const;

    const claude = send(CLAUDE, { responseFormat });
    const nova = send(NOVA, { responseFormat });

    const sent = (body: Body) => body.outputConfig.textFormat.structure.jsonSchema;
    expect(sent(nova.body)).toEqual({ name: 'a_person', schema: JSON.stringify(schema) });
    expect(JSON.parse(sent(claude.body).schema)).toEqual({
      type: 'object',
      properties: { age: { type: 'integer' } },
      additionalProperties: false,
    });
    expect(claude.warnings).toHaveLength(1);
  });
});
