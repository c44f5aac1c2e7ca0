import type { DialectDoor } from '../dialect.ts';
import { readChatRequest } from './request.ts';
import { toChatBody } from './response.ts';
import { ChatStreamWriter, editChatEvent, toErrorFrame } from './stream.ts';

/** OpenAI's Chat Completions as callers speak it. */
export const chatCompletions: DialectDoor = {
  dialect: 'openai-chat',
  readRequest: readChatRequest,
  toBody: toChatBody,
  toErrorFrame,
  openWriter: (head, { wantsUsage }) => new ChatStreamWriter(head, wantsUsage),
  editEvent: (event, bill, { wantsUsage }) => editChatEvent(event, bill, wantsUsage),
};
