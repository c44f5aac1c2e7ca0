import { describe, expect, it } from 'vitest';
import { nanoUsd } from '../../../src/domain/money.ts';
import { execute } from '../../../src/execute/execute.ts';
import type { ExecutionPlan } from '../../../src/execute/run.ts';
import { aConversation } from '../../support/builders.ts';
import type { Piece, Script } from '../../support/fake-transport.ts';
import { fakePorts } from '../../support/fakes.ts';
import {
  aPlan,
  CHAT_DONE,
  CHAT_STOP,
  chatDelta,
  chatError,
  someModels,
} from '../../support/plans.ts';

const says = (text: string): Piece[] => [chatDelta({ content: text }), CHAT_STOP, CHAT_DONE];
const late = (pauseMs: number, text: string): Script => ({ body: [{ pauseMs }, ...says(text)] });

/** Models whose first content usually comes within 2 s, nearly always within 4 s. */
function hedged(scripts: readonly Script[], fields: Partial<ExecutionPlan> = {}) {
  const models = someModels(3);
  const ports = fakePorts(models, scripts);
  ports.latencies.usualMs = 2000;
  const conversation = aConversation({ stream: true });
  const request = { conversation, hedge: true };
  const work = execute(aPlan(models, { conversation, request, ...fields }), ports);
  return { ports, work };
}

const outcomes = (attempts: readonly { model: string; outcome: { type: string } }[]) =>
  attempts.map(({ model, outcome }) => `${model} ${outcome.type}`);

describe('a hedged request', () => {
  it('asks one model only while it answers in its usual time', async () => {
    const { ports, work } = hedged([late(3900, 'first')]);

    const { result } = await ports.clock.run(work);

    expect(result).toMatchObject({ type: 'stream', stream: { order: { number: 1 } } });
    expect(ports.transport.asked).toEqual(['m1']);
  });

  it('takes the answer of the second when it comes first, and cancels and books the other', async () => {
    const { ports, work } = hedged([late(9000, 'first'), late(1000, 'second')]);

    const { attempts, result } = await ports.clock.run(work);

    expect(result).toMatchObject({ type: 'stream', stream: { order: { number: 2 } } });
    expect(ports.transport.calls.map(({ sentAt }) => sentAt)).toEqual([1_000_000, 1_004_000]);
    expect(outcomes(attempts)).toEqual(['openai/m1 cancelled']);
    expect(ports.transport.calls[0]?.body).toBe('cancelled');
    expect(ports.breakers.permits.map(({ answers }) => answers)).toEqual([
      ['slow', 'release'],
      ['succeed'],
    ]);
  });

  it('takes the answer of the first when that comes first after all', async () => {
    const { ports, work } = hedged([late(5000, 'first'), late(3000, 'second')]);

    const { attempts, result } = await ports.clock.run(work);

    expect(result).toMatchObject({ type: 'stream', stream: { order: { number: 1 } } });
    expect(outcomes(attempts)).toEqual(['openai/m2 cancelled']);
  });

  it('waits for the second when the first fails, and asks nobody twice', async () => {
    const { ports, work } = hedged([
      { ...chatError(503), afterMs: 4500 },
      late(2000, 'second'),
      late(0, 'third'),
    ]);

    const { attempts, result } = await ports.clock.run(work);

    expect(result).toMatchObject({ type: 'stream', stream: { order: { number: 2 } } });
    expect(outcomes(attempts)).toEqual(['openai/m1 failed']);
    expect(ports.transport.asked).toEqual(['m1', 'm2']);
  });

  it('goes on to the third when both failed', async () => {
    const malformed: Script = { body: ['data: {}\n\n'], afterMs: 4500 };
    const { ports, work } = hedged([malformed, malformed, late(0, 'third')]);

    const { attempts, result } = await ports.clock.run(work);

    expect(result).toMatchObject({ type: 'stream', stream: { order: { number: 3 } } });
    expect(outcomes(attempts)).toEqual(['openai/m1 failed', 'openai/m2 failed']);
  });

  it('asks no second model where both together might pass the cost cap', async () => {
    const { ports, work } = hedged([late(6000, 'first')], { maxCostNanoUsd: nanoUsd(1500) });

    await ports.clock.run(work);

    expect(ports.transport.asked).toEqual(['m1']);
  });
});
