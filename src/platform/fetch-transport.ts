import { TransportError } from '../domain/errors.ts';
import type { Transport, WireReply, WireRequest } from '../domain/ports.ts';
import { signatureHeaders } from './aws-signature.ts';

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
      // The runtime says the same ("Network connection lost.") of a connection that was refused and
      // of one that broke behind the request (F42, F43): it may have been sent.
      throw new TransportError('no answer came', false, error);
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
