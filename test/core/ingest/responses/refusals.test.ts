import { describe, expect, it } from 'vitest';
import { read, refusal } from '../../../support/responses.ts';

const SAYS_WHAT_TO_DO = /: (?:no|templates) .*(?:send|leave it out)/;

describe('readRequest of what no server remembers', () => {
  it.each([
    ['store', true],
    ['previous_response_id', 'resp_1'],
    ['conversation', 'conv_1'],
    ['conversation', { id: 'conv_1' }],
    ['background', true],
    ['prompt', { id: 'pmpt_1' }],
  ])('refuses %s %j and says what to do instead', (field, value) => {
    const { code, details, message } = refusal({ [field]: value });

    expect({ code, field: details.field }).toEqual({ code: 'invalid_request', field });
    expect(message).toMatch(SAYS_WHAT_TO_DO);
  });

  it.each([{ type: 'item_reference', id: 'msg_1' }, { type: null, id: 'msg_1' }, { id: 'msg_1' }])(
    'refuses the reference %j',
    (item) => {
      const input = [{ role: 'user', content: 'Hello' }, item];

      expect(refusal({ input }).message).toBe(
        'input.1: no item is stored that could be referred to: send the item itself',
      );
    },
  );

  it('takes store: false', () => {
    expect(read({ store: false }).warnings).toEqual([]);
  });
});

describe('readRequest of what only its own provider knows', () => {
  it.each([
    ['a hosted tool', { tools: [{ type: 'web_search' }] }],
    ['a custom tool', { tools: [{ type: 'custom', name: 'a' }] }],
    ['a choice of a hosted tool', { tool_choice: { type: 'file_search' } }],
    ['an upload', { input: [fromUser({ type: 'input_file', file_id: 'file-1' })] }],
    ['an uploaded image', { input: [fromUser({ type: 'input_image', file_id: 'file-1' })] }],
    ['an item that came later', { input: [{ type: 'additional_tools', role: 'developer' }] }],
    ['a result of a hosted tool', { input: [{ type: 'computer_call_output', call_id: 'a' }] }],
    ['logprobs', { top_logprobs: 3 }],
    ['logprobs by include', { include: ['message.output_text.logprobs'] }],
  ])('needs a provider of the dialect for %s', (_, fields) => {
    expect(read(fields).native?.isOnlyForm).toBe(true);
  });

  it.each([
    ['truncation', { truncation: 'auto' }],
    ['web_search_call', { input: [{ type: 'web_search_call', id: 'ws_1' }] }],
    ['reasoning.context', { reasoning: { context: 'all_turns' } }],
    ['service_tier', { service_tier: 'flex' }],
    ['prompt_cache_key', { prompt_cache_key: 'a' }],
    ['max_tool_calls', { max_tool_calls: 3 }],
    ['moderation', { moderation: { model: 'm' } }],
  ])('names %s as what a translation loses', (name, fields) => {
    expect(read(fields).native).toMatchObject({ untranslatable: [name], isOnlyForm: false });
  });

  it('says that fees of a hosted tool are not part of the cost', () => {
    expect(read({ tools: [{ type: 'web_search' }] }).warnings).toEqual([
      {
        type: 'changed',
        field: 'tools',
        message: 'web_search is run by the provider: its own fees are not part of usage.cost',
      },
    ]);
  });

  it('warns once of reasoning that came back without what its provider needs', () => {
    const lost = { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Think.' }] };
    const kept = { ...lost, encrypted_content: 'gAAAA' };

    expect(read({ input: [lost, lost, kept] }).warnings).toEqual([
      { type: 'changed', field: 'input', message: expect.stringContaining('encrypted_content') },
    ]);
    expect(read({ input: [kept] }).warnings).toEqual([]);
  });

  it('warns of a field that it does not know', () => {
    expect(read({ frequency_penalty: 1 }).warnings).toEqual([
      {
        type: 'unknown-field',
        field: 'frequency_penalty',
        message: 'frequency_penalty goes only to providers that know it',
      },
    ]);
  });
});

describe('readRequest of a body that is wrong', () => {
  it.each([
    ['no input', { input: undefined }, 'input: required: a text or a list of items'],
    ['no items', { input: [] }, 'input: at least one item is needed'],
    [
      'a nested function tool',
      { tools: [{ type: 'function', function: { name: 'f' } }] },
      'tools.0.name: required: tools are flat in this dialect, with their name beside their type',
    ],
    [
      'an image without a place',
      { input: [fromUser({ type: 'input_image' })] },
      'input.0.content.0: needs image_url',
    ],
    [
      'an image of an inner network (A20)',
      { input: [fromUser({ type: 'input_image', image_url: 'https://10.0.0.1/a.png' })] },
      'input.0.content.0.image_url: an address of an inner network is not taken',
    ],
    [
      'a tool server of an inner network (A20)',
      { tools: [{ type: 'mcp', server_label: 'a', server_url: 'https://metadata.internal/' }] },
      'tools.0.server_url: an address of an inner network is not taken',
    ],
    ['a low limit', { max_output_tokens: 0 }, expect.stringContaining('max_output_tokens')],
    ['a wrong temperature', { temperature: -1 }, expect.stringContaining('temperature')],
    [
      'labels with a reserved name (A05)',
      { metadata: JSON.parse('{"__proto__":"a"}') },
      'metadata: at most 16 texts of 512 characters, under names of 64',
    ],
    [
      'a call without its id',
      { input: [{ type: 'function_call', name: 'f', arguments: '{}' }] },
      expect.stringContaining('input.0.call_id'),
    ],
    [
      'a part of a model from a user',
      { input: [fromUser({ type: 'output_text', text: 'a' })] },
      expect.stringContaining('input.0.content.0'),
    ],
  ])('refuses %s and names it', (_, fields, message) => {
    const error = refusal(fields);

    expect(error.code).toBe('invalid_request');
    expect(error.message).toEqual(message);
  });
});

function fromUser(part: object): object {
  return { role: 'user', content: [part] };
}
