import { isJsonObject, type JsonValue } from '../../domain/json.ts';
import type { JsonText } from '../../domain/json-text.ts';

/** Top-level fields that no vendor of Chat Completions has; `thinking` some have. */
const OWN_FIELDS = ['system', 'output_config', 'stop_sequences', 'anthropic_version'];
/** Types of content that none of them has. */
const OWN_BLOCKS = new Set(['image', 'document', 'tool_use', 'tool_result', 'redacted_thinking']);

/**
 * Whether a body with `messages` is one of this dialect rather than Chat Completions, where the path
 * does not say: by the header that every Anthropic client sends, or by what only this dialect has. A
 * body that could be either is not.
 */
export function isMessagesBody(body: JsonText, headers: Headers): boolean {
  if (headers.has('anthropic-version')) return true;
  if (OWN_FIELDS.some((name) => body.members.has(name))) return true;
  const { tools, messages } = body.value;
  return listOf(tools).some(isOwnTool) || listOf(messages).some(hasOwnBlock);
}

function isOwnTool(tool: JsonValue): boolean {
  return isJsonObject(tool) && tool['input_schema'] !== undefined;
}

function hasOwnBlock(message: JsonValue): boolean {
  const content = isJsonObject(message) ? message['content'] : undefined;
  return listOf(content).some(
    (block) => isJsonObject(block) && OWN_BLOCKS.has(String(block['type'])),
  );
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
