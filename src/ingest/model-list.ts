import { RouterError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import type { RoutableModel } from '../domain/model.ts';
import type { AppContext, AppPorts } from './context.ts';

/** `GET /v1/models`. */
export async function listModels(context: AppContext, ports: AppPorts): Promise<Response> {
  await ports.registry.ready();
  const { models } = ports.registry.current();
  const data = models.map((model) => toModelObject(model, ports));
  return context.json({ object: 'list', data });
}

/** `GET /v1/models/{id}`; an id may hold slashes. */
export async function showModel(context: AppContext, ports: AppPorts): Promise<Response> {
  await ports.registry.ready();
  const id = decoded(context.req.path.slice(MODELS_PATH.length));
  const model = ports.registry.current().modelById.get(id);
  if (model === undefined) {
    throw new RouterError('model_not_found', `there is no model "${id.slice(0, 128)}"`);
  }
  return context.json(toModelObject(model, ports));
}

const MODELS_PATH = '/v1/models/';

/** The official clients write a slash in an id as `%2F`. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** One model in OpenAI's list shape, with price, limits, capabilities and state beside it. */
function toModelObject(model: RoutableModel, ports: AppPorts): JsonObject {
  const { entry, capability, provider } = model;
  const key = ports.keys.pick(model);
  return {
    id: model.id,
    object: 'model',
    created: 0,
    owned_by: provider.id,
    status: entry.status,
    context_length: capability.contextTokens,
    max_output_tokens: capability.outputTokens,
    pricing: {
      costPer1kInputTokens: entry.costPer1kInputTokens,
      costPer1kOutputTokens: entry.costPer1kOutputTokens,
      costPer1kCachedInputTokens: entry.costPer1kCachedInputTokens ?? null,
    },
    capabilities: {
      functionCalling: capability.functionCalling,
      parallelToolCalls: capability.parallelToolCalls,
      vision: capability.vision,
      pdf: capability.pdf,
      audio: capability.audio,
      structuredOutput: capability.structuredOutput,
      reasoning: capability.reasoning,
      embeddings: capability.embedding !== undefined,
      parameters: [...capability.parameters],
    },
    compliance: [...capability.compliance],
    regions: [...capability.regions],
    quality: entry.quality,
    latency: {
      estimatedP50LatencyMs: entry.estimatedP50LatencyMs,
      measuredMs: ports.latencies.expected(model.id) ?? null,
    },
    breaker: ports.breakers.health(model.id).state,
    key: typeof key === 'string' ? key : 'free',
  };
}
