import { TransportError } from '../../src/domain/errors.ts';
import type { Clock, Transport, WireReply, WireRequest } from '../../src/domain/ports.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { overConnection, unlessBroken } from './simulated-bytes.ts';
import type { Life } from './simulated-life.ts';

/**
 * A tee in Node forgets what its slower branch has not read yet when the source breaks; one in the
 * Workers runtime does not. The router's meter reads a few times a second.
 */
const UNREAD_MS = 600;

/** Calls the simulator in simulated time, as fetch calls it over a connection. */
export class SimulatedTransport implements Transport {
  readonly #simulator: Pick<Simulator, 'fetch'>;
  readonly #life: Life;
  readonly #clock: Clock;

  constructor(simulator: Pick<Simulator, 'fetch'>, life: Life, clock: Clock) {
    this.#simulator = simulator;
    this.#life = life;
    this.#clock = clock;
  }

  send(request: WireRequest, signal: AbortSignal): Promise<WireReply> {
    return this.#life.while(() => this.#send(request, signal));
  }

  async #send({ url, headers, body }: WireRequest, signal: AbortSignal): Promise<WireReply> {
    if (signal.aborted) throw signal.reason;
    const broken = new AbortController();
    const leave = (): void => broken.abort(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    const onOver = this.#life.onEnd(leave);
    const beforeFault = (): Promise<void> => this.#clock.wait(UNREAD_MS);
    const address = `http://simulator/${url.slice('https://'.length)}`;
    const call = new Request(address, { method: 'POST', headers, body, signal: broken.signal });
    try {
      const response = await unlessBroken(this.#simulator.fetch(call), broken.signal);
      const reply = { status: response.status, headers: response.headers };
      if (response.body !== null)
        return { ...reply, body: overConnection(response.body, { broken, onOver, beforeFault }) };
      onOver();
      return { ...reply, body: null };
    } catch (error) {
      onOver();
      if (signal.aborted) throw signal.reason;
      throw new TransportError('no answer came', false, error);
    }
  }
}
