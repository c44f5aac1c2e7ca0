import { describe, expect, it } from 'vitest';
import type { Message } from '../../../../src/domain/conversation.ts';
import {
  type Body,
  CLAUDE,
  GPT_OSS,
  NOVA,
  NOVA_2,
  OLDER_CLAUDE,
  OTHER,
  send,
} from '../../../support/bedrock-request.ts';
import { aModel } from '../../../support/builders.ts';

// What no recording shows is by AWS's API reference and by Anthropic's and Amazon's documentation.
describe('modelFields', () => {
  it.each([
    [OLDER_CLAUDE, { effort: 'low' }, { thinking: { type: 'enabled', budget_tokens: 2048 } }],
    [
      CLAUDE,
      { effort: 'high' },
      { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
    ],
    [
      NOVA_2,
      { effort: 'medium' },
      { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'medium' } },
    ],
    [NOVA_2, { effort: 'none' }, undefined],
    [
      NOVA_2,
      { budgetTokens: 1000 },
      { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' } },
    ],
    [GPT_OSS, { effort: 'max' }, { reasoning_effort: 'high' }],
    [GPT_OSS, { effort: 'none' }, { reasoning_effort: 'low' }],
    [GPT_OSS, {}, undefined],
    [NOVA, { effort: 'high' }, undefined],
    [OTHER, { effort: 'high' }, undefined],
  ] as const)('asks %s for %j in its own words', (model, reasoning, fields) => {
    const { body } = send(model, { reasoning }, { outputRoomTokens: 64_000 });

    expect(body.additionalModelRequestFields).toEqual(fields);
  });

  it('asks nothing of a model that does not reason', () => {
    const model = aModel('bedrock/test', { upstreamModel: GPT_OSS, supportsReasoning: false });

    expect(send(GPT_OSS, { reasoning: { effort: 'high' } }, { model }).body).not.toHaveProperty(
      'additionalModelRequestFields',
    );
  });

  it('leaves out sampling settings where the model reasons first', () => {
    const conversation = {
      reasoning: { effort: 'high' },
      sampling: { temperature: 0, topK: 5 },
    } as const;
    const expected = [
      'top_k: left out: the model reasons first',
      'temperature: left out: the model reasons first',
    ];

    for (const model of [CLAUDE, NOVA_2]) {
      const { body, warnings } = send(model, conversation);

      expect(body).not.toHaveProperty('inferenceConfig');
      expect(warnings).toEqual(expected);
    }
  });

  it('keeps a token limit over the highest effort of Nova 2, which takes none', () => {
    const { body, warnings } = send(
      NOVA_2,
      { reasoning: { effort: 'high' } },
      { maxOutputTokens: 500 },
    );

    expect(body.inferenceConfig).toEqual({ maxTokens: 500 });
    expect(body.additionalModelRequestFields.reasoningConfig.maxReasoningEffort).toBe('medium');
    expect(warnings).toHaveLength(1);
  });

  const thought = (extras: Record<string, string>): Message[] => [
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'hm', extras: { anthropic: extras } },
        { type: 'text', text: 'Hello' },
      ],
    },
    { role: 'user', content: [{ type: 'text', text: 'More' }] },
  ];

  it('gives signed and redacted thinking back to Claude, wherever it was signed', () => {
    const contentOf = (extras: Record<string, string>): Body =>
      send(CLAUDE, { messages: thought(extras) }).body.messages[1].content[0];

    expect(contentOf({ signature: 's1g' })).toEqual({
      reasoningContent: { reasoningText: { text: 'hm', signature: 's1g' } },
    });
    expect(contentOf({ redacted: 'EmwKAh' })).toEqual({
      reasoningContent: { redactedContent: btoa('EmwKAh') },
    });
  });

  it.each([
    ['unsigned thinking to Claude', CLAUDE, {}],
    ["Claude's thinking to another model", NOVA_2, { signature: 's1g' }],
    ['redacted thinking that is no bytes', CLAUDE, { redacted: '…' }],
  ])('does not give back %s, and says so', (_, model, extras) => {
    const { body, warnings } = send(model, { messages: thought(extras as Record<string, string>) });

    expect(body.messages[1].content).toEqual([{ text: 'Hello' }]);
    expect(warnings).toEqual([
      'messages: reasoning of earlier turns was left out: it is not signed by this model',
    ]);
  });
});
