import { describe, expect, it } from 'vitest';
import { toWireRequest } from '../../../../src/providers/openai/request.ts';
import { aCall, aConversation, aModel } from '../../../support/builders.ts';

describe('toWireRequest', () => {
  it('tells a model that does not reason nothing of reasoning', () => {
    const conversation = aConversation({ reasoning: { effort: 'none' } });
    const bodyFor = (supportsReasoning: boolean) => {
      const model = aModel('openai/gpt-test', { supportsReasoning });
      return JSON.parse(toWireRequest(aCall({ model, conversation })).body);
    };

    expect(bodyFor(true)).toMatchObject({ reasoning_effort: 'none' });
    expect(bodyFor(false)).not.toHaveProperty('reasoning_effort');
  });
});
