import type { Conversation } from '../../domain/conversation.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import type { AnswerHead } from '../../domain/ports.ts';

/** What each setting is where the request does not say. */
const DEFAULTS: JsonObject = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: null,
  temperature: null,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: null,
  truncation: 'disabled',
  user: null,
};

/** A response without its output: whose it is, and the settings that it was asked for with. */
export function toFrame(head: AnswerHead, { native }: Conversation): JsonObject {
  const asked = native?.body.value ?? {};
  const settings = Object.entries(DEFAULTS).map(([name, usual]): readonly [string, JsonValue] => [
    name,
    asked[name] ?? usual,
  ]);
  return {
    id: `resp_${head.requestId}`,
    object: 'response',
    created_at: Math.floor(head.createdAt / 1000),
    completed_at: null,
    background: false,
    model: head.model,
    previous_response_id: null,
    store: false,
    ...Object.fromEntries(settings),
  };
}
