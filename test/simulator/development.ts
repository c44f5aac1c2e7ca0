import { VENDORS } from '../../src/providers/catalog.ts';

/** The key that opens a router started for development; useless anywhere else. */
export const DEVELOPMENT_KEY = 'pm-development-key';

const PLACEHOLDER = /\{([A-Z0-9_]+)\}/g;

/** A key for every well-known provider, and a value for every variable in an address. */
export function simulatedSecrets(): Record<string, string> {
  const names = Object.values(VENDORS).flatMap(({ secret, baseUrl }) => {
    const variables = Array.from(baseUrl.matchAll(PLACEHOLDER), ([, name]) => name ?? '');
    return secret === undefined ? variables : [...variables, secret];
  });
  return Object.fromEntries(names.map((name) => [name, 'simulated']));
}
