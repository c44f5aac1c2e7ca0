import type { AnswerFacts } from './answer-facts.ts';
import { expectedConverse, expectedInvoke } from './expected-bedrock.ts';
import { expectedChat, type RawChat } from './expected-chat.ts';
import { expectedGemini, type RawGemini } from './expected-gemini.ts';
import { expectedMessage, type RawMessageEvent } from './expected-message.ts';
import { expectedResponse } from './expected-responses.ts';
import type { Recording } from './recordings.ts';

/*
 * What a recorded answer says, read from its raw JSON by a few lines per dialect. Shares nothing with
 * the adapters: what both say alike is right, or wrong twice in different ways.
 */

/** The facts that a recording of status 200 must give, whole or streamed. */
export function expectedAnswer(recording: Recording): AnswerFacts {
  const objects = () => jsonObjects(recording.response.body);
  switch (recording.endpoint) {
    case 'openai-chat':
      return expectedChat(objects() as RawChat[]); // the recorded JSON, read by its documentation
    case 'openai-responses':
      return expectedResponse(objects());
    case 'anthropic-messages':
      return expectedMessage(objects() as RawMessageEvent[]); // likewise
    case 'gemini-generate':
      return expectedGemini(objects() as RawGemini[]); // likewise
    case 'bedrock-converse':
    case 'bedrock-converse-stream':
      return expectedConverse(recording);
    case 'bedrock-invoke':
    case 'bedrock-invoke-stream':
      return expectedInvoke(recording);
    default:
      throw new Error(`no expectation for ${recording.endpoint}`);
  }
}

const LINE_END = /\r\n|\n|\r/;

/** The JSON objects of a body: the one that it is, a list of them, or those of its `data:` lines. */
export function jsonObjects(body: string): unknown[] {
  const start = body.trimStart();
  if (start.startsWith('{')) return [JSON.parse(body)];
  if (start.startsWith('[')) return JSON.parse(body);
  return body
    .split(LINE_END)
    .filter((line) => line.startsWith('data:') && line.slice(5).trim() !== '[DONE]')
    .map((line) => JSON.parse(line.slice(5)));
}
