import { TransportError } from '../../src/domain/errors.ts';
import type { Transport, WireReply, WireRequest } from '../../src/domain/ports.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { overConnection } from './simulated-bytes.ts';
import type { Life } from './simulated-life.ts';

/** Calls the simulator in simulated time, as fetch calls it over a connection. */
export class SimulatedTransport implements Transport {
  readonly #simulator: Pick<Simulator, 'fetch'>;
  readonly #life: Life;

  constructor(simulator: Pick<Simulator, 'fetch'>, life: Life) {
    this.#simulator = simulator;
    this.#life = life;
  }

  send(request: WireRequest, signal: AbortSignal): Promise<WireReply> {
    return this.#life.back(this.#send(request, signal));
  }

  async #send({ url, headers, body }: WireRequest, signal: AbortSignal): Promise<WireReply> {
    const leaving = new AbortController();
    const leave = (): void => leaving.abort(signal.reason);
    if (signal.aborted) throw signal.reason;
    signal.addEventListener('abort', leave, { once: true });
    this.#life.ended.addEventListener('abort', leave, { once: true });
    const address = `http://simulator/${url.slice('https://'.length)}`;
    const call = new Request(address, { method: 'POST', headers, body, signal: leaving.signal });
    try {
      const response = await untilAborted(this.#simulator.fetch(call), leaving.signal);
      const reply = { status: response.status, headers: response.headers };
      if (response.body === null) return { ...reply, body: null };
      return { ...reply, body: overConnection(response.body, leaving.signal, leave) };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw new TransportError('no answer came', false, error);
    }
  }
}

function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    work.then(resolve, reject);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
