import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getPlatformProxy } from 'wrangler';
import type { SimulatedCall } from '../simulator/calls.ts';
import { DEVELOPMENT_KEY } from '../simulator/development.ts';
import { listen } from '../simulator/listen.ts';
import { startRouter } from '../simulator/router.ts';
import { createSimulator, type Simulator, type SimulatorConfig } from '../simulator/simulator.ts';

/** The Worker in its runtime, with the simulator behind it and a registry in KV. */
export type Stage = {
  /** E.g. `http://localhost:41234`. */
  readonly url: string;
  readonly simulator: Simulator;
  readonly simulatorUrl: string;
  /** The bodies that reached the simulator, as they came, in order. */
  readonly received: readonly string[];
  /** Forgets plan, calls and bodies. */
  reset(): void;
  /** Puts a document into KV and waits until the Worker has looked at it. */
  publish(document: unknown): Promise<void>;
  close(): Promise<void>;
};

export type StageSetup = {
  readonly registry: unknown;
  readonly simulator?: SimulatorConfig;
  readonly variables?: Readonly<Record<string, string>>;
};

/** Small enough that no test waits for it. */
const REFRESH_SECONDS = '0.1';

export async function openStage(setup: StageSetup): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'pointsman-'));
  const kv = await openKv(directory);
  await kv.put(textOf(setup.registry));
  const received: string[] = [];
  const simulator = createSimulator({
    firstMs: 1,
    gapMs: 0,
    keepsBodies: true,
    ...setup.simulator,
  });
  const listening = await listen({ fetch: (request) => noted(request, received, simulator) });
  const router = await startRouter({
    simulatorUrl: listening.url,
    port: 0,
    stateDirectory: directory,
    variables: { REGISTRY_REFRESH_SECONDS: REFRESH_SECONDS, ...setup.variables },
  });
  return {
    url: router.url,
    simulator,
    simulatorUrl: listening.url,
    received,
    reset: () => {
      simulator.reset();
      received.length = 0;
    },
    publish: async (document) => {
      await kv.put(textOf(document));
      // A look that began before may end after; the one behind it has seen the document.
      await nextLook(router.url);
      await nextLook(router.url);
    },
    close: async () => {
      await Promise.all([router.close(), kv.close()]);
      await listening.close();
      await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function textOf(document: unknown): string {
  return typeof document === 'string' ? document : JSON.stringify(document);
}

async function noted(
  request: Request,
  received: string[],
  simulator: Simulator,
): Promise<Response> {
  if (request.method === 'POST') received.push(await request.clone().text());
  return simulator.fetch(request);
}

/** Waits until the Worker has looked at its registry once more. */
async function nextLook(url: string): Promise<void> {
  const before = await lastLook(url);
  await eventually(async () => (await lastLook(url)) !== before);
}

async function lastLook(url: string): Promise<string> {
  const health = await (await fetch(`${url}/health`)).json();
  return (health as { registry: { checkedAt: string } }).registry.checkedAt; // as the API has it
}

/** The namespace of the Worker under test, from outside: as `wrangler kv key put --local` has it. */
async function openKv(directory: string) {
  const configPath = join(directory, 'wrangler.json');
  const config = { name: 'registry', kv_namespaces: [{ binding: 'REGISTRY' }] };
  await writeFile(configPath, JSON.stringify({ ...config, compatibility_date: '2026-11-01' }));
  const proxy = await getPlatformProxy<{ REGISTRY: KvNamespace }>({
    configPath,
    envFiles: [],
    persist: { path: join(directory, 'v3') },
  });
  return {
    put: (text: string) => proxy.env.REGISTRY.put('registry', text),
    close: () => proxy.dispose(),
  };
}

type KvNamespace = { put(key: string, text: string): Promise<void> };

/** Waits until something is so, for as long as a slow machine may need. */
export async function eventually(
  isSo: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const until = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > until) throw new Error(`it was not so within ${withinMs} ms: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const HEADERS = {
  authorization: `Bearer ${DEVELOPMENT_KEY}`,
  'content-type': 'application/json',
};

/** A Chat Completions request with the development key. */
export function chat(
  stage: Pick<Stage, 'url'>,
  body: object | string,
  init: { readonly signal?: AbortSignal; readonly headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(`${stage.url}/v1/chat/completions`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
    headers: { ...HEADERS, ...init.headers },
  });
}

/** Any of the endpoints that tell something, as JSON. */
export async function read<T>(stage: Pick<Stage, 'url'>, path: string): Promise<T> {
  const response = await fetch(`${stage.url}${path}`, { headers: HEADERS });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T; // the caller says what it expects there
}

/** The calls of a model, by its provider's name for it. */
export function callsOf(stage: Stage, model: string): readonly SimulatedCall[] {
  return stage.simulator.calls().filter((call) => call.model === model);
}
