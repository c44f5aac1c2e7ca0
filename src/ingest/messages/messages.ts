import type {
  AssistantPart,
  Message,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../../domain/conversation.ts';
import { toAssistantParts } from './assistant-blocks.ts';
import type { MessageBody, MessagesBody, SystemBlock, ToolResultBlock, UserBlock } from './body.ts';
import {
  type ContentPart,
  type Findings,
  ownExtras,
  toContentParts,
  toText,
} from './content-blocks.ts';

type Reading = {
  readonly findings: Findings;
  /** Tool call ids so far, with the names of their tools. */
  readonly toolNames: Map<string, string>;
};

/** The dialect's messages in our words, with the instructions above them first. */
export function toMessages(body: MessagesBody, findings: Findings): Message[] {
  const reading = { findings, toolNames: new Map<string, string>() };
  return [
    ...toInstructions(body.system ?? '', findings),
    ...body.messages.flatMap((message, at) => toTurn(message, `messages.${at}.content`, reading)),
  ];
}

/** Messages that hold nothing are left out. */
function toTurn(body: MessageBody, field: string, reading: Reading): Message[] {
  switch (body.role) {
    case 'system':
      return toInstructions(body.content, reading.findings);
    case 'user':
      return toUserTurn(body.content, field, reading);
    case 'assistant': {
      const content = toAssistantTurn(body.content, reading);
      return content.length === 0 ? [] : [{ role: 'assistant', content }];
    }
  }
}

function toInstructions(content: string | readonly SystemBlock[], findings: Findings): Message[] {
  const parts = typeof content === 'string' ? plain(content) : toTexts(content, findings);
  return parts.length === 0 ? [] : [{ role: 'system', content: parts }];
}

function plain(text: string): TextPart[] {
  return text === '' ? [] : [{ type: 'text', text }];
}

function toTexts(blocks: readonly SystemBlock[], { untranslatable }: Findings): TextPart[] {
  return blocks.flatMap((block) => {
    if (block.type === 'text') return [toText(block)];
    untranslatable.add(block.name);
    return [];
  });
}

function toAssistantTurn(
  content: Extract<MessageBody, { role: 'assistant' }>['content'],
  { findings, toolNames }: Reading,
): AssistantPart[] {
  const parts = typeof content === 'string' ? plain(content) : toAssistantParts(content, findings);
  for (const part of parts) if (part.type === 'tool-call') toolNames.set(part.id, part.name);
  return parts;
}

/** Results come before what the user says beside them, in a message of their own. */
function toUserTurn(
  content: string | readonly UserBlock[],
  field: string,
  reading: Reading,
): Message[] {
  if (typeof content === 'string') return [{ role: 'user', content: plain(content) }];
  const results: ToolResultPart[] = [];
  const parts: UserPart[] = [];
  for (const [at, block] of content.entries()) {
    const place = `${field}.${at}`;
    if (block.type === 'tool_result') results.push(toResult(block, place, reading));
    else parts.push(...toContentParts(block, place, reading.findings));
  }
  return [
    ...(results.length > 0 ? [{ role: 'tool' as const, content: results }] : []),
    ...(parts.length > 0 ? [{ role: 'user' as const, content: parts }] : []),
  ];
}

function toResult(block: ToolResultBlock, field: string, reading: Reading): ToolResultPart {
  const { type: _, tool_use_id: toolCallId, content, is_error: isError, ...own } = block;
  return {
    type: 'tool-result',
    toolCallId,
    toolName: reading.toolNames.get(toolCallId),
    content: toResultParts(content ?? '', field, reading.findings),
    isError: isError === true,
    ...ownExtras(own),
  };
}

function toResultParts(
  content: NonNullable<ToolResultBlock['content']>,
  field: string,
  findings: Findings,
): ContentPart[] {
  if (typeof content === 'string') return plain(content);
  return content.flatMap((block, at) => toContentParts(block, `${field}.content.${at}`, findings));
}
