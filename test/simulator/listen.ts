import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ConnectionReset } from './respond.ts';
import type { Simulator } from './simulator.ts';

export type Listening = {
  /** E.g. `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
};

/** Where the simulator of a router on that port is expected. */
export function simulatorPortOf(routerPort: number): number {
  return routerPort + 1;
}

/** Serves a simulator on loopback; port 0 takes a free one. A broken body breaks the connection. */
export async function listen(simulator: Pick<Simulator, 'fetch'>, port = 0): Promise<Listening> {
  const server = createServer((incoming, outgoing) => {
    void serve(simulator, incoming, outgoing);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  simulator: Pick<Simulator, 'fetch'>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const leaving = new AbortController();
  outgoing.once('close', () => leaving.abort());
  try {
    const response = await simulator.fetch(await toRequest(incoming, leaving.signal));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.flushHeaders();
    if (response.body !== null) await pump(response.body, outgoing);
    outgoing.end();
  } catch (error) {
    if (!(error instanceof ConnectionReset) && !leaving.signal.aborted) {
      process.stderr.write(`simulator: ${String(error)}\n`);
    }
    outgoing.destroy();
  }
}

async function toRequest(incoming: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const pieces: Uint8Array[] = [];
  for await (const piece of incoming) pieces.push(piece as Uint8Array); // no encoding is set
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, String(value));
  }
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const url = `http://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`;
  return new Request(url, {
    method,
    headers,
    signal,
    ...(hasBody ? { body: Buffer.concat(pieces) } : {}),
  });
}

/** Every chunk at once, but never faster than the client reads. */
async function pump(body: ReadableStream<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (outgoing.destroyed) {
      await reader.cancel();
      return;
    }
    if (!outgoing.write(value)) await drained(outgoing);
  }
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    outgoing.once('drain', resolve);
    outgoing.once('close', resolve);
  });
}
