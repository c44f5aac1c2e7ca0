import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { DEVELOPMENT_KEY } from './development.ts';
import { type Listening, listen, simulatorPortOf } from './listen.ts';
import { startRouter } from './router.ts';
import { createSimulator, type Simulator } from './simulator.ts';

const HELP = `Starts the router with simulated providers: no account, no key, no network.

  npm start [-- --port 8787] [--state .wrangler/state]

Registry and books are kept in the state directory, so that
"npx wrangler kv key put --binding REGISTRY registry --path src/registry.json --local"
changes the running router within a few seconds.`;

const DEFAULT_PORT = 8787;
const STATE = fileURLToPath(new URL('../../.wrangler/state', import.meta.url));

/** On this machine nothing is gained by looking at the registry less often. */
const REFRESH_SECONDS = '2';

function flag(words: readonly string[], name: string): string | undefined {
  const place = words.indexOf(name);
  return place < 0 ? undefined : (words[place + 1] ?? '');
}

function portFrom(words: readonly string[]): number {
  const port = Number(flag(words, '--port') ?? DEFAULT_PORT);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error('--port needs a number from 1 to 65535');
}

/** A taken port is said at once: the runtime itself would only fail to bind, and wait. */
function checkPort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', () => {
      reject(new Error(`port ${port} is taken: stop what runs there, or name another with --port`));
    });
    probe.listen(port, 'localhost', () => probe.close(() => resolve()));
  });
}

/** One port above the router, where the demo looks for it; any other when that one is taken. */
function listenBeside(port: number, simulator: Simulator): Promise<Listening> {
  return listen(simulator, simulatorPortOf(port)).catch(() => listen(simulator));
}

/** What a person copies to get the first answer. */
function greeting(url: string, simulatorUrl: string): string {
  return `Pointsman routes on ${url}
Providers are simulated on ${simulatorUrl}

Key for this machine: ${DEVELOPMENT_KEY}
Try it:

  curl -i ${url}/v1/chat/completions \\
    -H 'authorization: Bearer ${DEVELOPMENT_KEY}' \\
    -H 'content-type: application/json' \\
    -d '{"model":"auto","messages":[{"role":"user","content":"Hello, who answers?"}]}'

Ctrl-C stops it.
`;
}

async function start(words: readonly string[]): Promise<void> {
  if (words.includes('--help')) return print(HELP);
  const port = portFrom(words);
  await checkPort(port);
  const simulator = await listenBeside(port, createSimulator({ firstMs: 150, gapMs: 15 }));
  const router = await startRouter({
    simulatorUrl: simulator.url,
    port,
    stateDirectory: flag(words, '--state') ?? STATE,
    variables: { REGISTRY_REFRESH_SECONDS: REFRESH_SECONDS },
  });
  print(greeting(router.url, simulator.url));
  await new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await router.close();
  await simulator.close();
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

start(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
