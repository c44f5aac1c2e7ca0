import { type BreakerRecord, NEW_BREAKER, syncBreaker } from '../../src/domain/breaker.ts';
import type { LedgerEntry, OpenCall } from '../../src/domain/ledger.ts';
import type { Clock } from '../../src/domain/ports.ts';
import type { BreakerNamespace, BreakerObject } from '../../src/platform/object-breakers.ts';
import type { LedgerNamespace, LedgerObject } from '../../src/platform/object-ledger.ts';
import type { BookedLine, BreakerEvent } from './evidence.ts';
import type { Life } from './simulated-life.ts';

/** How long a message to an object takes, one way. */
const WAY_MS = 5;

/** The Durable Objects of a simulated fleet: the same machine, with their state in memory. */
export class SimulatedObjects {
  /** Objects that cannot be reached for a while (fault catalogue F75, F81). */
  areAway = false;
  readonly breakerEvents: BreakerEvent[] = [];
  /** Reports that breakers were sent. */
  syncs = 0;
  readonly books: MemoryBooks;
  readonly #records = new Map<string, BreakerRecord>();
  readonly #clock: Clock;
  readonly #random: () => number;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
    this.books = new MemoryBooks();
  }

  breakersFor(life: Life): BreakerNamespace {
    return {
      idFromName: (model) => ({ model }),
      get: (id) => this.#breakerOf((id as { model: string }).model, life), // made on the line above
    };
  }

  ledgersFor(life: Life): LedgerNamespace {
    const { books } = this;
    const ask = <Result>(act: () => Result): Promise<Result> =>
      life.while(() => this.#message(act));
    const ledger: LedgerObject = {
      open: (call) => ask(() => books.open(call)),
      record: (entries) => ask(() => books.record(entries)),
      find: (requestId) => ask(() => books.find(requestId)),
    };
    return { idFromName: () => ({}), get: () => ledger };
  }

  #breakerOf(model: string, life: Life): BreakerObject {
    return {
      sync: (report) =>
        life.while(() =>
          this.#message(() => {
            const before = this.#records.get(model) ?? NEW_BREAKER;
            this.syncs += 1;
            const now = this.#clock.now();
            const moment = { now, newPermitId: `permit-${this.syncs}`, jitter: this.#random() };
            const { record, snapshot } = syncBreaker(before, report, moment);
            this.#records.set(model, record);
            const { state } = record.phase;
            const isLease = snapshot.permit !== undefined;
            if (isLease || state !== before.phase.state)
              this.breakerEvents.push({ at: now, model, state, isLease });
            return snapshot;
          }),
        ),
    };
  }

  /** There and back. What was sent arrives, also when its sender has died on the way. */
  async #message<Result>(act: () => Result): Promise<Result> {
    const isLost = this.areAway;
    await this.#clock.wait(WAY_MS);
    if (isLost) throw new Error('the object cannot be reached');
    const result = act();
    await this.#clock.wait(WAY_MS);
    return result;
  }
}

/** The books as the object `Ledger` keeps them; what that does in SQL is tested where it runs. */
export class MemoryBooks {
  readonly #entries = new Map<string, string>();
  readonly #lines = new Map<string, BookedLine>();
  readonly #open = new Map<string, OpenCall>();

  open(call: OpenCall): void {
    if (!this.#entries.has(call.requestId)) this.#open.set(placeOf(call), call);
  }

  record(entries: readonly LedgerEntry[]): void {
    for (const entry of entries) {
      const { requestId } = entry;
      this.#entries.set(requestId, JSON.stringify(entry));
      for (const [place, call] of this.#open)
        if (call.requestId === requestId) this.#open.delete(place);
      for (const { attempt } of entry.lines) {
        const { number, model, outcome } = attempt;
        this.#book({ request_id: requestId, number, model, outcome: outcome.type });
      }
    }
  }

  find(requestId: string): string | undefined {
    return this.#entries.get(requestId);
  }

  /** What has no record when its time is over becomes an orphan. */
  closeOverdue(now: number): void {
    for (const [place, call] of this.#open) {
      if (call.closesBy >= now) continue;
      this.#open.delete(place);
      const { requestId, number, model } = call;
      if (!this.#lines.has(place))
        this.#book({ request_id: requestId, number, model, outcome: 'orphan' });
    }
  }

  lines(): readonly BookedLine[] {
    const open = [...this.#open.values()].map(({ requestId, number, model }) => {
      return { request_id: requestId, number, model, outcome: 'open' };
    });
    return [...this.#lines.values(), ...open];
  }

  #book(line: BookedLine): void {
    this.#lines.set(placeOf({ requestId: line.request_id, number: line.number }), line);
  }
}

function placeOf({ requestId, number }: { requestId: string; number: number }): string {
  return `${requestId} ${number}`;
}
