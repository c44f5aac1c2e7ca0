import type { Message } from '../domain/conversation.ts';
import type { JsonText } from '../domain/json-text.ts';
import type { Caller } from '../domain/ports.ts';
import { answerHeaders } from './answer-headers.ts';
import type { AppContext, AppPorts } from './context.ts';
import type { DialectDoor, DialectRequest } from './dialect.ts';
import { explainDecision } from './explain.ts';
import { MAX_TEXT_BYTES, readJsonBody, tooLarge } from './json-body.ts';
import { keepAlive } from './keep-alive.ts';
import { toRouterError } from './router-error.ts';
import { type RoutingFields, readRoutingFields } from './routing-fields.ts';

/** Answers one request of a dialect: `POST /v1/chat/completions` and its siblings. */
export async function answerConversation(
  door: DialectDoor,
  context: AppContext,
  ports: AppPorts,
): Promise<Response> {
  const { headers: asked, signal } = context.req.raw;
  const body = await readJsonBody(context.req.raw);
  const fields = readRoutingFields(body, asked);
  const read = door.readRequest(body, asked);
  refuseLongText(body, read);
  const { requestId, startedAt, identity } = context.var;
  const answering = ports.router.answer({
    requestId,
    startedAt,
    request: { ...fields.request, conversation: read.conversation },
    caller: toCaller({ door, read, fields, signal }),
    attribution: {
      ...identity,
      tags: fields.tags,
      claimedUser: read.user,
      sessionId: fields.sessionId,
    },
  });
  // The runtime drops a request whose caller leaves, and with it the books of its call (F69, F71).
  ports.background.run(answering.catch(() => undefined));
  const answer = read.conversation.stream
    ? await keepAlive(answering, ports, (error) =>
        door.toErrorFrame(toRouterError(error, ports), requestId),
      )
    : await answering;
  if ('done' in answer) {
    ports.background.run(answer.done);
    return context.body(answer.body, 200, STREAM_HEADERS);
  }
  const headers = answerHeaders(answer, ports.clock.now() - startedAt);
  if (answer.type === 'stream') {
    return context.body(answer.body, 200, { ...headers, ...STREAM_HEADERS });
  }
  const routing = fields.explains ? explainDecision(answer.decision) : undefined;
  const text = door.toBody({ ...answer, routing }, read);
  return context.body(text, 200, { ...headers, 'content-type': 'application/json' });
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
};

/** The wider limit is for media; text of that size is no prompt. */
function refuseLongText(body: JsonText, { conversation }: DialectRequest): void {
  if (body.text.length <= MAX_TEXT_BYTES) return;
  if (!conversation.messages.some(({ content }) => content.some(hasMedia))) {
    throw tooLarge(MAX_TEXT_BYTES);
  }
}

function hasMedia(part: Message['content'][number]): boolean {
  if (part.type === 'tool-result') return part.content.some(hasMedia);
  return part.type === 'image' || part.type === 'file' || part.type === 'audio';
}

type Asked = {
  readonly door: DialectDoor;
  readonly read: DialectRequest;
  readonly fields: RoutingFields;
  readonly signal: AbortSignal;
};

function toCaller({ door, read, fields, signal }: Asked): Caller {
  return {
    dialect: door.dialect,
    wantsUsage: read.wantsUsage,
    wantsCost: read.wantsCost || fields.explains,
    signal,
    openWriter: (head) => door.openWriter(head, read),
    editEvent: (event, bill) => door.editEvent(event, bill, read),
  };
}
