import type { Attempt } from '../../src/domain/attempt.ts';
import { nanoUsd } from '../../src/domain/money.ts';
import type { Caller } from '../../src/domain/ports.ts';
import { relayStream } from '../../src/execute/relay.ts';
import { anOrder } from './attempts.ts';
import { FakeFraming } from './fake-measures.ts';
import type { Piece } from './fake-transport.ts';
import { aCaller } from './fakes.ts';
import { readText } from './read-text.ts';

type Given = {
  readonly caller?: Partial<Caller>;
  readonly idleMs?: number;
  readonly deadlineMs?: number;
  readonly framing?: FakeFraming;
};

/** A stream of these pieces that is relayed from its first content on. */
export async function aRelay(body: readonly Piece[], given: Given = {}) {
  const { run, clock, transport, caller, order } = anOrder(
    { body },
    { conversation: { stream: true } },
  );
  if (given.deadlineMs !== undefined) {
    const fault = { kind: 'deadline', code: 'deadline_exceeded', message: 'over' } as const;
    order.guard.limit(given.deadlineMs, { ...fault, status: undefined, accepted: 'unknown' });
  }
  const result = await run();
  if (result.type !== 'stream') throw new Error(`the attempt is ${result.type}`);
  const startedAt = clock.now();
  const kept: Attempt[] = [];
  const { framing = new FakeFraming() } = given;
  const relayed = relayStream(
    {
      stream: result.stream,
      sequel: { keep: (attempt) => kept.push(attempt), resume: () => Promise.resolve(undefined) },
      head: { requestId: 'r1', model: order.model.id, createdAt: 0, warnings: [] },
      caller: aCaller({ signal: caller.signal, ...given.caller }),
      idleMs: given.idleMs ?? 30_000,
      billOf: ({ held }) => ({
        usage: held.tally.usage,
        usageIsEstimated: false,
        costNanoUsd: nanoUsd(7),
      }),
    },
    { clock, framing, openPipe: () => new TransformStream<Uint8Array, Uint8Array>() },
  );
  const [call] = transport.calls;
  return {
    ...relayed,
    settled: relayed.settled.then(() => kept[0]),
    clock,
    leave: () => caller.abort(),
    get upstream() {
      return call?.body;
    },
    /** Everything that the caller got, and the record, when both are there. */
    end: async () => {
      const [text] = await clock.run(Promise.all([readText(relayed.body), relayed.settled]));
      const [attempt] = kept;
      if (attempt === undefined) throw new Error('no record was kept');
      return { text, attempt, tookMs: clock.now() - startedAt };
    },
  };
}
