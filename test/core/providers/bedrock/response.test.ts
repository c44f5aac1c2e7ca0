import { describe, expect, it } from 'vitest';
import { bedrock } from '../../../../src/providers/bedrock/index.ts';
import { aCall, aModel } from '../../../support/builders.ts';

const CALL = aCall({ model: aModel('bedrock/test') });

/** An answer of Converse with some content; usage and finish as a test wants them. */
function read(content: readonly unknown[], fields: Record<string, unknown> = {}) {
  const body = {
    metrics: { latencyMs: 1 },
    output: { message: { role: 'assistant', content } },
    stopReason: 'end_turn',
    usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
    ...fields,
  };
  return bedrock.fromResponse(JSON.stringify(body), CALL);
}

// What no recording shows is by AWS's API reference.
describe('fromWireResponse', () => {
  it('keeps the order of text, reasoning and parallel calls', () => {
    const answer = read([
      { reasoningContent: { reasoningText: { text: 'hm', signature: 's1g' } } },
      { text: 'Both:' },
      { toolUse: { toolUseId: 'a', name: 'one', input: { x: 1 } } },
      { toolUse: { toolUseId: 'b', name: 'two' } },
    ]);

    expect(answer).toEqual({
      upstreamId: undefined,
      upstreamModel: undefined,
      content: [
        { type: 'reasoning', text: 'hm', extras: { anthropic: { signature: 's1g' } } },
        { type: 'text', text: 'Both:' },
        { type: 'tool-call', id: 'a', name: 'one', arguments: '{"x":1}' },
        { type: 'tool-call', id: 'b', name: 'two', arguments: '{}' },
      ],
      finishReason: { unified: 'tool-calls', raw: 'end_turn' },
      usage: { uncachedInputTokens: 3, outputTokens: 2 },
    });
  });

  it('makes an id for a call without one', () => {
    expect(read([{ text: 'x' }, { toolUse: { name: 'one' } }])).toMatchObject({
      content: [{ type: 'text' }, { type: 'tool-call', id: 'call_1' }],
    });
  });

  it('shows nothing of the tools that Bedrock itself runs', () => {
    const answer = read([
      { toolUse: { toolUseId: 'a', name: 'nova_grounding', type: 'server_tool_use', input: {} } },
      { toolResult: { toolUseId: 'a', content: [{ text: '[HIDDEN]' }] } },
      { text: 'Found.' },
    ]);

    expect(answer).toMatchObject({
      content: [{ type: 'text', text: 'Found.' }],
      finishReason: { unified: 'stop' },
    });
  });

  it('reads text that has its sources beside it', () => {
    const citations = [
      { title: 'facts', location: { documentChar: { documentIndex: 0 } } },
      { location: { web: { url: 'https://a.test', domain: 'a.test' } } },
    ];

    expect(read([{ citationsContent: { content: [{ text: 'Ruby' }], citations } }])).toMatchObject({
      content: [
        { type: 'text', text: 'Ruby' },
        { type: 'citation', url: undefined, title: 'facts' },
        { type: 'citation', url: 'https://a.test', title: 'a.test' },
      ],
    });
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool-calls'],
    ['guardrail_intervened', 'content-filter'],
    ['content_filtered', 'content-filter'],
    ['malformed_tool_use', 'error'],
    ['malformed_model_output', 'error'],
    ['something_new', 'unknown'],
  ])('says %s as %s', (stopReason, unified) => {
    expect(read([{ text: 'x' }], { stopReason })).toMatchObject({
      finishReason: { unified, raw: stopReason },
    });
  });

  it('counts cache writes by how long they are kept', () => {
    const usage = {
      inputTokens: 1,
      outputTokens: 2,
      cacheReadInputTokens: 10,
      cacheWriteInputTokens: 30,
      cacheDetails: [
        { inputTokens: 20, ttl: '1h' },
        { inputTokens: 10, ttl: '5m' },
      ],
    };

    expect(read([{ text: 'x' }], { usage })).toMatchObject({
      usage: {
        uncachedInputTokens: 1,
        cacheReadTokens: 10,
        cacheWriteTokens: 10,
        cacheWrite1hTokens: 20,
        outputTokens: 2,
      },
    });
  });

  it('passes over counts that are nonsense (F65)', () => {
    const usage = { inputTokens: -1, outputTokens: 1e12, cacheReadInputTokens: 'many' };

    expect(read([{ text: 'x' }], { usage })).toMatchObject({ usage: {} });
  });

  it.each([
    ['nothing (F34)', ''],
    ['null (F34)', 'null'],
    ['an empty object (F34)', '{}'],
    ['cut JSON (F35)', '{"output":{"message":{"content":[{"te'],
    ['a page (F33)', '<html></html>'],
    ['no content', '{"output":{"message":{}}}'],
    [
      "AWS's word for a wrong address",
      '{"Output":{"__type":"UnknownOperationException"},"Version":"1.0"}',
    ],
  ])('takes %s as malformed', (_, body) => {
    expect(bedrock.fromResponse(body, CALL)).toMatchObject({ kind: 'malformed' });
  });
});
