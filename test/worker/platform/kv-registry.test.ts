import { describe, expect, it } from 'vitest';
import { clock } from '../../../src/platform/isolate.ts';
import { KvRegistry } from '../../../src/platform/kv-registry.ts';
import { resolveProvider } from '../../../src/providers/resolve-provider.ts';
import bundled from '../../../src/registry.json';
import { aModelEntry } from '../../support/builders.ts';
import { bindings } from '../bindings.ts';

let namespaces = 0;

/** A key of its own in the real namespace, and a registry that reads it at each look. */
function aPublishedRegistry(fields: { readonly get?: () => Promise<string | null> } = {}) {
  namespaces += 1;
  const key = `registry-${namespaces}`;
  const work: Promise<unknown>[] = [];
  const get = fields.get ?? (() => bindings.REGISTRY.get(key, { type: 'text', cacheTtl: 30 }));
  const registry = new KvRegistry({
    namespace: { get } as unknown as KVNamespace, // the one method that is used
    clock,
    background: { run: (promise) => work.push(promise) },
    refreshMs: 0,
    resolveProvider: (id, entry) =>
      resolveProvider(id, entry, { allowedHosts: new Set(['llm.example']), variable: () => 'set' }),
    bundled,
  });
  /** What a request does: it takes what is there, and the refresh goes on behind it. */
  const look = async () => {
    await registry.ready();
    await Promise.all(work);
    return registry.state();
  };
  const publish = (document: unknown) =>
    bindings.REGISTRY.put(key, typeof document === 'string' ? document : JSON.stringify(document));
  return { registry, look, publish, ids: () => registry.current().models.map(({ id }) => id) };
}

const ENTRY = aModelEntry();

describe('KvRegistry', () => {
  it('serves the bundled copy where nothing was published', async () => {
    const { registry, look } = aPublishedRegistry();

    const state = await look();

    expect(state).toMatchObject({ source: 'bundled', version: 'bundled' });
    expect(registry.current().models.length).toBeGreaterThan(20);
  });

  it('takes a bare record of entries', async () => {
    const { look, publish, ids } = aPublishedRegistry();
    await publish({ 'openai/a': ENTRY, 'openai/b': ENTRY });

    expect(await look()).toMatchObject({ state: 'ok', source: 'kv', models: 2, problems: [] });
    expect(ids()).toEqual(['openai/a', 'openai/b']);
  });

  it('takes a document with parts', async () => {
    const { registry, look, publish, ids } = aPublishedRegistry();
    await publish({
      models: { 'house/a': { ...ENTRY, provider: 'house' } },
      providers: { house: { wire: 'openai', baseUrl: 'https://llm.example/v1' } },
      policies: { night: { objective: 'cost' } },
      routing: { evaluation: { maxCandidates: 2 } },
    });

    expect(await look()).toMatchObject({ state: 'ok', models: 1 });
    expect(ids()).toEqual(['house/a']);
    expect([...registry.current().policies.keys()]).toEqual(['night']);
    expect(registry.current().routing.evaluation.maxCandidates).toBe(2);
  });

  it('reads the first document before it serves, and later ones behind the requests', async () => {
    const { registry, look, publish, ids } = aPublishedRegistry();
    await publish({ 'openai/old': ENTRY });
    await registry.ready();
    expect(ids()).toEqual(['openai/old']);

    await publish({ 'openai/new': ENTRY });
    await registry.ready();
    expect(ids()).toEqual(['openai/old']);
    await look();

    expect(ids()).toEqual(['openai/new']);
  });

  it('names a version by its text', async () => {
    const one = aPublishedRegistry();
    const other = aPublishedRegistry();
    await one.publish({ 'openai/a': ENTRY });
    await other.publish({ 'openai/a': ENTRY });

    const { version } = await one.look();

    expect((await other.look()).version).toBe(version);
    await one.publish({ 'openai/b': ENTRY });
    expect((await one.look()).version).not.toBe(version);
  });

  it.each([
    ['is not JSON', '{"models": ', 'the document is not a JSON object'],
    ['has no models', {}, 'models: no usable entry'],
    [
      'has an unknown part',
      { models: { a: ENTRY }, polices: {} },
      'polices: unknown part; a document has models, providers, policies, routing',
    ],
    [
      'has a bad routing part',
      { models: { a: ENTRY }, routing: { fallback: { maxRetries: 99 } } },
      'routing.fallback.maxRetries: ',
    ],
    [
      'has no entry that can be used',
      { 'openai/a': { provider: 'openai' } },
      'models: no usable entry',
    ],
    [
      'is larger than a megabyte',
      JSON.stringify({ 'openai/a': ENTRY, note: 'x'.repeat(1_048_576) }),
      'larger than 1048576 bytes',
    ],
  ])('F78 keeps the last good document when a new one %s', async (_, document, problem) => {
    const { look, publish, ids } = aPublishedRegistry();
    await publish({ 'openai/good': ENTRY });
    const { version } = await look();

    await publish(document);
    const state = await look();

    expect(state).toMatchObject({ state: 'invalid', source: 'kv', version });
    expect(state.problems[0]).toContain(problem);
    expect(ids()).toEqual(['openai/good']);
    await publish({ 'openai/mended': ENTRY });
    expect(await look()).toMatchObject({ state: 'ok', problems: [] });
    expect(ids()).toEqual(['openai/mended']);
  });

  it('F78 begins with the bundled copy where the first document is broken', async () => {
    const { registry, look, publish } = aPublishedRegistry();
    await publish('{');

    expect(await look()).toMatchObject({ state: 'invalid', source: 'bundled' });
    expect(registry.current().models.length).toBeGreaterThan(20);
  });

  it('F78 leaves out a bad entry, names it, and serves the rest', async () => {
    const { look, publish, ids } = aPublishedRegistry();
    await publish({
      'openai/good': ENTRY,
      'openai/negative': { ...ENTRY, costPer1kInputTokens: -1 },
      'house/nowhere': { ...ENTRY, provider: 'house' },
      'OpenAI/Capitals': ENTRY,
    });

    const { state, problems } = await look();

    expect(state).toBe('quarantined');
    expect(ids()).toEqual(['openai/good']);
    expect(problems).toHaveLength(3);
    expect(problems.join('\n')).toContain('models.openai/negative.costPer1kInputTokens');
    expect(problems.join('\n')).toContain(
      'models.house/nowhere: provider "house" is not well known',
    );
    expect(problems.join('\n')).toContain('models.OpenAI/Capitals');
  });

  it('F79 leaves out a model whose provider is at a host that nobody allowed', async () => {
    const { look, publish, ids } = aPublishedRegistry();
    await publish({
      models: { 'openai/good': ENTRY, 'house/a': { ...ENTRY, provider: 'house' } },
      providers: { house: { wire: 'openai', baseUrl: 'https://evil.example/v1' } },
    });

    const { problems } = await look();

    expect(ids()).toEqual(['openai/good']);
    expect(problems.join()).toContain('host evil.example is not in PROVIDER_HOSTS');
  });

  it('F77 goes on with what it has while KV cannot be read', async () => {
    let read = (): Promise<string | null> =>
      Promise.resolve(JSON.stringify({ 'openai/kept': ENTRY }));
    const { look, ids } = aPublishedRegistry({ get: () => read() });
    await look();

    read = () => Promise.reject(new Error('KV GET failed: 503'));
    expect(await look()).toMatchObject({ state: 'unreachable', source: 'kv' });
    expect(ids()).toEqual(['openai/kept']);

    read = () => Promise.resolve(JSON.stringify({ 'openai/kept': ENTRY }));
    expect(await look()).toMatchObject({ state: 'ok' });
  });

  it('F78 still says what is wrong with a document when KV was away in between', async () => {
    let read = (): Promise<string | null> => Promise.resolve('{"openai/bad": 5}');
    const { look } = aPublishedRegistry({ get: () => read() });
    const invalid = await look();

    read = () => Promise.reject(new Error('KV GET failed: 503'));
    const away = await look();
    read = () => Promise.resolve('{"openai/bad": 5}');
    const back = await look();

    expect([invalid.state, away.state, back.state]).toEqual(['invalid', 'unreachable', 'invalid']);
    expect(back.problems).toEqual(invalid.problems);
  });

  it('F77 waits no longer than a second for a first read that hangs', async () => {
    const { registry } = aPublishedRegistry({ get: () => new Promise(() => undefined) });
    const before = Date.now();

    await registry.ready();

    expect(Date.now() - before).toBeLessThan(2000);
    expect(registry.current().version).toBe('bundled');
  });
});
