import { describe, expect, it } from 'vitest';
import { readJsonText } from '../../../../src/domain/json-text.ts';
import type { ModelCall } from '../../../../src/domain/ports.ts';
import { readMessagesRequest } from '../../../../src/ingest/messages/request.ts';
import { toWireRequest } from '../../../../src/providers/anthropic/request.ts';
import { aCall, aModel } from '../../../support/builders.ts';
import { readMessages } from '../../../support/messages-bodies.ts';

const MODEL = aModel('anthropic/claude-test');
const CALL = { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} };
const RESULT = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'seen' };
const THINKING = { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' };

function sentFor(fields: Readonly<Record<string, unknown>>, call: Partial<ModelCall> = {}) {
  const { conversation } = readMessages(fields);
  const { body, warnings, headers } = toWireRequest(aCall({ model: MODEL, conversation, ...call }));
  return { body: JSON.parse(body), warnings, headers };
}

describe('toWireRequest for a caller of the same dialect', () => {
  it('keeps every byte of what stays, marks for the prompt cache among it', () => {
    const system =
      '[ {"type":"text", "text":"Be br\\u00eff.",\n"cache_control":{"type":"ephemeral"}}]';
    const messages = '[{"content":"1.0 \\/ 2","role":"user"}]';
    const text = `{"model":"auto","system":${system},"max_tokens": 50,"messages":${messages},"routing":{},"x":1}`;
    const json = readJsonText(text);
    if ('message' in json) throw new Error(json.message);
    const { conversation } = readMessagesRequest(json, new Headers());

    const { body } = toWireRequest(aCall({ model: MODEL, conversation }));

    expect(body).toBe(
      `{"system":${system},"messages":${messages},"model":"claude-test","max_tokens":50}`,
    );
  });

  it('leaves out a setting that the model does not honor', () => {
    const { body } = sentFor({ top_k: 5, temperature: 1 }, { unhonored: new Set(['top-k']) });
    expect(body).toEqual(expect.not.objectContaining({ top_k: 5 }));
    expect(body).toMatchObject({ temperature: 1 });
  });

  it('asks for the previews that may be passed on', () => {
    const asked = { 'anthropic-beta': 'interleaved-thinking-2025-05-14,files-api-2025-04-14' };
    const { conversation } = readMessages({}, asked);

    const { headers } = toWireRequest(aCall({ model: MODEL, conversation }));

    expect(headers['anthropic-beta']).toBe('interleaved-thinking-2025-05-14');
    expect(sentFor({}).headers).not.toHaveProperty('anthropic-beta');
  });

  describe('where thinking has a budget and a tool has answered', () => {
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    const turn = (...content: readonly object[]) => ({
      thinking,
      context_management: { edits: [] },
      messages: [
        { role: 'user', content: 'Look' },
        { role: 'assistant', content },
        { role: 'user', content: [RESULT] },
      ],
    });

    it('leaves thinking out when another model called the tool, and says so', () => {
      const { body, warnings } = sentFor(turn(CALL));

      expect(body).not.toHaveProperty('thinking');
      expect(body).not.toHaveProperty('context_management');
      expect(warnings.map(({ field }) => field)).toEqual(['thinking', 'context_management']);
    });

    it('keeps it when the call came with its signed thinking', () => {
      const { body, warnings } = sentFor(turn(THINKING, CALL));

      expect(body).toMatchObject({ thinking, context_management: { edits: [] } });
      expect(warnings).toEqual([]);
    });

    it('keeps thinking that sets its own amount', () => {
      const { body } = sentFor({ ...turn(CALL), thinking: { type: 'adaptive' } });
      expect(body).toMatchObject({ thinking: { type: 'adaptive' } });
    });
  });
});
