import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { OpenCall } from '../../../src/domain/ledger.ts';
import { nanoUsd } from '../../../src/domain/money.ts';
import { ledgerObject } from '../bindings.ts';
import { aLine, anAttempt, anEntry } from '../entries.ts';

const NOW = Date.now();
const LATER = NOW + 60_000;

function anOpenCall(fields: Partial<OpenCall> = {}): OpenCall {
  return {
    requestId: 'request-1',
    attribution: anEntry('').attribution,
    number: 1,
    model: 'openai/gpt-test',
    provider: 'openai',
    startedAt: NOW,
    closesBy: NOW + 30_000,
    estimatedCostNanoUsd: nanoUsd(7000),
    estimatedInputTokens: 12,
    ...fields,
  };
}

async function outcomesOf(tenant: string) {
  const lines = await ledgerObject(tenant).lines();
  return lines.map(({ number, outcome }) => [number, outcome]);
}

function rowsOf(tenant: string, table: 'requests' | 'lines') {
  return runInDurableObject(ledgerObject(tenant), (_, { storage }) =>
    storage.sql.exec(`SELECT * FROM ${table}`).toArray(),
  );
}

describe('Ledger, of calls whose isolate may have died (F74)', () => {
  it('knows a call as soon as it is sent off', async () => {
    await ledgerObject('open').open(anOpenCall());

    expect(await outcomesOf('open')).toEqual([[1, 'open']]);
  });

  it('closes it with the record of its request', async () => {
    const ledger = ledgerObject('closed');
    await ledger.open(anOpenCall());
    await ledger.record([anEntry('request-1')]);
    await ledger.closeOverdue(LATER);

    expect(await outcomesOf('closed')).toEqual([[1, 'answered']]);
  });

  it('opens nothing whose record came first', async () => {
    const ledger = ledgerObject('first');
    await ledger.record([anEntry('request-1')]);
    await ledger.open(anOpenCall());

    expect(await outcomesOf('first')).toEqual([[1, 'answered']]);
  });

  it('makes an orphan of what nobody has closed in time, with estimated cost', async () => {
    const ledger = ledgerObject('orphan');
    await ledger.open(anOpenCall());
    await ledger.open(anOpenCall({ requestId: 'request-2', closesBy: LATER + 1 }));
    await ledger.closeOverdue(LATER);

    expect(await outcomesOf('orphan')).toEqual([
      [1, 'orphan'],
      [1, 'open'],
    ]);
    expect(await rowsOf('orphan', 'lines')).toMatchObject([
      { outcome: 'orphan', input_tokens: 12, is_estimated: 1, cost_nano_usd: 7000 },
    ]);
  });

  it('charges a request with all of its orphans', async () => {
    const ledger = ledgerObject('orphans');
    await ledger.open(anOpenCall());
    await ledger.open(anOpenCall({ number: 2, estimatedCostNanoUsd: nanoUsd(500) }));
    await ledger.closeOverdue(LATER);

    expect(await rowsOf('orphans', 'requests')).toMatchObject([{ cost_nano_usd: 7500 }]);
    expect(await rowsOf('orphans', 'lines')).toHaveLength(2);
  });

  it('takes the record that comes after all instead', async () => {
    const ledger = ledgerObject('late');
    await ledger.open(anOpenCall());
    await ledger.closeOverdue(LATER);
    await ledger.record([
      anEntry('request-1', {
        lines: [aLine({ attempt: anAttempt() }), aLine({ attempt: anAttempt({ number: 2 }) })],
      }),
    ]);

    expect(await outcomesOf('late')).toEqual([
      [1, 'answered'],
      [2, 'answered'],
    ]);
    expect(await rowsOf('late', 'requests')).toMatchObject([{ cost_nano_usd: 40_000 }]);
  });

  it('looks by itself, as long as calls are open', async () => {
    const ledger = ledgerObject('alarm');
    await ledger.open(anOpenCall({ closesBy: NOW - 1 }));
    await ledger.open(anOpenCall({ requestId: 'request-2', closesBy: LATER }));

    expect(await runDurableObjectAlarm(ledger)).toBe(true);
    expect(await outcomesOf('alarm')).toEqual([
      [1, 'orphan'],
      [1, 'open'],
    ]);
    await ledger.record([anEntry('request-2')]);
    expect(await runDurableObjectAlarm(ledger)).toBe(true);
    expect(await runDurableObjectAlarm(ledger)).toBe(false);
  });
});
