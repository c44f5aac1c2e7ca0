import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../../../src/domain/conversation.ts';
import { readJsonText } from '../../../../src/domain/json-text.ts';
import type { ModelCall } from '../../../../src/domain/ports.ts';
import { toWireRequest } from '../../../../src/providers/openai-responses/request.ts';
import { aCall, aConversation, aModel } from '../../../support/builders.ts';

const MODEL = aModel('openai/o-test', { wire: 'openai-responses' });
const PLAIN = aModel('openai/gpt-test', { wire: 'openai-responses', supportsReasoning: false });
const DEEPSEEK = aModel('deepseek/test', { wire: 'openai-responses' });

function send(conversation: Partial<Conversation>, call: Partial<ModelCall> = {}) {
  const request = toWireRequest(
    aCall({ model: PLAIN, conversation: aConversation(conversation), ...call }),
  );
  return {
    ...request,
    body: JSON.parse(request.body),
    warnings: request.warnings.map(({ field, message }) => `${field}: ${message}`),
  };
}

const TOOL = { name: 'look_up', description: 'Looks up', parameters: { type: 'object' } } as const;

describe('toWireRequest', () => {
  it('asks the vendor to keep nothing', () => {
    const { url, headers, body } = send({});

    expect(url).toBe('https://api.openai.com/v1/responses');
    expect(headers).toMatchObject({ authorization: 'Bearer test-key' });
    expect(body).toEqual({
      model: 'gpt-test',
      store: false,
      input: [{ role: 'user', content: 'Hello' }],
    });
  });

  it('asks for reasoning in a form that can come back, of a model that reasons', () => {
    expect(send({}, { model: MODEL }).body).toMatchObject({
      include: ['reasoning.encrypted_content'],
    });
    expect(
      send({ reasoning: { effort: 'high', visible: true } }, { model: MODEL }).body,
    ).toMatchObject({ reasoning: { effort: 'high', summary: 'auto' } });
    expect(send({ reasoning: { effort: 'high' } }).body).not.toHaveProperty('reasoning');
  });

  it('says a budget of tokens as an effort, and that it did', () => {
    const { body, warnings } = send({ reasoning: { budgetTokens: 5000 } }, { model: MODEL });

    expect(body.reasoning).toEqual({ effort: 'medium' });
    expect(warnings).toEqual(['reasoning: a budget of 5000 tokens was sent as effort "medium"']);
  });

  it.each([
    ['auto', { type: 'auto' }, 'auto'],
    ['none', { type: 'none' }, 'none'],
    ['required', { type: 'required' }, 'required'],
    ['a tool', { type: 'tool', name: 'look_up' }, { type: 'function', name: 'look_up' }],
  ] as const)('says the choice of %s', (_, toolChoice, expected) => {
    const { body } = send({ tools: [TOOL], toolChoice, parallelToolCalls: false });

    expect(body).toMatchObject({ tool_choice: expected, parallel_tool_calls: false });
  });

  it('keeps an ordinary tool ordinary: this API would take it as strict', () => {
    const { body } = send({ tools: [TOOL, { ...TOOL, name: 'strict_one', strict: true }] });

    expect(body.tools).toEqual([
      { type: 'function', ...TOOL, strict: false },
      { type: 'function', ...TOOL, name: 'strict_one', strict: true },
    ]);
  });

  it('says the format of the answer and its verbosity in one place', () => {
    const schema = { type: 'object' } as const;
    const responseFormat = { type: 'json-schema', name: 'person', schema, strict: true } as const;

    expect(send({ responseFormat, sampling: { verbosity: 'low' } }).body.text).toEqual({
      format: { type: 'json_schema', name: 'person', schema, strict: true },
      verbosity: 'low',
    });
    expect(send({ responseFormat: { type: 'json-object' } }).body.text).toEqual({
      format: { type: 'json_object' },
    });
  });

  it('takes no smaller limit than the API does, and says so', () => {
    const { body, warnings } = send({}, { maxOutputTokens: 5 });

    expect(body.max_output_tokens).toBe(16);
    expect(warnings).toEqual(['max_output_tokens: 5 was sent as 16, the least']);
  });

  it('sends sampling settings, without those that the model does not honor', () => {
    const sampling = { temperature: 0.3, topP: 0.9 };

    expect(send({ sampling }).body).toMatchObject({ temperature: 0.3, top_p: 0.9 });
    expect(send({ sampling }, { unhonored: new Set(['temperature']) }).body).not.toHaveProperty(
      'temperature',
    );
  });

  it.each([
    ['azure', 'https://test.openai.azure.com/openai/v1/responses', 'api-key'],
    ['deepseek', 'https://api.deepseek.com/responses', 'authorization'],
    ['xai', 'https://api.x.ai/v1/responses', 'authorization'],
    ['openrouter', 'https://openrouter.ai/api/v1/responses', 'authorization'],
    ['bedrock-mantle', 'https://bedrock-mantle.test.api.aws/openai/v1/responses', 'authorization'],
  ])('goes to the address of %s', (provider, address, header) => {
    const model = aModel(`${provider}/test`, { wire: 'openai-responses' });

    const { url, headers } = send({}, { model });

    expect(url).toBe(address);
    expect(headers).toHaveProperty(header);
  });

  it('leaves out what a vendor refuses', () => {
    const model = aModel('deepseek/test', { wire: 'openai-responses' });

    expect(send({}, { model }).body).not.toHaveProperty('include');
  });

  it("forwards a caller's own body, without what the provider would keep", () => {
    const text =
      '{ "model":"auto", "store": true, "input": "Hi",  "previous_response_id": "r", "temperature": 1.0, "x": 1 }';
    const body = readJsonText(text);
    if ('message' in body) throw new Error(body.message);
    const fields = new Set(['model', 'store', 'input', 'previous_response_id', 'temperature']);
    const native = { dialect: 'openai-responses', body, fields, untranslatable: [] } as const;
    const call = aCall({ model: PLAIN, conversation: aConversation({ native, stream: true }) });

    expect(toWireRequest(call).body).toBe(
      '{"input": "Hi","temperature": 1.0,"model":"gpt-test","store":false,"stream":true}',
    );
  });

  const ENCRYPTED = 'reasoning.encrypted_content';
  const WISH = { include: ['file_search_call.results', ENCRYPTED] };
  const OTHER = { include: ['file_search_call.results'] };
  const REASONING = { reasoning: { summary: 'auto' } };

  it.each([
    ['asks for what must come back after a tool call', MODEL, [TOOL], {}, { include: [ENCRYPTED] }],
    ['adds that to what the caller asked for', MODEL, [TOOL], OTHER, WISH],
    ["leaves the caller's wish as it is", MODEL, [TOOL], WISH, WISH],
    ['asks for nothing without tools', MODEL, [], {}, {}],
    ['spares a model that does not reason the wish', PLAIN, [TOOL], WISH, OTHER],
    ['spares it the settings, too', PLAIN, [], REASONING, {}],
    ["keeps a reasoning model's settings", MODEL, [], REASONING, REASONING],
    ['spares a vendor that refuses the field', DEEPSEEK, [TOOL], {}, {}],
  ])('%s', (_, model, tools, fields, expected) => {
    const body = readJsonText(JSON.stringify({ input: 'Hi', ...fields }));
    if ('message' in body) throw new Error(body.message);
    const known = new Set(['input', 'include', 'reasoning']);
    const native = {
      dialect: 'openai-responses',
      body,
      fields: known,
      untranslatable: [],
    } as const;

    const {
      input: _input,
      model: _model,
      store: _store,
      ...sent
    } = send({ native, tools }, { model }).body;

    expect(sent).toEqual(expected);
  });
});
