import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Miniflare, type WorkerOptions } from 'miniflare';
import { DEVELOPMENT_KEY } from '../simulator/development.ts';
import type { BookedLine } from './evidence.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const COMPATIBILITY = {
  compatibilityDate: '2026-11-01',
  compatibilityFlags: ['enable_request_signal'],
};
/** Books go out in batches of up to a second; a machine under load takes longer. */
const BATCH_MS = 4000;
/** Further away than any request may still be open. */
const LONG_MS = 3_600_000;

export type FleetSetup = {
  readonly isolates: number;
  readonly simulatorUrl: string;
  readonly registry: object;
  /** Worker variables: provider keys and settings. */
  readonly variables: Readonly<Record<string, string>>;
  /** Each line that the Workers log. */
  readonly onLog: (line: string) => void;
};

/** Several isolates of the router over the same breakers, books and registry. */
export type Fleet = {
  /** One request at one of the isolates. @throws when the connection breaks, or `signal` aborts. */
  fetch(isolate: number, path: string, init: RequestInit): Promise<Response>;
  /** Kills every isolate, with all that it has in memory and under way, and starts new ones. */
  kill(): Promise<void>;
  /** The books when all work has ended, and what nobody could close was closed by the reconciler. */
  lines(): Promise<readonly BookedLine[]>;
  close(): Promise<void>;
};

/** Isolates in the Workers runtime, each on a port of its own. */
export async function startFleet(setup: FleetSetup): Promise<Fleet> {
  const script = bundle();
  const state = mkdtempSync(join(tmpdir(), 'pointsman-chaos-'));
  const options = () => optionsOf(setup, script, state);
  const miniflare = new Miniflare(options());
  await miniflare.ready;
  const kv = await miniflare.getKVNamespace('REGISTRY', 'objects');
  await kv.put('registry', JSON.stringify(setup.registry));
  let urls = await urlsOf(miniflare, setup.isolates);
  return {
    fetch: (isolate, path, init) => fetch(`${urls[isolate % urls.length]}${path}`, init),
    kill: async () => {
      await miniflare.setOptions(options());
      urls = await urlsOf(miniflare, setup.isolates);
    },
    lines: async () => {
      await new Promise((resolve) => setTimeout(resolve, BATCH_MS));
      const ledger = await miniflare.getDurableObjectNamespace('LEDGER', 'objects');
      const books = ledger.get(ledger.idFromName('owner')) as unknown as {
        lines(): Promise<BookedLine[]>;
        closeOverdue(now: number): Promise<void>;
      }; // the class is known, Miniflare's proxy is not typed by it
      await books.closeOverdue(Date.now() + LONG_MS);
      return await books.lines();
    },
    close: async () => {
      await miniflare.dispose();
      rmSync(state, { recursive: true, force: true });
    },
  };
}
/** The Worker as it is deployed. */
function bundle(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pointsman-bundle-'));
  const words = ['wrangler', 'deploy', '--dry-run', '--outdir', folder];
  execFileSync('npx', words, { cwd: PROJECT, stdio: 'pipe' });
  const script = readFileSync(join(folder, 'index.js'), 'utf8');
  rmSync(folder, { recursive: true, force: true });
  return script;
}

function optionsOf(setup: FleetSetup, script: string, state: string) {
  const names = Array.from({ length: setup.isolates }, (_, at) => `isolate-${at}`);
  return {
    workers: ['objects', ...names].map((name) => workerOf(name, setup, script)),
    defaultPersistRoot: state,
    kvPersist: true,
    durableObjectsPersist: true,
    handleRuntimeStdio: (stdout: NodeJS.ReadableStream, stderr: NodeJS.ReadableStream) => {
      for (const stream of [stdout, stderr]) {
        stream.on('data', (piece: Buffer) => {
          for (const line of piece.toString().split('\n')) if (line !== '') setup.onLog(line);
        });
      }
    },
  };
}

function workerOf(name: string, setup: FleetSetup, script: string): WorkerOptions {
  const scriptName = name === 'objects' ? {} : { scriptName: 'objects' };
  return {
    name,
    ...COMPATIBILITY,
    modules: [{ type: 'ESModule', path: 'index.js', contents: script }],
    kvNamespaces: ['REGISTRY'],
    durableObjects: {
      MODEL_BREAKER: { className: 'ModelBreaker', useSQLite: true, ...scriptName },
      LEDGER: { className: 'Ledger', useSQLite: true, ...scriptName },
    },
    analyticsEngineDatasets: { COSTS: { dataset: 'costs' } },
    bindings: {
      ...setup.variables,
      ROUTER_KEY: DEVELOPMENT_KEY,
      SIMULATOR_URL: setup.simulatorUrl,
      REGISTRY_REFRESH_SECONDS: '5',
    },
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  };
}

async function urlsOf(miniflare: Miniflare, isolates: number): Promise<string[]> {
  const names = Array.from({ length: isolates }, (_, at) => `isolate-${at}`);
  const urls = await Promise.all(names.map((name) => miniflare.unsafeGetDirectURL(name)));
  return urls.map((url) => url.origin);
}
