import type { JsonText } from '../../domain/json-text.ts';
import type { Caller } from '../../domain/ports.ts';
import { answerHeaders } from '../answer-headers.ts';
import type { AppContext, AppPorts } from '../context.ts';
import { explainDecision } from '../explain.ts';
import { MAX_TEXT_BYTES, readJsonBody, tooLarge } from '../json-body.ts';
import { type RoutingFields, readRoutingFields } from '../routing-fields.ts';
import { type ChatRequest, readChatRequest } from './request.ts';
import { toChatBody } from './response.ts';
import { ChatStreamWriter, editChatEvent } from './stream.ts';

/** `POST /v1/chat/completions`. */
export async function answerChat(context: AppContext, ports: AppPorts): Promise<Response> {
  const body = await readJsonBody(context.req.raw);
  const fields = readRoutingFields(body, context.req.raw.headers);
  const chat = readChatRequest(body);
  refuseLongText(body, chat);
  const { requestId, startedAt, identity } = context.var;
  const answer = await ports.router.answer({
    requestId,
    startedAt,
    request: { ...fields.request, conversation: chat.conversation },
    caller: toCaller(chat, fields, context.req.raw.signal),
    attribution: {
      ...identity,
      tags: fields.tags,
      claimedUser: chat.user,
      sessionId: fields.sessionId,
    },
  });
  const headers = answerHeaders(answer, ports.clock.now() - startedAt);
  if (answer.type === 'stream') {
    return context.body(answer.body, 200, { ...headers, ...STREAM_HEADERS });
  }
  const routing = fields.explains ? explainDecision(answer.decision) : undefined;
  const text = toChatBody({ ...answer, routing });
  return context.body(text, 200, { ...headers, 'content-type': 'application/json' });
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
};

/** The wider limit is for media; text of that size is no prompt. */
function refuseLongText(body: JsonText, { conversation }: ChatRequest): void {
  if (body.text.length <= MAX_TEXT_BYTES) return;
  const hasMedia = conversation.messages.some(({ content }) =>
    content.some(({ type }) => type === 'image' || type === 'file' || type === 'audio'),
  );
  if (!hasMedia) throw tooLarge(MAX_TEXT_BYTES);
}

function toCaller(chat: ChatRequest, fields: RoutingFields, signal: AbortSignal): Caller {
  const { wantsUsage, wantsCost } = chat;
  return {
    dialect: 'openai-chat',
    wantsUsage,
    wantsCost: wantsCost || fields.explains,
    signal,
    openWriter: (head) => new ChatStreamWriter(head, wantsUsage),
    editEvent: (event, bill) => editChatEvent(event, bill, wantsUsage),
  };
}
