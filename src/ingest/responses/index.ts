import type { DialectDoor } from '../dialect.ts';
import { readResponsesRequest } from './request.ts';
import { toResponsesBody } from './response.ts';
import { editResponsesEvent, ResponsesStreamWriter, toErrorFrame } from './stream.ts';

/** OpenAI's Responses as callers speak it, without its store. */
export const responses: DialectDoor = {
  dialect: 'openai-responses',
  readRequest: (body) => readResponsesRequest(body),
  toBody: toResponsesBody,
  toErrorFrame,
  openWriter: (head, { conversation }) => new ResponsesStreamWriter(head, conversation),
  editEvent: (event, bill) => editResponsesEvent(event, bill),
};
