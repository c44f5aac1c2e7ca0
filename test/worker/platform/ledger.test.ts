import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../../src/domain/ledger.ts';
import { clock, random } from '../../../src/platform/isolate.ts';
import { ObjectLedger } from '../../../src/platform/object-ledger.ts';
import { FakeTelemetry } from '../../support/fakes.ts';
import { bindings, ledgerObject } from '../bindings.ts';
import { aLine, anAttempt, anEntry } from '../entries.ts';

type Row = Readonly<Record<string, unknown>>;

function rowsOf(tenant: string, table: 'requests' | 'lines'): Promise<readonly Row[]> {
  return runInDurableObject(ledgerObject(tenant), (_, state) =>
    state.storage.sql.exec(`SELECT * FROM ${table} ORDER BY 1, 2`).toArray(),
  );
}

const DAY_MS = 86_400_000;
const TWO_LINES = [
  aLine({
    attempt: anAttempt({
      outcome: {
        type: 'failed',
        failure: {
          kind: 'overload',
          code: 'overloaded',
          message: 'the model is overloaded',
          status: 503,
          accepted: 'no',
        },
      },
    }),
  }),
  aLine({ attempt: anAttempt({ number: 2 }) }),
];

describe('Ledger', () => {
  it('finds an entry that it has recorded, as it was', async () => {
    const ledger = ledgerObject('finds');
    const entry = anEntry('request-1', { lines: TWO_LINES });

    await ledger.record([entry]);

    const found = JSON.parse((await ledger.find('request-1')) ?? '');
    const { requirement } = entry.decision;
    const { parameters, compliance, preferredCompliance, regions } = requirement;
    const plain = {
      parameters: [...parameters],
      compliance: [...compliance],
      preferredCompliance: [...preferredCompliance],
      regions: [...regions],
    };
    const decision = { ...entry.decision, requirement: { ...requirement, ...plain } };
    expect(found).toEqual(JSON.parse(JSON.stringify({ ...entry, decision })));
  });

  it('has one row per request and one per attempt', async () => {
    await ledgerObject('rows').record([anEntry('request-1', { lines: TWO_LINES })]);

    expect(await rowsOf('rows', 'requests')).toMatchObject([
      { request_id: 'request-1', cost_nano_usd: 40_000 },
    ]);
    expect(await rowsOf('rows', 'lines')).toMatchObject([
      { request_id: 'request-1', number: 1, outcome: 'failed', input_tokens: 10, output_tokens: 5 },
      { request_id: 'request-1', number: 2, outcome: 'answered', cost_nano_usd: 20_000 },
    ]);
  });

  it('counts every part of the input, and keeps what is not known apart from zero', async () => {
    const cached = {
      uncachedInputTokens: 1,
      cacheReadTokens: 20,
      cacheWriteTokens: 300,
      cacheWrite1hTokens: 4000,
    };
    const lines = [
      aLine({ usage: cached }),
      aLine({ attempt: anAttempt({ number: 2 }), usage: {}, costNanoUsd: undefined }),
    ];

    await ledgerObject('parts').record([anEntry('request-1', { lines, costNanoUsd: undefined })]);

    expect(await rowsOf('parts', 'lines')).toMatchObject([
      { input_tokens: 4321, output_tokens: null },
      { input_tokens: null, output_tokens: null, cost_nano_usd: null },
    ]);
    expect(await rowsOf('parts', 'requests')).toMatchObject([{ cost_nano_usd: null }]);
  });

  it('changes nothing when a batch is recorded again', async () => {
    const ledger = ledgerObject('again');
    const batch = [anEntry('request-1', { lines: TWO_LINES }), anEntry('request-2')];
    await ledger.record(batch);
    const before = [await rowsOf('again', 'requests'), await rowsOf('again', 'lines')];

    await ledger.record([...batch, anEntry('request-3')]);
    await ledger.record(batch);

    const [requests = [], lines = []] = before;
    expect(await rowsOf('again', 'requests')).toEqual([...requests, expect.anything()]);
    expect(await rowsOf('again', 'lines')).toEqual([...lines, expect.anything()]);
  });

  it('keeps its books when it leaves memory', async () => {
    await ledgerObject('evicted').record([anEntry('request-1')]);

    await abortAllDurableObjects();

    expect(await ledgerObject('evicted').find('request-1')).toContain('"request-1"');
  });

  it('knows nothing of another tenant’s requests', async () => {
    await ledgerObject('tenant-a').record([anEntry('request-1')]);

    expect(await ledgerObject('tenant-b').find('request-1')).toBeUndefined();
  });

  it('drops what is older than thirty days, and nothing younger', async () => {
    const old = { startedAt: Date.now() - 31 * DAY_MS };
    const young = { startedAt: Date.now() - 29 * DAY_MS };
    const oldLines = [aLine({ attempt: anAttempt(old) })];
    const youngLines = [aLine({ attempt: anAttempt(young) })];
    const entries: readonly LedgerEntry[] = [
      anEntry('old', { ...old, lines: oldLines }),
      anEntry('young', { ...young, lines: youngLines }),
    ];

    await ledgerObject('retention').record(entries);

    const ids = async (table: 'requests' | 'lines') =>
      (await rowsOf('retention', table)).map(({ request_id: id }) => id);
    expect(await ids('requests')).toEqual(['young']);
    expect(await ids('lines')).toEqual(['young']);
  });
});

/** Ten times as fast, so that nobody waits for what is tried again. */
const quickly = {
  ...clock,
  wait: (ms: number, signal?: AbortSignal) => clock.wait(ms / 10, signal),
};

/** The books of one isolate on the real objects, and the batches that it sends. */
function anObjectLedger(failures: readonly ('overloaded' | 'silent')[] = []) {
  const batches: string[][] = [];
  const work: Promise<unknown>[] = [];
  const telemetry = new FakeTelemetry();
  const left = [...failures];
  const namespace = {
    idFromName: (name: string) => bindings.LEDGER.idFromName(name),
    get: (id: DurableObjectId) => {
      const object = bindings.LEDGER.get(id);
      return {
        find: (requestId: string) => object.find(requestId),
        record: async (entries: readonly LedgerEntry[]) => {
          batches.push(entries.map(({ requestId }) => requestId));
          const failure = left.shift();
          if (failure === 'overloaded') throw new Error(failure);
          if (failure === 'silent') await new Promise<never>(() => undefined);
          await object.record(entries);
        },
      };
    },
  } as unknown as typeof bindings.LEDGER; // the methods that are used
  const ledger = new ObjectLedger({
    namespace,
    clock: quickly,
    random: { ...random, ratio: () => 0.05 },
    background: { run: (promise) => work.push(promise) },
    telemetry,
  });
  return { ledger, batches, telemetry, settled: () => Promise.all(work) };
}

function ofTenant(tenant: string): Partial<LedgerEntry> {
  return { attribution: { ...anEntry('').attribution, tenant } };
}

describe('ObjectLedger', () => {
  it('sends what comes together in one batch per tenant', async () => {
    const { ledger, batches, settled } = anObjectLedger();

    for (const id of ['a-1', 'a-2', 'a-3']) ledger.record(anEntry(id, ofTenant('batch-a')));
    ledger.record(anEntry('b-1', ofTenant('batch-b')));
    expect(batches).toEqual([]);
    await settled();

    expect(batches).toEqual([['a-1', 'a-2', 'a-3'], ['b-1']]);
    expect(await ledgerObject('batch-a').find('a-3')).toContain('"a-3"');
    expect(await ledgerObject('batch-b').find('b-1')).toContain('"b-1"');
  });

  it('finds what has not been sent yet', async () => {
    const { ledger } = anObjectLedger();
    ledger.record(anEntry('fresh', ofTenant('fresh')));

    expect(await ledger.find('fresh', 'fresh')).toContain('"fresh"');
    expect(await ledger.find('fresh', 'unknown')).toBeUndefined();
  });

  it.each(['overloaded', 'silent'] as const)(
    'F81 keeps entries that an object did not take that is %s, says so, and sends them again',
    async (failure) => {
      const tenant = `kept-${failure}`;
      const { ledger, batches, telemetry, settled } = anObjectLedger([failure, failure]);
      ledger.record(anEntry('kept', ofTenant(tenant)));

      await settled();

      expect(batches).toEqual([['kept'], ['kept'], ['kept']]);
      const fault = { event: 'platform_fault', part: 'ledger', waiting: 1 };
      expect(telemetry.events).toEqual([fault, fault]);
      expect(await ledgerObject(tenant).find('kept')).toContain('"kept"');
    },
  );

  it('F81 keeps them for the next request where the object is down for long', async () => {
    const down = ['overloaded', 'overloaded', 'overloaded'] as const;
    const { ledger, batches, settled } = anObjectLedger(down);
    ledger.record(anEntry('kept', ofTenant('down')));
    await settled();

    ledger.record(anEntry('next', ofTenant('down')));
    await settled();

    expect(batches.at(-1)).toEqual(['kept', 'next']);
    expect(await ledgerObject('down').find('kept')).toContain('"kept"');
    expect(await ledgerObject('down').find('next')).toContain('"next"');
  });
});
