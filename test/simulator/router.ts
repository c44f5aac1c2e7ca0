import { fileURLToPath } from 'node:url';
import { unstable_startWorker } from 'wrangler';
import { DEVELOPMENT_KEY, simulatedSecrets } from './development.ts';

const CONFIG = fileURLToPath(new URL('../../wrangler.toml', import.meta.url));

export type RouterSetup = {
  readonly simulatorUrl: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Where KV and Durable Objects keep their state; in memory when undefined. */
  readonly stateDirectory?: string;
  /** Worker variables beside those of the simulated providers. */
  readonly variables?: Readonly<Record<string, string>>;
};

export type RunningRouter = {
  /** E.g. `http://localhost:8787`. */
  readonly url: string;
  close(): Promise<void>;
};

/** Runs the Worker in the Workers runtime, with every provider played by the simulator. */
export async function startRouter(setup: RouterSetup): Promise<RunningRouter> {
  process.env['WRANGLER_SEND_METRICS'] = 'false';
  process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false';
  const variables = {
    ...simulatedSecrets(),
    ROUTER_KEY: DEVELOPMENT_KEY,
    SIMULATOR_URL: setup.simulatorUrl,
    ...setup.variables,
  };
  const worker = await unstable_startWorker({
    config: CONFIG,
    envFiles: [],
    bindings: Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, { type: 'plain_text', value }]),
    ),
    dev: {
      server: { hostname: 'localhost', port: setup.port },
      inspector: false,
      remote: false,
      watch: false,
      persist: setup.stateDirectory ?? false,
      logLevel: 'error',
    },
  });
  await worker.ready;
  const url = await worker.url;
  return { url: url.origin, close: () => worker.dispose() };
}
