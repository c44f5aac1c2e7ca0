import type { Conversation } from '../../src/domain/conversation.ts';
import { RouterError } from '../../src/domain/errors.ts';
import { readJsonText } from '../../src/domain/json-text.ts';
import { readChatRequest } from '../../src/ingest/chat-completions/request.ts';
import { conversationOfGemini } from './conversation-of-gemini.ts';
import { conversationOfMessages } from './conversation-of-messages.ts';
import { isStream, type Recording } from './recordings.ts';

type Reader = (recording: Recording) => Conversation;

/**
 * How the request of each dialect is read. Where callers speak a dialect, its door in `ingest/` is the
 * reader to name here; the others are test-side readers.
 */
const READERS: Readonly<Record<string, Reader>> = {
  'openai-chat': ({ request }) => {
    const body = readJsonText(JSON.stringify(request.body));
    if (!('members' in body)) throw new Error(body.message);
    return readChatRequest(body).conversation;
  },
  'anthropic-messages': ({ request }) => conversationOfMessages(request.body),
  'bedrock-invoke': ({ request }) => conversationOfMessages(request.body),
  'bedrock-invoke-stream': ({ request }) => conversationOfMessages(request.body),
  'gemini-generate': (recording) =>
    conversationOfGemini(recording.request.body, isStream(recording)),
};

/** A recorded request in our words; undefined where the door refuses it, or where it was not kept. */
export function recordedConversation(recording: Recording): Conversation | undefined {
  const read = READERS[recording.endpoint];
  if (recording.request.body === null || read === undefined) return undefined;
  try {
    return read(recording);
  } catch (error) {
    if (error instanceof RouterError) return undefined;
    throw error;
  }
}
