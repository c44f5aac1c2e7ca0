import { describe, expect, it } from 'vitest';
import type { RoutableModel } from '../../../src/domain/model.ts';
import { MultiModelRouter } from '../../../src/router.ts';
import { aModel } from '../../support/builders.ts';
import { fakePorts } from '../../support/fakes.ts';
import { readMessages } from '../../support/messages-bodies.ts';

/** What is decided for a Messages body between these models. */
function decide(models: readonly RoutableModel[], fields: Readonly<Record<string, unknown>>) {
  const { conversation } = readMessages(fields);
  return new MultiModelRouter(fakePorts(models)).evaluate({ conversation });
}

describe('decide', () => {
  it('chooses only a model that can go on where an answer is begun', () => {
    const unable = aModel('anthropic/claude-test');
    const able = aModel('anthropic/claude-old', { supportsPrefill: true });
    const messages = [
      { role: 'user', content: 'A city as JSON' },
      { role: 'assistant', content: '{"city":' },
    ];

    const decision = decide([unable, able], { messages });

    expect(decision.selectedModel).toBe(able.id);
    expect(decision.rejections).toMatchObject([{ model: unable.id, reason: 'no-prefill' }]);
  });

  it("chooses only a model of the dialect where one of Anthropic's own tools is offered", () => {
    const cheap = aModel('openai/gpt-test');
    const own = aModel('anthropic/claude-test', { costPer1kInputTokens: 1 });
    const tools = [{ type: 'web_search_20250305', name: 'web_search' }];

    const decision = decide([cheap, own], { tools });

    expect(decision.selectedModel).toBe(own.id);
    expect(decision.rejections).toEqual([
      {
        model: cheap.id,
        reason: 'other-dialect',
        message: 'what is asked can be said in anthropic-messages only',
      },
    ]);
  });
});
