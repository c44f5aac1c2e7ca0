import * as z from 'zod';
import type { Ledger } from './ledger-object.ts';
import type { ModelBreaker } from './model-breaker.ts';

/** What `wrangler.toml` binds. */
export type Bindings = {
  readonly REGISTRY: KVNamespace;
  readonly MODEL_BREAKER: DurableObjectNamespace<ModelBreaker>;
  readonly LEDGER: DurableObjectNamespace<Ledger>;
  readonly COSTS: AnalyticsEngineDataset;
};

/** Bindings, variables and secrets, checked. */
export type Settings = Bindings & {
  /** The owner's keys; none means that every request is refused. */
  readonly routerKeys: readonly string[];
  /** Exact origins that browsers may call from. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** Provider hosts that a registry may name beside the built-in ones. */
  readonly providerHosts: ReadonlySet<string>;
  /** Where `https` calls go instead of their host; for development, loopback only. */
  readonly simulatorUrl: string | undefined;
  readonly registryRefreshMs: number;
  /** A variable or secret by name; undefined when it is not set or empty. */
  variable(name: string): string | undefined;
};

const list = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((item) => item.trim()))
  .transform((items) => items.filter((item) => item !== ''));

const LOOPBACK_URL = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

const variablesSchema = z.object({
  ROUTER_KEY: list,
  ALLOWED_ORIGINS: list,
  PROVIDER_HOSTS: list,
  SIMULATOR_URL: z.string().regex(LOOPBACK_URL, 'must be http on loopback').optional(),
  /** KV itself holds a read for at least 30 s, so less than that helps in tests only. */
  REGISTRY_REFRESH_SECONDS: z.coerce.number().min(0.1).max(3600).default(30),
});

const BINDINGS = ['REGISTRY', 'MODEL_BREAKER', 'LEDGER', 'COSTS'] as const;

/** Unchecked in, checked out. @throws Error that names what is missing or wrong, never a value. */
export function readSettings(env: unknown): Settings {
  const record = env as Readonly<Record<string, unknown>>; // what the runtime gives is an object
  const missing = BINDINGS.filter((name) => record[name] === undefined);
  if (missing.length > 0) throw new Error(`wrangler.toml does not bind ${missing.join(', ')}`);
  const variables = variablesSchema.safeParse(record);
  if (!variables.success) {
    const issues = variables.error.issues.map(
      (issue) => `${issue.path.join('.')} ${issue.message}`,
    );
    throw new Error(`Worker variables: ${issues.join('; ')}`);
  }
  const { data } = variables;
  return {
    ...(record as Bindings), // all of them are there, see above
    routerKeys: data.ROUTER_KEY,
    allowedOrigins: new Set(data.ALLOWED_ORIGINS),
    providerHosts: new Set(data.PROVIDER_HOSTS),
    simulatorUrl: data.SIMULATOR_URL,
    registryRefreshMs: data.REGISTRY_REFRESH_SECONDS * 1000,
    variable: (name) => {
      const value = record[name];
      return typeof value === 'string' && value !== '' ? value : undefined;
    },
  };
}
