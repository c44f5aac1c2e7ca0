import { request } from 'node:http';
import { Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEVELOPMENT_KEY } from '../simulator/development.ts';
import { aRegistry } from './registries.ts';
import { callsOf, eventually, openStage, read, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ registry: aRegistry(), simulator: { gapMs: 20 } });
});
afterAll(() => stage.close());
beforeEach(() => stage.reset());

/** How long the provider may go on working for nobody. */
const CLOSED_WITHIN_MS = 1000;

type Left = { readonly requestId: string; readonly at: number };

/**
 * Asks, and resets the connection once so many bytes of the answer have come. A reset and not a mere
 * end: until the runtime writes, it cannot tell a caller who has left from one who only says no more.
 */
function askAndLeave(body: object, afterBytes: number): Promise<Left> {
  return new Promise((resolve, reject) => {
    const asking = request(`${stage.url}/v1/chat/completions`, {
      method: 'POST',
      agent: false,
      headers: { authorization: `Bearer ${DEVELOPMENT_KEY}`, 'content-type': 'application/json' },
    });
    asking.once('error', reject);
    asking.once('response', (response) => {
      response.on('error', () => undefined);
      let bytes = 0;
      response.on('data', (piece: Buffer) => {
        bytes += piece.length;
        if (bytes < afterBytes) return;
        reset(asking.socket);
        resolve({ requestId: String(response.headers['x-router-request-id']), at: Date.now() });
      });
    });
    asking.end(JSON.stringify(body));
  });
}

function reset(socket: unknown): void {
  if (socket instanceof Socket) socket.resetAndDestroy();
}

type Generation = {
  readonly outcome: string;
  readonly costNanoUsd: number;
  readonly lines: readonly {
    readonly attempt: { readonly outcome: { readonly type: string } };
    readonly usage: Readonly<Record<string, number>>;
    readonly usageIsEstimated: boolean;
    readonly costNanoUsd: number;
  }[];
};

/** The record of a request, once it is closed. */
async function recordOf({ requestId }: Left): Promise<Generation> {
  const path = `/v1/generations/${requestId}`;
  await eventually(
    async () => (await read<Generation>(stage, path).catch(() => undefined)) !== undefined,
  );
  return read<Generation>(stage, path);
}

describe('a caller who leaves', () => {
  it.each([
    ['untouched', 'openai/first', { stream_options: { include_usage: true } }],
    ['with single events changed', 'openai/first', {}],
    ['translated from Anthropic', 'anthropic/second', {}],
    ['translated from Gemini', 'google/third', {}],
  ])(
    'F70 closes a stream %s at its provider, and is booked by estimate',
    async (_, model, fields) => {
      const messages = [{ role: 'user', content: '[[tokens: 20000]]' }];

      const left = await askAndLeave({ model, messages, stream: true, ...fields }, 4000);
      await eventually(() => leftAt(model) !== undefined, CLOSED_WITHIN_MS);

      expect((leftAt(model) ?? Infinity) - left.at).toBeLessThan(CLOSED_WITHIN_MS);
      const { outcome, lines, costNanoUsd } = await recordOf(left);
      expect(outcome).toBe('cancelled');
      expect(lines.map(({ attempt }) => attempt.outcome)).toEqual([{ type: 'cancelled' }]);
      expect(lines[0]?.usageIsEstimated).toBe(true);
      expect(lines[0]?.usage['outputTokens']).toBeGreaterThan(0);
      expect(lines[0]?.usage['outputTokens']).toBeLessThan(20_000);
      expect(costNanoUsd).toBeGreaterThan(0);
      expect(callsOf(stage, nameOf(model))).toHaveLength(1);
    },
  );
});

function nameOf(model: string): string {
  return model.split('/')[1] ?? '';
}

function leftAt(model: string): number | undefined {
  return callsOf(stage, nameOf(model))[0]?.clientLeftAt;
}
