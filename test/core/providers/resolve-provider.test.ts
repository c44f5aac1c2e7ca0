import { describe, expect, it } from 'vitest';
import { VENDORS } from '../../../src/providers/catalog.ts';
import { resolveProvider } from '../../../src/providers/resolve-provider.ts';

const SETTINGS = { allowedHosts: new Set<string>(), variable: () => 'eu-west-1' };

describe('resolveProvider', () => {
  it('takes the catalog entry for the wire that is asked for', () => {
    expect(resolveProvider('bedrock', { wire: 'anthropic' }, SETTINGS)).toMatchObject({
      id: 'bedrock',
      vendor: 'bedrock-invoke',
      wire: 'anthropic',
      baseUrl: 'https://bedrock-runtime.eu-west-1.amazonaws.com',
    });
    expect(resolveProvider('bedrock', undefined, SETTINGS)).toMatchObject({
      id: 'bedrock',
      vendor: 'bedrock',
      wire: 'bedrock',
    });
  });

  it('does not promise the parameters of one wire over another', () => {
    const provider = resolveProvider('openai', { wire: 'openai-responses' }, SETTINGS);
    const unknown = resolveProvider('groq', { wire: 'anthropic' }, SETTINGS);

    expect(provider).toMatchObject({ vendor: 'openai-responses' });
    expect(typeof provider !== 'string' && provider.parameters.has('stop')).toBe(false);
    expect(typeof unknown !== 'string' && unknown.parameters.has('top-k')).toBe(true);
  });

  it('keeps the vendor when a registry names its own wire', () => {
    expect(resolveProvider('groq', { wire: 'anthropic' }, SETTINGS)).toMatchObject({
      vendor: 'groq',
      wire: 'anthropic',
    });
  });
});

describe('resolveProvider of documents by address', () => {
  it.each([
    ['openai', undefined, false],
    ['openai', 'openai-responses', true],
    ['mistral', undefined, true],
    ['anthropic', undefined, true],
    ['google', undefined, true],
    ['bedrock', undefined, false],
  ] as const)('says of %s by %s: %s', (id, wire, takesFileUrls) => {
    const entry = wire && { wire };

    expect(resolveProvider(id, entry, SETTINGS)).toMatchObject({ takesFileUrls });
  });
});

describe('resolveProvider of whole answers that nobody waits for (F71)', () => {
  it.each([
    ['bedrock', undefined, true],
    ['bedrock', 'anthropic', true],
    ['bedrock', 'openai', true],
    ['bedrock', 'openai-responses', true],
    ['openai', undefined, false],
    ['anthropic', undefined, false],
    ['vertex', undefined, false],
  ] as const)('says of %s by %s whether they are billed: %s', (id, wire, billsInFull) => {
    const entry = wire && { wire };

    expect(resolveProvider(id, entry, SETTINGS)).toMatchObject({ billsInFull });
  });
});

describe('VENDORS', () => {
  it.each(
    Object.entries(VENDORS).flatMap(([id, vendor]) =>
      Object.entries(vendor.alsoSpeaks ?? {}).map(
        ([wire, variant]) => [id, wire, variant] as const,
      ),
    ),
  )('has the entry by which %s speaks %s', (_, wire, variant) => {
    expect(VENDORS[variant]?.wire).toBe(wire);
  });
});
