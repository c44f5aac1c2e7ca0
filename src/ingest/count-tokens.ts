import { inputTokensFor, type RoutingDecision } from '../domain/decision.ts';
import type { AppContext, AppPorts } from './context.ts';
import { readJsonBody } from './json-body.ts';
import { readCountedRequest } from './messages/request.ts';
import { readRoutingFields } from './routing-fields.ts';

/**
 * `POST /v1/messages/count_tokens`: the estimate that routing goes by, for the model that would be
 * asked. Calls no provider, so it is no exact count, and says so in a header.
 */
export async function countTokens(context: AppContext, ports: AppPorts): Promise<Response> {
  const { headers } = context.req.raw;
  const body = await readJsonBody(context.req.raw);
  const { request } = readRoutingFields(body, headers);
  const { conversation } = readCountedRequest(body, headers);
  await ports.registry.ready();
  const decision = ports.router.evaluate({ ...request, conversation });
  const { model, tokens } = countFor(decision, request.model, ports);
  return context.json({ input_tokens: tokens }, 200, {
    'x-router-token-count': 'estimate',
    ...(model !== undefined && { 'x-router-model': model }),
  });
}

type Count = { readonly model: string | undefined; readonly tokens: number };

/** Where nothing fits, the model that was asked for by name; without one the plain estimate. */
function countFor(
  { requirement, selectedModel }: RoutingDecision,
  asked: string | undefined,
  ports: AppPorts,
): Count {
  const { modelById } = ports.registry.current();
  const model = modelById.get(selectedModel ?? asked ?? '');
  if (model === undefined) {
    return { model: undefined, tokens: requirement.inputTokens.o200k.estimated };
  }
  const ratio = ports.tokenRatios.expected(model.id);
  return { model: model.id, tokens: inputTokensFor(requirement, model, ratio).estimated };
}
