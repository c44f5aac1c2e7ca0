import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/execute/execute.ts';
import { slowMarkMs } from '../../../src/execute/limits.ts';
import { aConversation } from '../../support/builders.ts';
import { fakePorts } from '../../support/fakes.ts';
import { aPlan, CHAT_DONE, CHAT_STOP, chatDelta, someModels } from '../../support/plans.ts';

const LIMITS = { deadlineMs: 600_000, beginMs: 600_000, firstContentMs: 10_000, idleMs: 30_000 };
const NOTHING = { inputTokens: 0, outputTokens: 0 };

describe('slowMarkMs', () => {
  it.each([
    ['twice the usual time', 3000, NOTHING, 6000],
    ['a second at the least', 100, NOTHING, 1000],
    ['the limit itself while nothing was measured', undefined, NOTHING, 10_000],
    ['with the time to read the input', 3000, { inputTokens: 100_000, outputTokens: 0 }, 26_000],
    ['with the time to write a whole answer', 3000, { inputTokens: 0, outputTokens: 100 }, 11_000],
  ])('is %s (F91)', (_, usualMs, sizes, markMs) => {
    expect(slowMarkMs(LIMITS, usualMs, sizes)).toBe(markMs);
  });
});

describe('an attempt that takes long', () => {
  const answer = [chatDelta({ content: 'Hi' }), CHAT_STOP, CHAT_DONE];

  async function attemptOf(pauseMs: number) {
    const models = someModels(1);
    const ports = fakePorts(models, [{ body: [{ pauseMs }, ...answer] }, 'silence', 'silence']);
    ports.latencies.usualMs = 2000;
    const conversation = aConversation({ stream: true });
    const work = execute(aPlan(models, { conversation }), ports);
    return { ports, work };
  }

  it('is told of at the slow mark, while it still runs (F91)', async () => {
    const { ports } = await attemptOf(60_000);

    await ports.clock.advance(4000);
    expect(ports.breakers.permits[0]?.answers).toEqual([]);
    await ports.clock.advance(200);

    expect(ports.breakers.permits[0]?.answers).toEqual(['slow']);
    await ports.clock.advance(600_000);
  });

  it('counts as a success when it answers after all', async () => {
    const { ports, work } = await attemptOf(5000);

    const { result } = await ports.clock.run(work);

    expect(result.type).toBe('stream');
    expect(ports.breakers.permits[0]?.answers).toEqual(['slow', 'succeed']);
  });

  it('is not told of when it answers in time', async () => {
    const { ports, work } = await attemptOf(3000);

    await ports.clock.run(work);

    expect(ports.breakers.permits[0]?.answers).toEqual(['succeed']);
  });
});
