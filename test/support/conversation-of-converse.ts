import type {
  AssistantPart,
  Conversation,
  Extras,
  Message,
  TextPart,
  Tool,
  ToolChoice,
  ToolResultPart,
  UserPart,
} from '../../src/domain/conversation.ts';
import { aConversation } from './builders.ts';

// biome-ignore lint/suspicious/noExplicitAny: raw JSON of a recording, read without any schema
type Raw = any;

const MARK: Extras = { anthropic: { cache_control: { type: 'ephemeral' } } };

/**
 * A recorded request of Converse in our words, so that the adapter can be asked to say it again. Throws
 * for what our words have no place for.
 */
export function conversationOfConverse(body: Raw, stream: boolean): Conversation {
  const {
    inferenceConfig = {},
    toolConfig,
    outputConfig,
    additionalModelRequestFields = {},
  } = body;
  const { maxTokens, temperature, topP, stopSequences = [] } = inferenceConfig;
  const system = marked<TextPart>(body.system ?? [], ({ text }) => ({ type: 'text', text }));
  const thinking =
    additionalModelRequestFields.thinking ?? additionalModelRequestFields.reasoning_config;
  return aConversation({
    messages: [
      ...(system.length > 0 ? [{ role: 'system', content: system } as const] : []),
      ...body.messages.flatMap(messagesOf),
    ],
    tools: marked<Tool>(toolConfig?.tools ?? [], toolOf),
    toolChoice: choiceOf(toolConfig?.toolChoice),
    responseFormat: formatOf(outputConfig),
    maxOutputTokens: maxTokens,
    stop: stopSequences,
    sampling: {
      ...(temperature !== undefined && { temperature }),
      ...(topP !== undefined && { topP }),
    },
    reasoning: thinking && { budgetTokens: thinking.budget_tokens },
    stream,
  });
}

/** Converts blocks; a cache mark becomes an extra of the block before it. */
function marked<Part extends object>(
  blocks: readonly Raw[],
  convert: (block: Raw) => Part,
): Part[] {
  const parts: Part[] = [];
  for (const block of blocks) {
    const last = parts.at(-1);
    if (block.cachePoint && last) parts[parts.length - 1] = { ...last, extras: MARK };
    else parts.push(convert(block));
  }
  return parts;
}

function messagesOf({ role, content }: Raw): Message[] {
  if (role === 'assistant') return [{ role, content: content.map(assistantPartOf) }];
  const results = content.filter((block: Raw) => block.toolResult);
  const others = content.filter((block: Raw) => !block.toolResult);
  return [
    ...(results.length > 0 ? [{ role: 'tool', content: results.map(resultOf) } as const] : []),
    ...(others.length > 0 ? [{ role: 'user', content: marked(others, userPartOf) } as const] : []),
  ];
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  pdf: 'application/pdf',
  txt: 'text/plain',
};

function userPartOf(block: Raw): UserPart {
  const { text, image, document } = block;
  if (text !== undefined) return { type: 'text', text };
  const media = image ?? document;
  if (media?.source.bytes === undefined) throw new Error(`no word for ${JSON.stringify(block)}`);
  const mediaType = MEDIA_TYPES[media.format] ?? media.format;
  const source = { type: 'base64', mediaType, data: media.source.bytes } as const;
  return image ? { type: 'image', source } : { type: 'file', source, filename: document.name };
}

function assistantPartOf(block: Raw): AssistantPart {
  const { text, toolUse, reasoningContent } = block;
  if (text !== undefined) return { type: 'text', text };
  if (toolUse) {
    const { toolUseId: id, name, input } = toolUse;
    return { type: 'tool-call', id, name, arguments: JSON.stringify(input) };
  }
  const { text: thought, signature } = reasoningContent.reasoningText;
  return { type: 'reasoning', text: thought, extras: { anthropic: { signature } } };
}

function resultOf({ toolResult }: Raw): ToolResultPart {
  const { toolUseId, content, status } = toolResult;
  return {
    type: 'tool-result',
    toolCallId: toolUseId,
    toolName: undefined,
    content: content.map(userPartOf),
    isError: status === 'error',
  };
}

function toolOf({ toolSpec }: Raw): Tool {
  if (toolSpec === undefined) throw new Error("no word for Bedrock's own tools");
  const { name, description, inputSchema, strict } = toolSpec;
  return {
    name,
    description,
    parameters: inputSchema.json,
    ...(strict !== undefined && { strict }),
  };
}

function choiceOf(choice: Raw): ToolChoice | undefined {
  if (choice === undefined) return undefined;
  if (choice.tool) return { type: 'tool', name: choice.tool.name };
  return { type: choice.any ? 'required' : 'auto' };
}

function formatOf(outputConfig: Raw): Conversation['responseFormat'] {
  if (outputConfig === undefined) return undefined;
  const { name, description, schema } = outputConfig.textFormat.structure.jsonSchema;
  const fields = { name, schema: JSON.parse(schema), strict: true };
  return { type: 'json-schema', ...fields, ...(description && { description }) };
}
