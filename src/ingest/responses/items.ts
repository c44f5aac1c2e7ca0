import type { Message, TextPart } from '../../domain/conversation.ts';
import type { Warning } from '../../domain/dialect.ts';
import type { ResponsesBody } from './body.ts';
import { toContentParts, toSaid } from './content.ts';
import type { Findings } from './findings.ts';
import type { FunctionCallOutputItem, Item, MessageItem, ReasoningItem } from './item-body.ts';
import { decrypt, wordsOf } from './reasoning.ts';
import { storedItem } from './stateless.ts';
import { Turns } from './turns.ts';

type Reading = {
  readonly turns: Turns;
  readonly findings: Findings;
  /** Tool call ids so far, with the names of their tools. */
  readonly toolNames: Map<string, string>;
};

/** The input in our words, with the instructions above it first. */
export function toMessages(
  { input, instructions }: Pick<ResponsesBody, 'input' | 'instructions'>,
  findings: Findings,
): readonly Message[] {
  const turns = new Turns();
  if (instructions) {
    turns.add({ role: 'system', content: [{ type: 'text', text: instructions }] });
  }
  if (typeof input === 'string') {
    turns.add({ role: 'user', content: [{ type: 'text', text: input }] });
    return turns.messages;
  }
  const reading = { turns, findings, toolNames: new Map<string, string>() };
  for (const [at, item] of input.entries()) readItem(item, `input.${at}`, reading);
  return turns.messages;
}

function readItem(item: Item, field: string, reading: Reading): void {
  const { turns, findings, toolNames } = reading;
  switch (item.type) {
    case 'message':
      readMessage(item, field, reading);
      break;
    case 'function_call': {
      const { call_id: callId, name, arguments: json } = item;
      toolNames.set(callId, name);
      turns.call({ type: 'tool-call', id: callId, name, arguments: json || '{}' });
      break;
    }
    case 'function_call_output':
      readResult(item, field, reading);
      break;
    case 'reasoning':
      readReasoning(item, reading);
      break;
    case 'item_reference':
      throw storedItem(field);
    case 'other':
      if (LEFT_BEHIND.has(item.name)) findings.untranslatable.add(item.name);
      else findings.indispensable.add(item.name);
  }
}

/** What the provider's own tools did: the words of the answer behind it hold what came of it. */
const LEFT_BEHIND = new Set([
  'code_interpreter_call',
  'file_search_call',
  'image_generation_call',
  'mcp_call',
  'mcp_list_tools',
  'web_search_call',
]);

function readMessage(item: MessageItem, field: string, { turns, findings }: Reading): void {
  switch (item.role) {
    case 'system':
    case 'developer':
      turns.add({ role: 'system', content: toTexts(item.content) });
      break;
    case 'user': {
      const content = toContentParts(item.content, `${field}.content`, findings);
      if (content.length > 0) turns.add({ role: 'user', content });
      break;
    }
    case 'assistant': {
      const said = toSaid(item.content);
      if (said.length > 0) turns.say(said);
    }
  }
}

function toTexts(content: string | readonly { readonly text: string }[]): TextPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map(({ text }) => ({ type: 'text', text }));
}

function readResult(item: FunctionCallOutputItem, field: string, reading: Reading): void {
  const { turns, findings, toolNames } = reading;
  turns.bring({
    type: 'tool-result',
    toolCallId: item.call_id,
    toolName: toolNames.get(item.call_id),
    content: toContentParts(item.output, `${field}.output`, findings),
    isError: false,
  });
}

const UNSIGNED: Warning = {
  type: 'changed',
  field: 'input',
  message:
    'reasoning came back without its encrypted_content, and is lost: ask for it with include ["reasoning.encrypted_content"]',
};

/** Reasoning, or what another part has to give back to the provider that it came from. */
function readReasoning(item: ReasoningItem, { turns, findings }: Reading): void {
  const { on, extras } = decrypt(item);
  if (!item.encrypted_content && !item.content?.length) findings.warnings.add(UNSIGNED);
  const text = wordsOf(item);
  const hasExtras = Object.keys(extras).length > 0;
  switch (on) {
    case 'next':
      turns.giveToNextCall(extras);
      break;
    case 'previous':
      turns.giveToLastText(extras);
      break;
    case 'empty-text':
      turns.think({ type: 'text', text: '', extras });
      break;
    case 'this':
      if (text !== '' || hasExtras) {
        turns.think({ type: 'reasoning', text, ...(hasExtras && { extras }) });
      }
  }
}
