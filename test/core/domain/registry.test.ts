import { describe, expect, it } from 'vitest';
import {
  type CompiledRegistry,
  compileRegistry,
  type Registry,
  type ResolveProvider,
} from '../../../src/domain/registry.ts';
import { resolveProvider } from '../../../src/providers/resolve-provider.ts';
import bundled from '../../../src/registry.json';

const resolve: ResolveProvider = (id, entry) =>
  resolveProvider(id, entry, {
    allowedHosts: new Set(['models.test']),
    variable: () => undefined,
  });

const ENTRY = {
  provider: 'openai',
  maxContextTokens: 8000,
  costPer1kInputTokens: 0.001,
  costPer1kOutputTokens: 0.002,
  estimatedP50LatencyMs: 300,
};

const PATH_INTO_DOCUMENT = /^(models|providers|policies)\.\S+/;

function compile(document: unknown): CompiledRegistry {
  return compileRegistry(document, 'v1', resolve);
}

function registryOf(document: unknown): Registry {
  const compiled = compile(document);
  if (compiled.type === 'invalid') throw new Error(compiled.problems.join('\n'));
  return compiled.registry;
}

describe('compileRegistry', () => {
  it('knows how to weigh quality where any model has a number for it', () => {
    const quality = { general: 0.8 };
    const routing = { quality: { lambda: { quality: 1, balanced: 20 }, defaultModel: 'gpt-b' } };

    const registry = registryOf({ models: { 'gpt-a': { ...ENTRY, quality } }, routing });

    expect(registryOf({ 'gpt-a': ENTRY }).quality).toBeUndefined();
    expect(registry.quality).toMatchObject({ lambda: { quality: 1, balanced: 20 } });
    expect(registry.quarantined).toEqual([
      'routing.quality.defaultModel: there is no model "gpt-b"',
    ]);
  });

  it('takes the bare record of entries', () => {
    const { version, models, modelById, policies, quarantined } = registryOf({ 'gpt-a': ENTRY });

    expect(version).toBe('v1');
    expect(models.map(({ id }) => id)).toEqual(['gpt-a']);
    expect(modelById.get('gpt-a')).toBe(models[0]);
    expect(policies.size).toBe(0);
    expect(quarantined).toEqual([]);
  });

  it('takes a document with parts', () => {
    const registry = registryOf({
      models: { 'acme/m1': { ...ENTRY, provider: 'acme' } },
      providers: { acme: { wire: 'openai', baseUrl: 'https://models.test/v1', secret: null } },
      policies: { cheap: { objective: 'cost' } },
      routing: { evaluation: { maxCandidates: 2 } },
    });

    expect(registry.models[0]?.provider).toMatchObject({ id: 'acme', secret: undefined });
    expect(registry.policies.get('cheap')).toEqual({ objective: 'cost' });
    expect(registry.routing.evaluation.maxCandidates).toBe(2);
    expect(registry.quarantined).toEqual([]);
  });

  it('tells a model that is named like a part from the part', () => {
    expect(registryOf({ models: ENTRY }).models.map(({ id }) => id)).toEqual(['models']);
  });

  it.each([
    ['a model', { models: { good: ENTRY, bad: { ...ENTRY, costPer1kInputTokens: -1 } } }],
    ['a model without its provider', { models: { good: ENTRY, bad: { ...ENTRY, provider: 'x' } } }],
    ['a model id', { models: { good: ENTRY, 'B A D': ENTRY } }],
    ['a provider', { models: { good: ENTRY }, providers: { acme: { wire: 'smtp' } } }],
    ['a policy', { models: { good: ENTRY }, policies: { p: { objective: 'luck' } } }],
  ])('quarantines %s that is bad and serves the rest (F78)', (_, document) => {
    const { models, policies, quarantined } = registryOf(document);

    expect(models.map(({ id }) => id)).toEqual(['good']);
    expect(policies.size).toBe(0);
    expect(quarantined).toEqual([expect.stringMatching(PATH_INTO_DOCUMENT)]);
  });

  it('names the place and the fault of what it leaves out', () => {
    const bad = { ...ENTRY, maxContextTokens: '8k', supportVision: true };

    expect(registryOf({ good: ENTRY, bad }).quarantined).toEqual([
      'models.bad.maxContextTokens: Invalid input: expected number, received string',
      'models.bad: Unrecognized key: "supportVision"',
    ]);
  });

  it('leaves out a model whose own provider entry is bad, instead of calling the well-known one', () => {
    const { models, quarantined } = registryOf({
      models: { good: { ...ENTRY, provider: 'groq' }, bad: ENTRY },
      providers: { openai: { baseUrl: 'https://models.test/v1', secret: 'lower' } },
    });

    expect(models.map(({ id }) => id)).toEqual(['good']);
    expect(quarantined).toEqual([
      'providers.openai.secret: a secret is named in capitals, e.g. ACME_API_KEY',
      'models.bad: its provider "openai" is in quarantine',
    ]);
  });

  it('leaves out a model whose provider is at a host that the Worker does not allow (F79)', () => {
    const { quarantined } = registryOf({
      models: { good: ENTRY, bad: { ...ENTRY, provider: 'acme' } },
      providers: { acme: { wire: 'openai', baseUrl: 'https://elsewhere.test/v1' } },
    });

    expect(quarantined).toEqual([
      'models.bad: provider "acme": host elsewhere.test is not in PROVIDER_HOSTS',
    ]);
  });

  it.each([
    ['no object', [ENTRY], 'the document is not a JSON object'],
    ['nothing', undefined, 'the document is not a JSON object'],
    ['an empty document', {}, 'models: no usable entry'],
    ['no usable model', { models: { a: {} } }, 'models: no usable entry'],
    ['models that are no object', { models: [ENTRY], routing: {} }, 'models: expected an object'],
    [
      'providers that are no object',
      { models: { a: ENTRY }, providers: 'none' },
      'providers: expected an object',
    ],
    [
      'an unknown part',
      { models: { a: ENTRY }, model: {} },
      'model: unknown part; a document has models, providers, policies, routing',
    ],
    [
      'a bad routing part',
      { models: { a: ENTRY }, routing: { fallback: { maxRetries: 9 } } },
      'routing.fallback.maxRetries: Too big: expected number to be <=3',
    ],
  ])('refuses a document with %s as a whole', (_, document, problem) => {
    const compiled = compile(document);

    expect(compiled).toMatchObject({ type: 'invalid' });
    expect(compiled.type === 'invalid' && compiled.problems[0]).toBe(problem);
  });

  it('refuses more than 2,000 models (F78)', () => {
    const models = Object.fromEntries(Array.from({ length: 2001 }, (_, at) => [`m${at}`, ENTRY]));

    expect(compile({ models })).toEqual({ type: 'invalid', problems: ['models: more than 2000'] });
  });

  it('has nothing to say against the entries of the copy that the Worker brings', () => {
    const { models, quarantined } = registryOf(bundled);

    const ofUnknownProviders = quarantined.filter((line) => line.includes('is not well known'));
    expect(quarantined).toEqual(ofUnknownProviders);
    expect(models.length + quarantined.length).toBe(Object.keys(bundled.models).length);
  });
});
