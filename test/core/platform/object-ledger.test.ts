import { describe, expect, it } from 'vitest';
import { ObjectLedger } from '../../../src/platform/object-ledger.ts';
import { aRouter } from '../../support/journeys.ts';
import { chatAnswer, someModels } from '../../support/plans.ts';

/** The most that work may take behind an answer, on Workers. */
const BACKGROUND_MS = 30_000;

describe('ObjectLedger', () => {
  it.each([
    ['refuse', () => Promise.reject(new Error('overloaded'))],
    ['never answer', () => new Promise<never>(() => undefined)],
  ])(
    'F83 is done in the 30 s that work may go on, and keeps what is left, where the books %s',
    async (_, record) => {
      const { ports, router, journeyOf } = aRouter(someModels(1), [chatAnswer()]);
      ports.random.value = 0.999;
      const open = () => Promise.resolve();
      const find = () => Promise.resolve(undefined);
      const taken: unknown[] = [];
      const object = { open, find, record };
      const namespace = { idFromName: () => ({}), get: () => object };
      const ledger = new ObjectLedger({ ...ports, namespace });
      ports.ledger.record = (entry) => ledger.record(entry);
      await ports.clock.run(router.answer(journeyOf({})));
      const answeredAt = ports.clock.now();

      await ports.clock.run(Promise.all(ports.background.work));

      expect(ports.clock.now() - answeredAt).toBeLessThan(BACKGROUND_MS);
      object.record = (async (entries: unknown) => taken.push(entries)) as typeof record;
      await ports.clock.run(ledger.find('owner', 'r1'));
      expect(taken).toMatchObject([[{ requestId: 'r1' }]]);
    },
  );
});
