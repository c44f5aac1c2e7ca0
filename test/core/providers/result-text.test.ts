import { describe, expect, it } from 'vitest';
import type { ToolResultPart } from '../../../src/domain/conversation.ts';
import { adapterOf } from '../../../src/providers/index.ts';
import { failureWords } from '../../../src/providers/result-text.ts';
import { aCall, aConversation, aModel } from '../../support/builders.ts';

function aResult(text: string, isError: boolean): ToolResultPart {
  const content = [{ type: 'text' as const, text }];
  return { type: 'tool-result', toolCallId: 'c1', toolName: 'look', content, isError };
}

describe('failureWords', () => {
  it.each([
    ['nothing of a result', 'exit code 1', false, ''],
    ['a failed result by a word', 'exit code 1', true, 'Error: '],
    ['nothing where it says so itself', 'Error: exit code 1', true, ''],
    ['nothing where it names its error', 'TypeError: no', true, ''],
  ])('says %s', (_, text, isError, words) => {
    expect(failureWords(aResult(text, isError))).toBe(words);
  });
});

describe('toRequest', () => {
  it.each(['openai', 'openai-responses'] as const)('marks a failed result for %s', (wire) => {
    const conversation = aConversation({
      messages: [
        {
          role: 'assistant',
          content: [{ type: 'tool-call', id: 'c1', name: 'look', arguments: '{}' }],
        },
        { role: 'tool', content: [aResult('exit code 1', true)] },
      ],
    });
    const model = aModel('openai/gpt-test', { wire });

    const { body } = adapterOf(wire).toRequest(aCall({ conversation, model }));

    expect(body).toContain('"Error: exit code 1"');
  });
});
