import type { JsonText } from '../domain/json-text.ts';
import type { Registry } from '../domain/registry.ts';
import { type RoutingRequest, routingRequestSchema } from '../domain/request.ts';
import { chatCompletions } from './chat-completions/index.ts';
import type { AppContext, AppPorts } from './context.ts';
import type { DialectDoor } from './dialect.ts';
import { embeddings } from './embeddings/index.ts';
import { isEmbeddingsBody } from './embeddings/recognize.ts';
import { explainDecision } from './explain.ts';
import { explainInText } from './explain-text.ts';
import { readJsonBody } from './json-body.ts';
import { messages } from './messages/index.ts';
import { isMessagesBody } from './messages/recognize.ts';
import { responses } from './responses/index.ts';
import { readRoutingFields, refuseContradictions } from './routing-fields.ts';
import { invalidRequest } from './zod-fault.ts';

/**
 * `POST /v1/route`: what would be chosen, and why, as JSON, or as text for `accept: text/plain`. Calls
 * no provider and books nothing.
 */
export async function dryRun(context: AppContext, ports: AppPorts): Promise<Response> {
  const { headers } = context.req.raw;
  const body = await readJsonBody(context.req.raw);
  await ports.registry.ready();
  const door = doorOf(body, headers, ports.registry.current());
  const request =
    door === undefined ? readBareRequest(body) : readConversation(door, body, headers);
  const decision = ports.router.evaluate(request);
  const wantsText = headers.get('accept')?.startsWith('text/plain') === true;
  return wantsText
    ? context.text(explainInText(decision))
    : context.json(explainDecision(decision));
}

/** The dialect of a body, by the members that only it has; undefined for a bare `RoutingRequest`. */
function doorOf(body: JsonText, headers: Headers, registry: Registry): DialectDoor | undefined {
  if (body.members.has('input')) return isEmbeddingsBody(body, registry) ? embeddings : responses;
  if (!body.members.has('messages')) return undefined;
  return isMessagesBody(body, headers) ? messages : chatCompletions;
}

function readConversation(door: DialectDoor, body: JsonText, headers: Headers): RoutingRequest {
  const { request } = readRoutingFields(body, headers);
  return { ...request, conversation: door.readRequest(body, headers).conversation };
}

/** A `RoutingRequest` by itself: constraints without a conversation. */
function readBareRequest(body: JsonText): RoutingRequest {
  const parsed = routingRequestSchema.safeParse(body.value);
  if (!parsed.success) {
    throw invalidRequest(parsed.error, '', Object.keys(routingRequestSchema.shape));
  }
  refuseContradictions(parsed.data);
  return parsed.data;
}
