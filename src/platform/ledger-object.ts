import { DurableObject } from 'cloudflare:workers';
import type { LedgerEntry } from '../domain/ledger.ts';

const DAY_MS = 86_400_000;
/** How long single requests can be looked up. */
const RETENTION_MS = 30 * DAY_MS;
/** Old rows are dropped a few at a time, so that no write has to wait for a large cleaning. */
const DROPPED_AT_ONCE = 200;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS requests (
    request_id TEXT PRIMARY KEY,
    started_at INTEGER NOT NULL,
    cost_nano_usd INTEGER,
    entry TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS requests_by_time ON requests (started_at);
  CREATE TABLE IF NOT EXISTS lines (
    request_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    model TEXT NOT NULL,
    provider TEXT NOT NULL,
    outcome TEXT NOT NULL,
    input_tokens INTEGER,
    output_tokens INTEGER,
    is_estimated INTEGER NOT NULL,
    cost_nano_usd INTEGER,
    PRIMARY KEY (request_id, number)
  );
  CREATE INDEX IF NOT EXISTS lines_by_time ON lines (started_at);
`;

/**
 * The exact books of one tenant. One row per request and one per attempt; recording the same entry
 * again changes nothing, so a batch whose answer was lost may simply be sent again.
 */
export class Ledger extends DurableObject<unknown> {
  constructor(state: DurableObjectState, env: unknown) {
    super(state, env);
    state.storage.sql.exec(SCHEMA);
  }

  record(entries: readonly LedgerEntry[]): void {
    this.ctx.storage.transactionSync(() => {
      for (const entry of entries) this.#insert(entry);
      this.#dropOld();
    });
  }

  /** The entry as JSON text, or undefined when there is none. */
  find(requestId: string): string | undefined {
    const query = 'SELECT entry FROM requests WHERE request_id = ?';
    const [row] = this.ctx.storage.sql.exec<{ entry: string }>(query, requestId).toArray();
    return row?.entry;
  }

  #insert(entry: LedgerEntry): void {
    const { sql } = this.ctx.storage;
    sql.exec(
      'INSERT OR IGNORE INTO requests VALUES (?, ?, ?, ?)',
      entry.requestId,
      entry.startedAt,
      entry.costNanoUsd ?? null,
      JSON.stringify(entry, plainSets),
    );
    for (const { attempt, usage, usageIsEstimated, costNanoUsd } of entry.lines) {
      const { uncachedInputTokens: uncached, outputTokens } = usage;
      const cached = (usage.cacheReadTokens ?? 0) + (usage.cacheWriteTokens ?? 0);
      sql.exec(
        'INSERT OR IGNORE INTO lines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        entry.requestId,
        attempt.number,
        attempt.startedAt,
        entry.attribution.keyId,
        attempt.model,
        attempt.provider,
        attempt.outcome.type,
        uncached === undefined ? null : uncached + cached + (usage.cacheWrite1hTokens ?? 0),
        outputTokens ?? null,
        usageIsEstimated ? 1 : 0,
        costNanoUsd ?? null,
      );
    }
  }

  #dropOld(): void {
    const { sql } = this.ctx.storage;
    const before = Date.now() - RETENTION_MS;
    for (const table of ['requests', 'lines']) {
      sql.exec(
        `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE started_at < ? LIMIT ?)`,
        before,
        DROPPED_AT_ONCE,
      );
    }
  }
}

/** Sets have no JSON of their own. */
function plainSets(_: string, value: unknown): unknown {
  return value instanceof Set ? [...value] : value;
}
