import { describe, expect, it } from 'vitest';
import type { AssistantPart, Message } from '../../../src/domain/conversation.ts';
import { isJsonObject, type JsonValue } from '../../../src/domain/json.ts';
import type { RoutableModel } from '../../../src/domain/model.ts';
import type { ModelResponse, ResponsePart } from '../../../src/domain/response.ts';
import { readChatRequest } from '../../../src/ingest/chat-completions/request.ts';
import { toChatBody } from '../../../src/ingest/chat-completions/response.ts';
import { toMessagesBody } from '../../../src/ingest/messages/response.ts';
import { adapterOf } from '../../../src/providers/index.ts';
import { aBill, aHead } from '../../support/answers.ts';
import { aCall, aModel } from '../../support/builders.ts';
import { jsonText, readMessages } from '../../support/messages-bodies.ts';
import { recordedCall } from '../../support/recorded-call.ts';
import {
  bodyBytes,
  hasRecordings,
  isStream,
  NO_RECORDINGS,
  type Recording,
  recordingsOf,
} from '../../support/recordings.ts';

/** Models on the wires that are no vendor's usual one. */
const MODELS: Readonly<Record<string, RoutableModel>> = {
  'openai-responses': aModel('openai/recorded', { wire: 'openai-responses' }),
  'bedrock-converse': aModel('bedrock/recorded', { wire: 'bedrock' }),
};
const ENDPOINTS = ['openai-chat', 'anthropic-messages', 'gemini-generate', ...Object.keys(MODELS)];
const ASKING = readMessages({ thinking: { type: 'adaptive' } });

/** A recorded answer in our words; undefined for one that is none. */
function answerIn(recording: Recording): ModelResponse | undefined {
  const body = new TextDecoder().decode(bodyBytes(recording));
  const model = MODELS[recording.endpoint];
  const call = model === undefined ? recordedCall(recording) : aCall({ model });
  const answer = adapterOf(call.model.wire).fromResponse(body, call);
  return 'kind' in answer ? undefined : answer;
}

/** The answers whose provider wants something back, each with its wire's name for it. */
const SIGNED = recordingsOf(...ENDPOINTS)
  .filter((recording) => recording.response.status === 200 && !isStream(recording))
  .flatMap((recording) => {
    const answer = answerIn(recording);
    const isSigned = answer?.content.some((part) => 'extras' in part) === true;
    return isSigned ? [{ id: recording.id, answer }] : [];
  });

const WAYS: Readonly<Record<string, (answer: ModelResponse) => readonly Message[]>> = {
  'Chat Completions': (response) => {
    const outgoing = { head: aHead(), response, bill: aBill() };
    const body = toChatBody({ ...outgoing, nativeBody: undefined, routing: undefined });
    const { message } = JSON.parse(body).choices[0];
    const messages = [{ role: 'user', content: 'Hi' }, message];
    return readChatRequest(jsonText({ model: 'auto', messages })).conversation.messages;
  },
  Messages: (response) => {
    const outgoing = { head: aHead(), response, bill: aBill() };
    const body = toMessagesBody({ ...outgoing, nativeBody: undefined, routing: undefined }, ASKING);
    const { content } = JSON.parse(body);
    const messages = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content },
    ];
    return readMessages({ messages }).conversation.messages;
  },
};

/**
 * What the parts have for their provider; other wires may be able to read it, too. A list of details
 * may come back on several parts: each detail counts.
 */
function signaturesIn(parts: readonly (ResponsePart | AssistantPart)[], wires: readonly string[]) {
  return parts.flatMap((part) => {
    const extras = ('extras' in part && part.extras) || {};
    return wires.flatMap((wire) => valuesIn(extras[wire]).map((value) => [part.type, wire, value]));
  });
}

function valuesIn(fields: JsonValue | undefined): readonly JsonValue[] {
  return isJsonObject(fields) ? Object.values(fields).flat() : [];
}

function wiresOf({ content }: ModelResponse): readonly string[] {
  return [
    ...new Set(content.flatMap((part) => Object.keys(('extras' in part && part.extras) || {}))),
  ];
}

describe.skipIf(!hasRecordings)(
  `signatures in recorded answers${hasRecordings ? '' : `: ${NO_RECORDINGS}`}`,
  () => {
    it.each(Object.keys(WAYS))(
      `all come back through %s to the part that had them: ${SIGNED.length} answers`,
      (way) => {
        for (const { id, answer } of SIGNED) {
          const wires = wiresOf(answer);
          const assistant = WAYS[way]?.(answer).find(({ role }) => role === 'assistant');
          const given = signaturesIn((assistant?.content ?? []) as AssistantPart[], wires);

          expect(given, id).toEqual(signaturesIn(answer.content, wires));
        }
        expect(new Set(SIGNED.flatMap(({ answer }) => wiresOf(answer))).size).toBeGreaterThan(3);
      },
    );
  },
);
