import { compileModel } from '../../src/domain/compile-model.ts';
import type { Conversation } from '../../src/domain/conversation.ts';
import { type ModelEntry, modelEntrySchema, type RoutableModel } from '../../src/domain/model.ts';
import type { ModelCall } from '../../src/domain/ports.ts';
import { compileQualityRouting } from '../../src/domain/quality-routing.ts';
import type { Registry } from '../../src/domain/registry.ts';
import { policySchema, routingConfigSchema } from '../../src/domain/routing-config.ts';
import { resolveProvider } from '../../src/providers/resolve-provider.ts';

type EntryInput = Partial<Record<keyof ModelEntry, unknown>>;

/** A published entry with every capability, so that a test names only what it takes away. */
export function aModelEntry(fields: EntryInput = {}): ModelEntry {
  return modelEntrySchema.parse({
    provider: 'openai',
    maxContextTokens: 128_000,
    maxOutputTokens: 16_000,
    supportsFunctionCalling: true,
    supportsParallelToolCalls: true,
    supportsVision: true,
    supportsPdf: true,
    supportsAudio: true,
    supportsStructuredOutput: true,
    supportsReasoning: true,
    costPer1kInputTokens: 0.001,
    costPer1kOutputTokens: 0.002,
    estimatedP50LatencyMs: 500,
    ...fields,
  });
}

/** A model ready to be decided on and called. */
export function aModel(id = 'openai/gpt-test', fields: EntryInput = {}): RoutableModel {
  const entry = aModelEntry({ provider: id.split('/')[0] ?? 'openai', ...fields });
  const settings = { allowedHosts: new Set(['127.0.0.1', 'models.test']), variable: () => 'test' };
  const wired = entry.wire && { wire: entry.wire };
  const known = resolveProvider(entry.provider, wired, settings);
  const provider =
    typeof known === 'string'
      ? resolveProvider(
          entry.provider,
          { wire: 'openai', baseUrl: 'https://models.test/v1' },
          settings,
        )
      : known;
  const model = compileModel({ id, entry, provider, routing: routingConfigSchema.parse({}) });
  if (typeof model === 'string') throw new Error(model);
  return model;
}

type RegistryInput = {
  readonly policies?: Readonly<Record<string, unknown>>;
  readonly routing?: Readonly<Record<string, unknown>>;
};

/** A registry of these models; policies and routing as a document would have them. */
export function aRegistry(
  models: readonly RoutableModel[],
  { policies = {}, routing = {} }: RegistryInput = {},
): Registry {
  const named = Object.entries(policies);
  const config = routingConfigSchema.parse(routing);
  return {
    version: 'test',
    models,
    modelById: new Map(models.map((model) => [model.id, model])),
    policies: new Map(named.map(([name, policy]) => [name, policySchema.parse(policy)])),
    routing: config,
    quality: compileQualityRouting(models, config),
    quarantined: [],
  };
}

/** A conversation of one user message. */
export function aConversation(fields: Partial<Conversation> = {}): Conversation {
  return {
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    tools: [],
    toolChoice: undefined,
    parallelToolCalls: undefined,
    responseFormat: undefined,
    maxOutputTokens: undefined,
    stop: [],
    sampling: {},
    reasoning: undefined,
    stream: false,
    native: undefined,
    warnings: [],
    ...fields,
  };
}

/** A call of a model with a conversation. */
export function aCall(fields: Partial<ModelCall> = {}): ModelCall {
  const conversation = fields.conversation ?? aConversation();
  return {
    conversation,
    model: aModel(),
    apiKey: 'test-key',
    maxOutputTokens: conversation.maxOutputTokens,
    outputRoomTokens: 4096,
    unhonored: new Set(),
    ...fields,
  };
}
