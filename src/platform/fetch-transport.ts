import { TransportError } from '../domain/errors.ts';
import type { Transport, WireReply, WireRequest } from '../domain/ports.ts';
import { signatureHeaders } from './aws-signature.ts';

/** What the runtime says of a connection that never stood (fault catalogue F42). */
const NEVER_SENT = /refused|dns|tls|certificate|unreachable|lookup|handshake/i;

/** The only outbound call. Redirects are never followed (F38): the reply says 3xx. */
export class FetchTransport implements Transport {
  readonly #simulatorUrl: string | undefined;
  readonly #derivedKeys = new Map<string, ArrayBuffer>();

  /** With a simulator, calls to `https` hosts go to it, with the host as their path's first part. */
  constructor(simulatorUrl: string | undefined) {
    this.#simulatorUrl = simulatorUrl;
  }

  async send(request: WireRequest, signal: AbortSignal): Promise<WireReply> {
    const { body } = request;
    const headers = await this.#headersOf(request);
    const url = this.#addressOf(request.url);
    try {
      return await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const message = error instanceof Error ? error.message : String(error);
      throw new TransportError('no answer came', NEVER_SENT.test(message), error);
    }
  }

  async #headersOf(request: WireRequest): Promise<Readonly<Record<string, string>>> {
    const { headers, signature } = request;
    if (signature === undefined) return headers;
    const derivedKeys = this.#derivedKeys;
    return { ...headers, ...(await signatureHeaders(request, { signature, derivedKeys })) };
  }

  #addressOf(url: string): string {
    if (this.#simulatorUrl === undefined || !url.startsWith('https://')) return url;
    return `${this.#simulatorUrl}/${url.slice('https://'.length)}`;
  }
}
