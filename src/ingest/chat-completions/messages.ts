import type {
  AssistantPart,
  Message,
  RefusalPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../../domain/conversation.ts';
import { mediaSource } from '../media.ts';
import type { MessageBody, UserPartBody } from './body.ts';
import { fromDetails, fromExtraContent, type GivenBack, splitText } from './reasoning-details.ts';

type AssistantBody = Extract<MessageBody, { role: 'assistant' }>;

/** The dialect's messages in our words. Results of one turn of tool calls become one message. */
export function toMessages(bodies: readonly MessageBody[]): Message[] {
  const messages: Message[] = [];
  const toolNames = new Map<string, string>();
  for (const [at, body] of bodies.entries()) {
    if (body.role === 'assistant') {
      for (const { id, function: called } of body.tool_calls ?? []) toolNames.set(id, called.name);
    }
    if (body.role !== 'tool') {
      messages.push(toMessage(body, `messages.${at}`));
      continue;
    }
    const result = toResult(body, toolNames.get(body.tool_call_id));
    const last = messages.at(-1);
    if (last?.role !== 'tool') messages.push({ role: 'tool', content: [result] });
    else messages[messages.length - 1] = { role: 'tool', content: [...last.content, result] };
  }
  return messages;
}

function toMessage(body: Exclude<MessageBody, { role: 'tool' }>, field: string): Message {
  switch (body.role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: toTexts(body.content) };
    case 'user':
      return { role: 'user', content: toUserParts(body.content, field) };
    case 'assistant':
      return { role: 'assistant', content: toAssistantParts(body) };
  }
}

function toTexts(content: string | readonly { readonly text: string }[]): TextPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map(({ text }) => ({ type: 'text', text }));
}

function toUserParts(content: string | readonly UserPartBody[], field: string): UserPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((part, at) => toUserPart(part, `${field}.content.${at}`));
}

function toUserPart(part: UserPartBody, field: string): UserPart {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image_url': {
      const { url, detail } = part.image_url;
      const source = mediaSource(url, `${field}.image_url.url`);
      return { type: 'image', source, ...(detail && { detail }) };
    }
    case 'file': {
      const { file_data: data, filename } = part.file;
      const source = mediaSource(data, `${field}.file.file_data`);
      return { type: 'file', source, ...(filename !== undefined && { filename }) };
    }
    case 'input_audio':
      return { type: 'audio', data: part.input_audio.data, format: part.input_audio.format };
  }
}

function toAssistantParts(body: AssistantBody): AssistantPart[] {
  const { content, refusal, reasoning_details: details } = body;
  const words = body.reasoning_content ?? body.reasoning ?? '';
  const given = fromDetails(details ?? [], words);
  const said = typeof content === 'string' ? toTexts(content) : (content ?? []).map(toSaid);
  return [
    ...given.reasoning,
    ...(given.toText.length === 0 ? said.filter(({ text }) => text !== '') : marked(said, given)),
    ...(refusal ? [{ type: 'refusal' as const, text: refusal }] : []),
    ...(body.tool_calls ?? []).map((call) => toToolCall(call, given.toCall)),
  ];
}

type Said = TextPart | RefusalPart;
type SaidBody = Exclude<NonNullable<AssistantBody['content']>, string>[number];

function toSaid(part: SaidBody): Said {
  if (part.type === 'refusal') return { type: 'refusal', text: part.refusal };
  return { type: 'text', text: part.text };
}

/** All text, cut where its provider had given it in parts, and then the refusals. */
function marked(said: readonly Said[], { toText }: GivenBack): Said[] {
  const text = said.map((part) => (part.type === 'text' ? part.text : '')).join('');
  return [...splitText(text, toText), ...said.filter(({ type }) => type === 'refusal')];
}

type ToolCallBody = NonNullable<AssistantBody['tool_calls']>[number];

function toToolCall(body: ToolCallBody, toCall: GivenBack['toCall']): ToolCallPart {
  const { id, function: called, extra_content: content } = body;
  const extras = fromExtraContent(content) ?? toCall.get(id);
  return {
    type: 'tool-call',
    id,
    name: called.name,
    arguments: called.arguments || '{}',
    ...(extras && { extras }),
  };
}

function toResult(
  body: Extract<MessageBody, { role: 'tool' }>,
  toolName: string | undefined,
): ToolResultPart {
  return {
    type: 'tool-result',
    toolCallId: body.tool_call_id,
    toolName,
    content: toTexts(body.content),
    isError: false,
  };
}
