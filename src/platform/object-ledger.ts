import type { Ledger, LedgerEntry, OpenCall } from '../domain/ledger.ts';
import type { Background, Clock, Random, Telemetry } from '../domain/ports.ts';

/** Entries of this long go to the books together. */
const GATHER_MS = 1000;
/** What the books did not take goes again after so long, so that all fits in the 30 s that work may go on. */
const AGAIN_MS = [1000, 4000];
/** A batch that takes longer is given up. */
const SEND_MS = 5000;
/** A flush that is this old was cut off, and another may begin. */
const LEADER_MS = 10_000;
/** More than this cannot wait in memory for books that do not answer. */
const MAX_WAITING = 5000;

/** What is used of the namespace of the object `Ledger`. */
export type LedgerNamespace = {
  idFromName(name: string): object;
  get(id: object): LedgerObject;
};

export type LedgerObject = {
  open(call: OpenCall): Promise<void>;
  record(entries: readonly LedgerEntry[]): Promise<void>;
  find(requestId: string): Promise<string | undefined>;
};

export type ObjectLedgerPorts = {
  readonly namespace: LedgerNamespace;
  readonly clock: Clock;
  readonly random: Random;
  readonly background: Background;
  readonly telemetry: Telemetry;
};

/**
 * Feeds the ledger objects in batches: the request that finds the buffer empty carries its flush
 * behind its answer, the others only add to it.
 */
export class ObjectLedger implements Ledger {
  readonly #ports: ObjectLedgerPorts;
  #waiting: LedgerEntry[] = [];
  #leaderUntil = 0;

  constructor(ports: ObjectLedgerPorts) {
    this.#ports = ports;
  }

  /** At once and beside the call: a batch would die with its isolate. */
  open(call: OpenCall): void {
    this.#ports.background.run(this.#tell(call));
  }

  async #tell(call: OpenCall): Promise<void> {
    try {
      await this.#objectOf(call.attribution.tenant).open(call);
    } catch {
      // Known again when its request is recorded; only a death in between loses it (F81).
      this.#ports.telemetry.emit({ event: 'platform_fault', part: 'ledger-open' });
    }
  }

  record(entry: LedgerEntry): void {
    const { clock, background } = this.#ports;
    this.#waiting.push(entry);
    if (clock.now() < this.#leaderUntil) return;
    this.#leaderUntil = clock.now() + LEADER_MS;
    background.run(this.#gatherAndFlush());
  }

  /** What this isolate still holds is written first, so that one's own request is always found. */
  async find(tenant: string, requestId: string): Promise<string | undefined> {
    await this.#flush();
    return await this.#objectOf(tenant).find(requestId);
  }

  async #gatherAndFlush(): Promise<void> {
    const { clock, random } = this.#ports;
    await clock.wait(GATHER_MS * random.ratio());
    // Released before sending: what comes from now on finds a new leader.
    this.#leaderUntil = 0;
    await this.#flush();
    for (const waitMs of AGAIN_MS) {
      if (this.#waiting.length === 0) return;
      await clock.wait(waitMs * (1 + random.ratio()));
      await this.#flush();
    }
  }

  async #flush(): Promise<void> {
    const entries = this.#waiting;
    this.#waiting = [];
    const byTenant = Map.groupBy(entries, (entry) => entry.attribution.tenant);
    await Promise.all([...byTenant].map(([tenant, batch]) => this.#send(tenant, batch)));
  }

  async #send(tenant: string, batch: readonly LedgerEntry[]): Promise<void> {
    try {
      await this.#inTime(this.#objectOf(tenant).record(batch));
    } catch {
      // Kept for the next flush; recording twice is safe (fault catalogue F81).
      this.#waiting = [...batch, ...this.#waiting].slice(-MAX_WAITING);
      this.#ports.telemetry.emit({
        event: 'platform_fault',
        part: 'ledger',
        waiting: this.#waiting.length,
      });
    }
  }

  /** Work that is cut off behind an answer would take what it holds with it. */
  async #inTime(sending: Promise<void>): Promise<void> {
    const sent = new AbortController();
    const late = this.#ports.clock.wait(SEND_MS, sent.signal).then(() => true);
    try {
      const isLate = await Promise.race([sending.then(() => false), late]);
      if (isLate) throw new Error('the books took too long');
    } finally {
      sent.abort();
    }
  }

  #objectOf(tenant: string) {
    const { namespace } = this.#ports;
    return namespace.get(namespace.idFromName(tenant));
  }
}
