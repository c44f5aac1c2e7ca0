import { RouterError } from '../domain/errors.ts';

/** Who calls: the key's public id, never the key. */
export type Identity = { readonly tenant: string; readonly keyId: string };

/** The owner's own requests, whichever of the owner's keys they carry. */
const OWNER = 'owner';
const KEY_ID_BYTES = 4;
const BEARER = /^Bearer +(\S+) *$/i;
const QUERY_NAMES = ['key', 'api_key', 'apikey', 'token', 'access_token'];

/** Recognizes the owner's keys. Digests are compared, in constant time, so that timing tells nothing. */
export class Authenticator {
  readonly #keys: readonly string[];
  #digests: Promise<readonly Uint8Array[]> | undefined;

  constructor(keys: readonly string[]) {
    this.#keys = keys;
  }

  /** @throws RouterError `router_not_configured`, `missing_key`, `invalid_key` or `invalid_request`. */
  async authenticate(request: Request): Promise<Identity> {
    if (this.#keys.length === 0) {
      const message =
        'no key is configured, so every request is refused: npx wrangler secret put ROUTER_KEY (in development a line ROUTER_KEY=… in .dev.vars)';
      throw new RouterError('router_not_configured', message);
    }
    const presented = await digestOf(presentedKey(request));
    const known = await this.#knownDigests();
    // Every digest is compared, whether or not one has matched already.
    const matches = known.map((digest) => isEqual(digest, presented));
    if (!matches.includes(true)) throw new RouterError('invalid_key', 'the key is not known');
    return { tenant: OWNER, keyId: `key_${hex(presented.slice(0, KEY_ID_BYTES))}` };
  }

  #knownDigests(): Promise<readonly Uint8Array[]> {
    this.#digests ??= Promise.all(this.#keys.map(digestOf));
    return this.#digests;
  }
}

function presentedKey(request: Request): string {
  const { searchParams } = new URL(request.url);
  const leaked = QUERY_NAMES.find((name) => searchParams.has(name));
  if (leaked !== undefined) {
    const message = `a key in the address (${leaked}) is seen by logs and proxies: replace that key, and send keys as a header`;
    throw new RouterError('invalid_request', message, { field: leaked });
  }
  const authorization = request.headers.get('authorization');
  const bearer = BEARER.exec(authorization ?? '')?.[1];
  const apiKey = request.headers.get('x-api-key') ?? undefined;
  if (bearer !== undefined && apiKey !== undefined && bearer !== apiKey) {
    const message = 'authorization and x-api-key hold different keys: send one of them';
    throw new RouterError('invalid_request', message);
  }
  const key = bearer ?? apiKey;
  if (key === undefined || key === '') {
    const message =
      'a key is needed: send it as "authorization: Bearer <key>" or "x-api-key: <key>"';
    throw new RouterError('missing_key', message);
  }
  return key;
}

async function digestOf(key: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)));
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < a.length; at++) difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
  return difference === 0;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
