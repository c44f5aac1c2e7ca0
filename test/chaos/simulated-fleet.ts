import type { ModelRegistry, RouterPorts } from '../../src/domain/ports.ts';
import { compileRegistry, type Registry } from '../../src/domain/registry.ts';
import { createApp } from '../../src/ingest/app.ts';
import { IsolateHosts } from '../../src/platform/isolate-hosts.ts';
import {
  IsolateFraming,
  IsolateLatencies,
  IsolateRetries,
  IsolateTokenRatios,
} from '../../src/platform/isolate-measures.ts';
import { ObjectBreakers } from '../../src/platform/object-breakers.ts';
import { ObjectLedger } from '../../src/platform/object-ledger.ts';
import { SecretKeys } from '../../src/platform/secret-keys.ts';
import { adapterOf } from '../../src/providers/index.ts';
import { resolveProvider } from '../../src/providers/resolve-provider.ts';
import { MultiModelRouter } from '../../src/router.ts';
import { DEVELOPMENT_KEY } from '../simulator/development.ts';
import { randomFrom } from '../simulator/plan.ts';
import { createSimulator, type Simulator } from '../simulator/simulator.ts';
import type { Fleet, FleetSetup } from './fleet.ts';
import '../support/like-workers.ts';
import { overConnection, unlessBroken } from './simulated-bytes.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { ENTERED, Life } from './simulated-life.ts';
import { SimulatedObjects } from './simulated-objects.ts';
import { SimulatedTransport } from './simulated-transport.ts';

/** Behind the last request of a run: more than a deadline and a batch of books. */
const LONG_MS = 3_600_000;
/** The isolates that follow killed ones are there in this time. */
const RESTART_MS = 50;

export type SimulatedSetup = Omit<FleetSetup, 'simulatorUrl'> & { readonly seed: number };

type Isolate = {
  readonly life: Life;
  fetch(request: Request): Response | Promise<Response>;
};

/**
 * A fleet of isolates in simulated time, in one process: the router and its parts as they are, over
 * objects and connections that are played. A run can be repeated exactly by its seed.
 */
export class SimulatedFleet implements Fleet {
  readonly clock = new SimulatedClock();
  readonly simulator: Simulator;
  readonly objects: SimulatedObjects;
  readonly #setup: SimulatedSetup;
  readonly #random: () => number;
  #isolates: readonly Isolate[];
  #ids = 0;

  constructor(setup: SimulatedSetup) {
    this.#setup = setup;
    this.#random = randomFrom(setup.seed);
    this.simulator = createSimulator({ firstMs: 200, gapMs: 10, clock: this.clock });
    this.objects = new SimulatedObjects(this.clock, this.#random);
    this.#isolates = this.#start();
  }

  async fetch(at: number, path: string, init: RequestInit): Promise<Response> {
    const isolate = this.#isolates[at % this.#isolates.length];
    if (isolate === undefined) throw new Error('there is no isolate');
    const { life } = isolate;
    const broken = new AbortController();
    const onOver = life.onEnd(() => broken.abort(new Error('the isolate was killed')));
    const request = new Request(`https://router.test${path}`, { ...init, signal: broken.signal });
    // Node aborts the signal of a request no more once that was dropped: here it is kept.
    const leave = (): void => {
      if (!request.signal.aborted) broken.abort(init.signal?.reason);
    };
    init.signal?.addEventListener('abort', leave, { once: true });
    const release = this.clock.hold();
    const answering = ENTERED.run(release, async () => await isolate.fetch(request));
    try {
      const response = await unlessBroken(answering, broken.signal);
      if (response.body !== null)
        return new Response(overConnection(response.body, { broken, onOver }), response);
      onOver();
      return response;
    } catch (error) {
      onOver();
      throw error;
    } finally {
      release();
    }
  }

  async kill(): Promise<void> {
    for (const { life } of this.#isolates) life.end();
    await this.clock.wait(RESTART_MS);
    this.#isolates = this.#start();
  }

  async lines() {
    await this.clock.wait(LONG_MS);
    this.objects.books.closeOverdue(this.clock.now());
    return this.objects.books.lines();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #start(): readonly Isolate[] {
    return Array.from({ length: this.#setup.isolates }, () => this.#isolate());
  }

  #isolate(): Isolate {
    const life = new Life();
    const ports = this.#portsOf(life);
    const app = createApp({
      ...ports,
      router: new MultiModelRouter(ports),
      routerKeys: [DEVELOPMENT_KEY],
      allowedOrigins: new Set(),
    });
    return { life, fetch: (request) => app.fetch(request) };
  }

  #portsOf(life: Life): RouterPorts {
    const { registry: document, onLog } = this.#setup;
    const isolate = {
      clock: life.clockOf(this.clock),
      random: { ratio: this.#random, id: () => this.#id() },
      telemetry: { emit: (event: object) => onLog(JSON.stringify(event)) },
      background: {
        run: (work: Promise<unknown>) => {
          work.catch((error: unknown) => onLog(`background fault: ${String(error)}`));
        },
      },
    };
    const variable = (name: string) => this.#setup.variables[name];
    const registry = registryOf(document, variable);
    const policy = () => registry.current().routing.fallback.circuitBreaker;
    const breakers = new ObjectBreakers({
      ...isolate,
      namespace: this.objects.breakersFor(life),
      policy,
      continent: () => undefined,
    });
    return {
      ...isolate,
      registry,
      breakers,
      hosts: new IsolateHosts({ clock: isolate.clock, breakers, policy }),
      keys: new SecretKeys(variable, isolate.clock),
      latencies: new IsolateLatencies(),
      framing: new IsolateFraming(isolate.clock),
      retries: new IsolateRetries(isolate.clock),
      tokenRatios: new IsolateTokenRatios(),
      transport: new SimulatedTransport(this.simulator, life, this.clock),
      ledger: new ObjectLedger({ ...isolate, namespace: this.objects.ledgersFor(life) }),
      points: { write: (entry) => onLog(JSON.stringify(entry)) },
      adapterOf,
      openPipe: () => new TransformStream<Uint8Array, Uint8Array>(),
    };
  }

  #id(): string {
    this.#ids += 1;
    return this.#ids.toString(16).padStart(32, '0');
  }
}

function registryOf(document: object, variable: (name: string) => string | undefined) {
  const allowedHosts = new Set<string>();
  const compiled = compileRegistry(document, 'chaos', (id, entry) =>
    resolveProvider(id, entry, { allowedHosts, variable }),
  );
  if (compiled.type === 'invalid') throw new Error(compiled.problems.join('; '));
  return new FixedRegistry(compiled.registry);
}

class FixedRegistry implements ModelRegistry {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  ready(): Promise<void> {
    ENTERED.getStore()?.();
    return Promise.resolve();
  }

  current(): Registry {
    return this.#registry;
  }

  state() {
    const { version, models } = this.#registry;
    const counted = { version, models: models.length, problems: [], checkedAt: 0 };
    return { state: 'ok', source: 'kv', ...counted } as const;
  }
}
