import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../src/platform/env.ts';
import { bindings } from '../bindings.ts';

const { REGISTRY, MODEL_BREAKER, LEDGER, COSTS } = bindings;
const BOUND = { REGISTRY, MODEL_BREAKER, LEDGER, COSTS };

describe('readSettings', () => {
  it('needs nothing but the bindings', () => {
    const settings = readSettings(BOUND);

    expect(settings.routerKeys).toEqual([]);
    expect([...settings.allowedOrigins, ...settings.providerHosts]).toEqual([]);
    expect(settings.simulatorUrl).toBeUndefined();
    expect(settings.registryRefreshMs).toBe(30_000);
  });

  it('reads lists without their spaces and gaps', () => {
    const settings = readSettings({
      ...BOUND,
      ROUTER_KEY: ' one, two ,,three',
      ALLOWED_ORIGINS: 'https://a.example,https://b.example',
      PROVIDER_HOSTS: 'llm.example',
    });

    expect(settings.routerKeys).toEqual(['one', 'two', 'three']);
    expect([...settings.allowedOrigins]).toEqual(['https://a.example', 'https://b.example']);
    expect([...settings.providerHosts]).toEqual(['llm.example']);
  });

  it('names every binding that is missing', () => {
    expect(() => readSettings({ REGISTRY })).toThrow(
      'wrangler.toml does not bind MODEL_BREAKER, LEDGER, COSTS',
    );
  });

  it.each([
    ['SIMULATOR_URL', 'https://simulator.example', 'SIMULATOR_URL must be http on loopback'],
    ['SIMULATOR_URL', 'http://127.0.0.1.evil.example', 'SIMULATOR_URL must be http on loopback'],
    ['REGISTRY_REFRESH_SECONDS', 'soon', 'REGISTRY_REFRESH_SECONDS'],
    ['REGISTRY_REFRESH_SECONDS', '0', 'REGISTRY_REFRESH_SECONDS'],
  ])('names %s when it is %s, and never the value', (name, value, message) => {
    const reading = () => readSettings({ ...BOUND, [name]: value });

    expect(reading).toThrow(message);
    expect(reading).not.toThrow(value.length > 4 ? value : 'never shown');
  });

  it('gives variables by name, and none for what is empty or no text', () => {
    const { variable } = readSettings({ ...BOUND, OPENAI_API_KEY: 'sk-1', GROQ_API_KEY: '' });

    expect(variable('OPENAI_API_KEY')).toBe('sk-1');
    expect(variable('GROQ_API_KEY')).toBeUndefined();
    expect(variable('REGISTRY')).toBeUndefined();
    expect(variable('toString')).toBeUndefined();
  });
});
