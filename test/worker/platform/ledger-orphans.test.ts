import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { OpenCall } from '../../../src/domain/ledger.ts';
import { nanoUsd } from '../../../src/domain/money.ts';
import { ledgerObject } from '../bindings.ts';
import { aLine, anAttempt, anEntry } from '../entries.ts';

/** A call whose time is over by default. */
function aCall(fields: Partial<OpenCall> = {}): OpenCall {
  const { attribution } = anEntry('');
  const { number, model, provider, startedAt } = anAttempt();
  return {
    requestId: 'request-1',
    attribution,
    number,
    model,
    provider,
    startedAt,
    closesBy: Date.now() - 1,
    estimatedCostNanoUsd: nanoUsd(700),
    estimatedInputTokens: 12,
    ...fields,
  };
}

const LATER = { closesBy: Date.now() + 3_600_000 };

function rowsOf(tenant: string, table: 'requests' | 'lines' | 'open_calls') {
  return runInDurableObject(ledgerObject(tenant), (_, state) =>
    state.storage.sql.exec(`SELECT * FROM ${table} ORDER BY 1, 2`).toArray(),
  );
}

function alarmOf(tenant: string): Promise<number | null> {
  return runInDurableObject(ledgerObject(tenant), (_, state) => state.storage.getAlarm());
}

describe('Ledger, of a call that nobody closes (F74)', () => {
  it('closes it by its alarm, with an estimate', async () => {
    await ledgerObject('orphan').open(aCall());
    expect(await alarmOf('orphan')).toBeGreaterThan(Date.now());

    expect(await runDurableObjectAlarm(ledgerObject('orphan'))).toBe(true);

    expect(await rowsOf('orphan', 'open_calls')).toEqual([]);
    expect(await rowsOf('orphan', 'lines')).toMatchObject([
      {
        request_id: 'request-1',
        number: 1,
        outcome: 'orphan',
        input_tokens: 12,
        output_tokens: null,
        is_estimated: 1,
        cost_nano_usd: 700,
      },
    ]);
    expect(await rowsOf('orphan', 'requests')).toMatchObject([{ cost_nano_usd: 700 }]);
    const found = JSON.parse((await ledgerObject('orphan').find('request-1')) ?? '');
    expect(found).toMatchObject({ requestId: 'request-1', outcome: 'orphan' });
    expect(await alarmOf('orphan')).toBeNull();
  });

  it('closes every attempt of its request', async () => {
    const ledger = ledgerObject('orphans');
    await ledger.open(aCall());
    await ledger.open(aCall({ number: 2, estimatedCostNanoUsd: nanoUsd(300) }));

    await runDurableObjectAlarm(ledger);

    expect(await rowsOf('orphans', 'lines')).toMatchObject([
      { number: 1, cost_nano_usd: 700 },
      { number: 2, cost_nano_usd: 300 },
    ]);
    expect(await rowsOf('orphans', 'requests')).toMatchObject([{ cost_nano_usd: 1000 }]);
  });

  it('leaves a call alone whose time is not over, and looks again', async () => {
    const ledger = ledgerObject('patient');
    await ledger.open(aCall(LATER));

    await runDurableObjectAlarm(ledger);

    expect(await ledger.lines()).toMatchObject([{ outcome: 'open' }]);
    expect(await alarmOf('patient')).toBeGreaterThan(Date.now());
  });

  it('books it once, however often its record comes', async () => {
    const ledger = ledgerObject('closed');
    await ledger.open(aCall(LATER));
    await ledger.open(aCall(LATER));

    await ledger.record([anEntry('request-1')]);
    await ledger.record([anEntry('request-1')]);
    await ledger.open(aCall(LATER));
    await runDurableObjectAlarm(ledger);

    expect(await ledger.lines()).toMatchObject([{ number: 1, outcome: 'answered' }]);
    expect(await rowsOf('closed', 'requests')).toHaveLength(1);
  });

  it('takes the record for the truth that comes after all', async () => {
    const ledger = ledgerObject('late');
    await ledger.open(aCall());
    await runDurableObjectAlarm(ledger);

    await ledger.record([anEntry('request-1', { lines: [aLine()], costNanoUsd: nanoUsd(20_000) })]);
    await runDurableObjectAlarm(ledger);

    expect(await ledger.lines()).toMatchObject([{ number: 1, outcome: 'answered' }]);
    expect(await rowsOf('late', 'requests')).toMatchObject([{ cost_nano_usd: 20_000 }]);
  });
});
