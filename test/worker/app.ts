import { exports } from 'cloudflare:workers';
import { vi } from 'vitest';
import { DEVELOPMENT_KEY } from '../simulator/development.ts';
import { aModelEntry } from '../support/builders.ts';
import { bindings } from './bindings.ts';
import { playFaults } from './simulator.ts';

/** The Worker itself, asked over HTTP as it is deployed. */
const worker = (exports as unknown as { readonly default: Fetcher }).default; // `src/index.ts`

export function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return worker.fetch(`https://router.example${path}`, init);
}

const KEY = { authorization: `Bearer ${DEVELOPMENT_KEY}` };

export function get(path: string): Promise<Response> {
  return ask(path, { headers: KEY });
}

/** A request with the owner's key, of JSON unless it is text already. */
export function post(
  path: string,
  body: object | string | ReadableStream,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const isJson = typeof body === 'object' && !(body instanceof ReadableStream);
  return ask(path, {
    method: 'POST',
    body: isJson ? JSON.stringify(body) : body,
    headers: { ...KEY, 'content-type': 'application/json', ...headers },
  });
}

export const CHAT = '/v1/chat/completions';

/** A request that is right in everything, changed where a test wants it wrong. */
export function aBody(fields: object = {}): object {
  return { model: 'auto', messages: [{ role: 'user', content: 'Hello' }], ...fields };
}

export type ErrorBody = {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
    readonly request_id: string;
    readonly availability?: {
      readonly excluded_by: readonly { readonly model: string; readonly reason: string }[];
      readonly constraint: string;
      readonly relax: readonly string[];
    };
  };
};

/** Status and error of an answer, for comparing both at once. */
export async function errorOf(
  response: Response,
): Promise<{ status: number } & ErrorBody['error']> {
  const { error } = await response.json<ErrorBody>();
  return { status: response.status, ...error };
}

function anEntry(provider: string, costPer1k: number, fields: object = {}) {
  const price = { costPer1kInputTokens: costPer1k, costPer1kOutputTokens: costPer1k };
  return aModelEntry({ provider, ...price, ...fields });
}

/** Three models; by cost the order is always the same. */
const DOCUMENT = {
  models: {
    'openai/first': anEntry('openai', 0.0001, { quality: { general: 0.5, code: 0.25 } }),
    'anthropic/second': anEntry('anthropic', 0.001, { compliance: ['pii_safe'], regions: ['eu'] }),
    'groq/vendor/with/slashes': anEntry('groq', 0.01, {
      maxContextTokens: 8000,
      supportsVision: false,
      supportsFunctionCalling: false,
    }),
  },
  policies: { frugal: { objective: 'cost' } },
  routing: { evaluation: { scoreWeights: { cost: 1, latency: 0, capabilityMatch: 0 } } },
};

/** Publishes the document, waits until the Worker routes by it, and forgets earlier calls. */
export async function openWorker(): Promise<void> {
  await bindings.REGISTRY.put('registry', JSON.stringify(DOCUMENT));
  await vi.waitFor(
    async () => {
      const { registry } = await (await ask('/health')).json<{ registry: { models: number } }>();
      if (registry.models !== 3) throw new Error('the Worker has not looked yet');
    },
    { timeout: 5000, interval: 50 },
  );
  await playFaults([]);
}
