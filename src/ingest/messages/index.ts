import type { DialectDoor } from '../dialect.ts';
import { readMessagesRequest } from './request.ts';
import { toMessagesBody } from './response.ts';
import { editMessagesEvent, MessagesStreamWriter, toErrorFrame } from './stream.ts';

/** Anthropic's Messages as callers speak it. */
export const messages: DialectDoor = {
  dialect: 'anthropic-messages',
  readRequest: readMessagesRequest,
  toBody: toMessagesBody,
  toErrorFrame,
  openWriter: (head, { conversation }) => new MessagesStreamWriter(head, conversation),
  editEvent: (event, bill) => editMessagesEvent(event, bill),
};
