import { DurableObject } from 'cloudflare:workers';
import type { LedgerEntry, LedgerLine, OpenCall } from '../domain/ledger.ts';
import { inputTokensOf } from '../domain/response.ts';

const DAY_MS = 86_400_000;
/** How long single requests can be looked up. */
const RETENTION_MS = 30 * DAY_MS;
/** Old rows are dropped a few at a time, so that no write has to wait for a large cleaning. */
const DROPPED_AT_ONCE = 200;
/** How often calls that nobody closed are looked for, while there are open ones. */
const RECONCILE_MS = 60_000;

type BookedLine = {
  readonly request_id: string;
  readonly number: number;
  readonly model: string;
  readonly outcome: string;
};

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
  CREATE TABLE IF NOT EXISTS open_calls (
    request_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    closes_by INTEGER NOT NULL,
    call TEXT NOT NULL,
    PRIMARY KEY (request_id, number)
  );
`;

/**
 * The exact books of one tenant: a row per request and one per attempt. A call is opened as it is sent
 * off and closed by the record of its request; what nobody has closed when its time is over becomes
 * an orphan with estimated cost, until its record comes after all. Every method may be repeated.
 */
export class Ledger extends DurableObject<unknown> {
  /** An alarm is set, as far as this memory knows. */
  #isReminded = false;

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env);
    state.storage.sql.exec(SCHEMA);
  }

  async open(call: OpenCall): Promise<void> {
    const { sql } = this.ctx.storage;
    // The record may have come first: then the call is closed already.
    if (this.find(call.requestId) !== undefined) return;
    sql.exec(
      'INSERT OR IGNORE INTO open_calls VALUES (?, ?, ?, ?)',
      call.requestId,
      call.number,
      call.closesBy,
      JSON.stringify(call),
    );
    if (this.#isReminded) return;
    this.#isReminded = true;
    if ((await this.ctx.storage.getAlarm()) === null) await this.#remind();
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

  /** Every line, oldest first, and the calls that are still open: for checking the books. */
  lines(): readonly BookedLine[] {
    const query = `
      SELECT request_id, number, model, outcome FROM lines
      UNION ALL SELECT request_id, number, call ->> 'model', 'open' FROM open_calls`;
    return this.ctx.storage.sql.exec<BookedLine>(query).toArray();
  }

  /** Closes what nobody has closed in time, and looks again while calls are open. */
  override async alarm(): Promise<void> {
    this.closeOverdue(Date.now());
    const [left] = this.ctx.storage.sql.exec('SELECT 1 FROM open_calls LIMIT 1').toArray();
    this.#isReminded = left !== undefined;
    if (this.#isReminded) await this.#remind();
  }

  /** The reconciler: what had to be closed by then becomes an orphan. `now` in epoch milliseconds. */
  closeOverdue(now: number): void {
    const query = 'SELECT call FROM open_calls WHERE closes_by < ?';
    const overdue = this.ctx.storage.sql.exec<{ call: string }>(query, now).toArray();
    const calls = overdue.map(({ call }) => JSON.parse(call) as OpenCall); // written by open()
    this.ctx.storage.transactionSync(() => {
      for (const call of calls) this.#closeOrphan(call);
    });
  }

  #remind(): Promise<void> {
    return this.ctx.storage.setAlarm(Date.now() + RECONCILE_MS);
  }

  #insert(entry: LedgerEntry): void {
    const { sql } = this.ctx.storage;
    sql.exec('DELETE FROM open_calls WHERE request_id = ?', entry.requestId);
    sql.exec(
      'INSERT OR REPLACE INTO requests VALUES (?, ?, ?, ?)',
      entry.requestId,
      entry.startedAt,
      entry.costNanoUsd ?? null,
      JSON.stringify(entry, plainSets),
    );
    for (const line of entry.lines) this.#insertLine('REPLACE', lineRow(entry, line));
  }

  #closeOrphan(call: OpenCall): void {
    const { sql } = this.ctx.storage;
    sql.exec(
      'DELETE FROM open_calls WHERE request_id = ? AND number = ?',
      call.requestId,
      call.number,
    );
    // Another row of this request can only be that of an orphan before this one.
    sql.exec(
      `INSERT INTO requests VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET cost_nano_usd = cost_nano_usd + excluded.cost_nano_usd`,
      call.requestId,
      call.startedAt,
      call.estimatedCostNanoUsd ?? null,
      JSON.stringify({ outcome: 'orphan', ...call }),
    );
    this.#insertLine('IGNORE', orphanRow(call));
  }

  #insertLine(onConflict: 'REPLACE' | 'IGNORE', row: readonly (string | number | null)[]): void {
    const marks = row.map(() => '?').join(', ');
    this.ctx.storage.sql.exec(`INSERT OR ${onConflict} INTO lines VALUES (${marks})`, ...row);
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

/** The columns of `lines`, in order. */
function lineRow(entry: LedgerEntry, { attempt, usage, ...bill }: LedgerLine) {
  return [
    entry.requestId,
    attempt.number,
    attempt.startedAt,
    entry.attribution.keyId,
    attempt.model,
    attempt.provider,
    attempt.outcome.type,
    inputTokensOf(usage) ?? null,
    usage.outputTokens ?? null,
    bill.usageIsEstimated ? 1 : 0,
    bill.costNanoUsd ?? null,
  ];
}

function orphanRow(call: OpenCall) {
  return [
    call.requestId,
    call.number,
    call.startedAt,
    call.attribution.keyId,
    call.model,
    call.provider,
    'orphan',
    call.estimatedInputTokens,
    null,
    1,
    call.estimatedCostNanoUsd ?? null,
  ];
}

/** Sets have no JSON of their own. */
function plainSets(_: string, value: unknown): unknown {
  return value instanceof Set ? [...value] : value;
}
