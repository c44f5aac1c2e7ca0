import { env } from 'cloudflare:workers';
import type { Bindings } from '../../src/platform/env.ts';

/** The bindings of `wrangler.toml`, and the variables that the test configuration sets. */
export const bindings = env as unknown as Bindings & {
  readonly SIMULATOR_URL: string;
};

/** An object's stub by its name, and so by the name of a model or a tenant. */
export function breakerObject(model: string) {
  return bindings.MODEL_BREAKER.get(bindings.MODEL_BREAKER.idFromName(model));
}

export function ledgerObject(tenant: string) {
  return bindings.LEDGER.get(bindings.LEDGER.idFromName(tenant));
}
