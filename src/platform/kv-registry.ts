import { parseJson } from '../domain/json.ts';
import type { Background, Clock, ModelRegistry } from '../domain/ports.ts';
import {
  compileRegistry,
  MAX_REGISTRY_BYTES,
  type Registry,
  type RegistryState,
  type ResolveProvider,
} from '../domain/registry.ts';

const KEY = 'registry';
/** KV's own least cache time. */
const CACHE_TTL_SECONDS = 30;
/** The isolate's first request waits this long at the most; then the bundled copy serves. */
const FIRST_READ_MS = 1000;
/** A refresh that is this old was cut off with its request. */
const REFRESH_LOCK_MS = 10_000;

export type KvRegistryPorts = {
  readonly namespace: KVNamespace;
  readonly clock: Clock;
  readonly background: Background;
  readonly refreshMs: number;
  readonly resolveProvider: ResolveProvider;
  /** The copy in the Worker: served until KV has something better. */
  readonly bundled: unknown;
};

/**
 * The registry in the isolate's memory, refreshed from KV behind the requests. What KV says may be a
 * minute old and may differ between places: an older document still routes, only by older prices. A
 * document that cannot be used is never taken: the last good one stays.
 */
export class KvRegistry implements ModelRegistry {
  readonly #ports: KvRegistryPorts;
  #registry: Registry;
  /** What the newest document is like that was read. */
  #state: RegistryState;
  #isReachable = true;
  /** The text that was last looked at, so that an unchanged document costs no parsing. */
  #text: string | undefined;
  #freshUntil = 0;
  #refreshLockedUntil = 0;

  constructor(ports: KvRegistryPorts) {
    this.#ports = ports;
    const compiled = compileRegistry(ports.bundled, 'bundled', ports.resolveProvider);
    if (compiled.type === 'invalid') {
      throw new Error(`the bundled registry is invalid: ${compiled.problems.join('; ')}`);
    }
    this.#registry = compiled.registry;
    this.#state = stateOf('bundled', compiled.registry, 0);
  }

  async ready(): Promise<void> {
    const { clock, background } = this.#ports;
    // Until KV was read once, each request reads for itself: waiting for another's read may hang.
    if (this.#state.checkedAt === 0) return await this.#firstRead();
    const now = clock.now();
    if (now < this.#freshUntil || now < this.#refreshLockedUntil) return;
    this.#refreshLockedUntil = now + REFRESH_LOCK_MS;
    background.run(this.#refresh());
  }

  current(): Registry {
    return this.#registry;
  }

  state(): RegistryState {
    return this.#isReachable ? this.#state : { ...this.#state, state: 'unreachable' };
  }

  async #firstRead(): Promise<void> {
    const refresh = this.#refresh();
    this.#ports.background.run(refresh);
    await Promise.race([refresh, this.#ports.clock.wait(FIRST_READ_MS)]);
  }

  async #refresh(): Promise<void> {
    const { namespace, clock, refreshMs } = this.#ports;
    try {
      const text = await namespace.get(KEY, { type: 'text', cacheTtl: CACHE_TTL_SECONDS });
      this.#take(text);
      this.#isReachable = true;
    } catch {
      // KV is away (fault catalogue F77): what is in memory goes on serving.
      this.#isReachable = false;
      this.#state = { ...this.#state, checkedAt: clock.now() };
    }
    this.#freshUntil = clock.now() + refreshMs;
    this.#refreshLockedUntil = 0;
  }

  #take(text: string | null): void {
    const checkedAt = this.#ports.clock.now();
    if (text === null || text === this.#text) {
      this.#state = { ...this.#state, checkedAt };
      return;
    }
    this.#text = text;
    const compiled =
      text.length > MAX_REGISTRY_BYTES
        ? { type: 'invalid' as const, problems: [`larger than ${MAX_REGISTRY_BYTES} bytes`] }
        : compileRegistry(parseJson(text), versionOf(text), this.#ports.resolveProvider);
    if (compiled.type === 'invalid') {
      const { problems } = compiled;
      this.#state = { ...this.#state, state: 'invalid', problems, checkedAt };
      return;
    }
    this.#registry = compiled.registry;
    this.#state = stateOf('kv', compiled.registry, checkedAt);
  }
}

function stateOf(
  source: RegistryState['source'],
  registry: Registry,
  checkedAt: number,
): RegistryState {
  const { quarantined, version, models } = registry;
  return {
    state: quarantined.length === 0 ? 'ok' : 'quarantined',
    source,
    version,
    models: models.length,
    problems: quarantined,
    checkedAt,
  };
}

/** FNV-1a of 32 bits: a name for a version, not a proof of it. */
function versionOf(text: string): string {
  let hash = 0x81_1c_9d_c5;
  for (let at = 0; at < text.length; at++)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
