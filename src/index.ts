import { env } from 'cloudflare:workers';
import type { RouterPorts } from './domain/ports.ts';
import { createApp } from './ingest/app.ts';
import { AnalyticsPoints } from './platform/analytics-points.ts';
import { readSettings, type Settings } from './platform/env.ts';
import { FetchTransport } from './platform/fetch-transport.ts';
import {
  background,
  clock,
  IsolatePlace,
  openPipe,
  random,
  telemetry,
} from './platform/isolate.ts';
import { IsolateHosts } from './platform/isolate-hosts.ts';
import {
  IsolateFraming,
  IsolateLatencies,
  IsolateRetries,
  IsolateTokenRatios,
} from './platform/isolate-measures.ts';
import { KvRegistry } from './platform/kv-registry.ts';
import { ObjectBreakers } from './platform/object-breakers.ts';
import { ObjectLedger } from './platform/object-ledger.ts';
import { SecretKeys } from './platform/secret-keys.ts';
import { adapterOf } from './providers/index.ts';
import { resolveProvider } from './providers/resolve-provider.ts';
import bundled from './registry.json';
import { MultiModelRouter } from './router.ts';

export { Ledger } from './platform/ledger-object.ts';
export { ModelBreaker } from './platform/model-breaker.ts';

function connect(settings: Settings): RouterPorts {
  const { variable, providerHosts: allowedHosts } = settings;
  const isolate = { clock, random, background, telemetry };
  const registry = new KvRegistry({
    ...isolate,
    namespace: settings.REGISTRY,
    refreshMs: settings.registryRefreshMs,
    resolveProvider: (id, entry) => resolveProvider(id, entry, { allowedHosts, variable }),
    bundled,
  });
  const policy = () => registry.current().routing.fallback.circuitBreaker;
  const breakers = new ObjectBreakers({
    ...isolate,
    namespace: settings.MODEL_BREAKER,
    policy,
    continent: () => place.continent(),
  });
  return {
    ...isolate,
    registry,
    breakers,
    hosts: new IsolateHosts({ clock, breakers, policy }),
    keys: new SecretKeys(variable, clock),
    latencies: new IsolateLatencies(),
    retries: new IsolateRetries(clock),
    tokenRatios: new IsolateTokenRatios(),
    framing: new IsolateFraming(clock),
    transport: new FetchTransport(settings.simulatorUrl),
    ledger: new ObjectLedger({ ...isolate, namespace: settings.LEDGER }),
    points: new AnalyticsPoints(settings.COSTS),
    adapterOf,
    openPipe,
  };
}

const place = new IsolatePlace();
const settings = readSettings(env);
const ports = connect(settings);
const { routerKeys, allowedOrigins } = settings;
const app = createApp({
  ...ports,
  router: new MultiModelRouter(ports),
  routerKeys,
  allowedOrigins,
});

// biome-ignore lint/style/noDefaultExport: the Workers runtime reads the entry from the default export
export default {
  fetch: (request, bindings, context) => {
    place.note(request);
    return app.fetch(request, bindings, context);
  },
} satisfies ExportedHandler<object>;
