import { DurableObject } from 'cloudflare:workers';
import {
  type BreakerRecord,
  type BreakerReport,
  type BreakerSnapshot,
  breakerRecordSchema,
  NEW_BREAKER,
  syncBreaker,
} from '../domain/breaker.ts';

const KEY = 'breaker';

/**
 * The truth about one model: loads its record, applies the machine, stores. Everything is in storage,
 * since an object leaves memory after ten idle seconds; everything is synchronous, so that two reports
 * cannot meet in the middle, and the platform holds the reply back until the write is durable.
 */
export class ModelBreaker extends DurableObject<unknown> {
  #record: BreakerRecord | undefined;

  /** Takes what an isolate saw and gives what the fleet knows. Safe to repeat. */
  sync(report: BreakerReport): BreakerSnapshot {
    const before = this.#load();
    const moment = {
      now: Date.now(),
      newPermitId: crypto.randomUUID(),
      jitter: Math.random(),
    };
    const { record, snapshot } = syncBreaker(before, report, moment);
    if (record !== before) {
      this.ctx.storage.kv.put(KEY, record);
      this.#record = record;
    }
    return snapshot;
  }

  /** A record that an older version wrote and that cannot be read any more starts closed. */
  #load(): BreakerRecord {
    this.#record ??=
      breakerRecordSchema.safeParse(this.ctx.storage.kv.get(KEY)).data ?? NEW_BREAKER;
    return this.#record;
  }
}
