import type { Conversation, Message } from '../../src/domain/conversation.ts';
import type { ModelCall } from '../../src/domain/ports.ts';
import { toWireRequest } from '../../src/providers/bedrock/request.ts';
import { aCall, aConversation, aModel } from './builders.ts';

/** One model of each maker, as Bedrock names it. */
export const CLAUDE = 'eu.anthropic.claude-sonnet-4-6';
export const OLDER_CLAUDE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
export const NOVA = 'us.amazon.nova-pro-v1:0';
export const NOVA_2 = 'us.amazon.nova-2-lite-v1:0';
export const GPT_OSS = 'openai.gpt-oss-120b-1:0';
export const OTHER = 'mistral.mistral-large-2402-v1:0';

// biome-ignore lint/suspicious/noExplicitAny: a body is looked into at single places
export type Body = any;

/** What a model is sent for a conversation, and what was said about it. */
export function send(
  upstreamModel: string,
  conversation: Partial<Conversation>,
  call: Partial<ModelCall> = {},
): { readonly body: Body; readonly warnings: readonly string[] } {
  const request = toWireRequest(
    aCall({
      model: aModel('bedrock/test', { upstreamModel }),
      conversation: aConversation(conversation),
      ...call,
    }),
  );
  const warnings = request.warnings.map(({ field, message }) => `${field}: ${message}`);
  return { body: JSON.parse(request.body), warnings };
}

export const TOOL = { name: 'look_up', description: 'Looks up', parameters: { properties: {} } };

/** A tool was called and has answered. */
export const CALLED: readonly Message[] = [
  { role: 'user', content: [{ type: 'text', text: 'Look it up' }] },
  {
    role: 'assistant',
    content: [{ type: 'tool-call', id: 'call_1', name: 'look_up', arguments: '{"a":1}' }],
  },
  {
    role: 'tool',
    content: [
      {
        type: 'tool-result',
        toolCallId: 'call_1',
        toolName: 'look_up',
        content: [{ type: 'text', text: 'found' }],
        isError: false,
      },
    ],
  },
];
