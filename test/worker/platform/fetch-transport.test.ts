import { beforeEach, describe, expect, it, vi } from 'vitest';
import { TransportError } from '../../../src/domain/errors.ts';
import type { WireRequest } from '../../../src/domain/ports.ts';
import { FetchTransport } from '../../../src/platform/fetch-transport.ts';
import { bindings } from '../bindings.ts';
import { playedCalls, playFaults } from '../simulator.ts';

const NEVER = new AbortController().signal;
const RESET = `${bindings.SIMULATOR_URL}/api.openai.com/v1/chat/completions`;

function aRequest(fields: Partial<WireRequest> = {}): WireRequest {
  return {
    url: 'https://api.openai.com/v1/chat/completions',
    headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] }),
    warnings: [],
    ...fields,
  };
}

beforeEach(() => playFaults([]));

describe('FetchTransport', () => {
  it('sends calls of https hosts to the simulator, with the host as their path’s first part', async () => {
    const transport = new FetchTransport(bindings.SIMULATOR_URL);

    const { status, headers, body } = await transport.send(aRequest(), NEVER);

    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(await new Response(body).text()).toContain('This is m, simulated');
    const [call] = await playedCalls();
    expect(call).toMatchObject({
      label: 'api.openai.com',
      path: '/api.openai.com/v1/chat/completions',
      model: 'm',
      keyTail: '.key'.slice(1),
    });
  });

  it('sends calls of loopback where they are addressed', async () => {
    const transport = new FetchTransport('http://127.0.0.1:1');
    const url = `${bindings.SIMULATOR_URL}/house/v1/chat/completions`;

    const { status } = await transport.send(aRequest({ url }), NEVER);

    expect(status).toBe(200);
  });

  it('signs a call whose provider wants that, for the host that it is meant for', async () => {
    const transport = new FetchTransport(bindings.SIMULATOR_URL);
    const request = aRequest({
      url: 'https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'Hello' }] }] }),
      signature: {
        scheme: 'aws-v4',
        service: 'bedrock',
        region: 'eu-west-1',
        accessKeyId: 'AKIAEXAMPLE',
        secretAccessKey: 'secret',
        sessionToken: 'token',
      },
    });

    const { status } = await transport.send(request, NEVER);

    expect(status).toBe(200);
    expect((await playedCalls()).at(-1)).toMatchObject({
      wire: 'bedrock',
      model: 'amazon.nova-lite-v1:0',
      keyTail: 'MPLE',
    });
  });

  it('F38 follows no redirect', async () => {
    await playFaults([{ fault: 'F38' }]);
    const transport = new FetchTransport(bindings.SIMULATOR_URL);

    const { status, headers } = await transport.send(aRequest(), NEVER);

    expect([status, headers.get('location')]).toEqual([307, '/elsewhere']);
    expect(await playedCalls()).toHaveLength(1);
  });

  it.each([
    ['F42', 'a connection that is refused', 'http://127.0.0.1:1/v1'],
    ['F43', 'a connection that breaks before the headers', RESET],
  ])('%s claims of %s neither that it was sent nor that it was not', async (_, __, url) => {
    await playFaults([{ fault: 'F43' }]);
    const transport = new FetchTransport(undefined);

    const error = await transport.send(aRequest({ url }), NEVER).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ message: 'no answer came', wasNeverSent: false });
  });

  it('ends with the reason of the signal that aborted it', async () => {
    await playFaults([{ fault: 'F44' }]);
    const transport = new FetchTransport(bindings.SIMULATOR_URL);
    const leaving = new AbortController();

    const sending = transport.send(aRequest(), leaving.signal);
    leaving.abort(new Error('out of time'));

    await expect(sending).rejects.toThrow('out of time');
  });

  it('ends a body with the same signal', async () => {
    await playFaults([{ fault: 'F54' }]);
    const transport = new FetchTransport(bindings.SIMULATOR_URL);
    const leaving = new AbortController();
    const body = JSON.stringify({ ...JSON.parse(aRequest().body), stream: true });

    const reply = await transport.send(aRequest({ body }), leaving.signal);
    const reading = new Response(reply.body).text();
    leaving.abort(new Error('out of time'));

    await expect(reading).rejects.toThrow();
    await vi.waitFor(async () => {
      expect((await playedCalls()).at(-1)?.clientLeftAt).toBeDefined();
    });
  });
});
