import { describe, expect, it } from 'vitest';
import { breakerPolicySchema } from '../../src/domain/routing-config.ts';
import { ObjectBreakers } from '../../src/platform/object-breakers.ts';
import { ObjectLedger } from '../../src/platform/object-ledger.ts';
import { MultiModelRouter } from '../../src/router.ts';
import type { Script } from '../support/fake-transport.ts';
import { aRouter } from '../support/journeys.ts';
import { chatAnswer, chatError, someModels } from '../support/plans.ts';

const OK = chatAnswer('Hello');
const overloaded = chatError(529);

/** Platform objects that count the calls to them; a breaker never opens. */
function countedObjects() {
  const calls: string[] = [];
  const count = <Result>(name: string, result: Result) => {
    calls.push(name);
    return Promise.resolve(result);
  };
  const closed = { epoch: 0, state: 'closed', ttlMs: 60_000, failuresInRow: 0 } as const;
  const breaker = { sync: () => count('breaker', closed) };
  const books = {
    open: () => count('books-open', undefined),
    record: () => count('books', undefined),
    find: () => count('find', undefined),
  };
  const idFromName = () => ({});
  return {
    calls,
    breakers: { idFromName, get: () => breaker },
    ledger: { idFromName, get: () => books },
  };
}

/** A router on the real edges of breakers and books. */
function onObjects(scripts: readonly Script[]) {
  const { ports, journeyOf } = aRouter(someModels(9), scripts);
  const objects = countedObjects();
  const policy = () => breakerPolicySchema.parse({});
  const router = new MultiModelRouter({
    ...ports,
    breakers: new ObjectBreakers({
      ...ports,
      policy,
      continent: () => undefined,
      namespace: objects.breakers,
    }),
    ledger: new ObjectLedger({ ...ports, namespace: objects.ledger }),
  });
  const run = async (stream: boolean): Promise<void> => {
    const answering = router.answer(journeyOf({ conversation: { stream } }));
    const answer = await ports.clock.run(answering).catch(() => undefined);
    if (answer?.type === 'stream') {
      await ports.clock.run(answer.body.pipeTo(new WritableStream()));
    }
    for (const work of ports.background.work) await ports.clock.run(work);
  };
  return { run, calls: objects.calls, transport: ports.transport };
}

describe('F84 the calls that a request may make', () => {
  const endless = { body: ['{"choices":', 'never'] } as const;
  const failures: readonly Script[] = [
    { status: 502, body: ['x'.repeat(20_000), 'never'] },
    { body: '<html>' },
    { body: chatAnswer('').body.replace('"completion_tokens":5', '"completion_tokens":0') },
    { status: 302, body: ['moved', 'never'] },
    overloaded,
    { fails: 'reset' },
    'silence',
    endless,
  ];

  it.each([false, true])('four at the most, one after another (stream: %s)', async (stream) => {
    for (const at of failures.keys()) {
      const scripts = [...failures.slice(at), ...failures.slice(0, at)];
      const { run, transport } = onObjects(scripts);
      let open = 0;
      let most = 0;
      const send = transport.send.bind(transport);
      transport.send = async (...call) => {
        open += 1;
        most = Math.max(most, open);
        return await send(...call).finally(() => {
          open -= 1;
        });
      };

      await run(stream);

      expect([transport.calls.length, most]).toEqual([4, 1]);
    }
  });

  it.each([false, true])('none is left with a body unread (stream: %s)', async (stream) => {
    for (const at of failures.keys()) {
      const { run, transport } = onObjects([...failures.slice(at), ...failures.slice(0, at)]);

      await run(stream);

      const left = transport.calls.filter(({ body, signal }) => body === 'open' && !signal.aborted);
      expect(left).toEqual([]);
    }
  });

  it('two to the platform for each attempt at the most, and one for the books', async () => {
    const { run, calls } = onObjects(Array(4).fill(overloaded));

    await run(false);

    const counts = ['books-open', 'breaker', 'books'].map(
      (name) => calls.filter((call) => call === name).length,
    );
    expect(counts).toEqual([4, 4, 1]);
  });

  it('one to the books before and one behind an answer that is right at once', async () => {
    const { run, calls } = onObjects([OK]);

    await run(false);

    expect(calls).toEqual(['books-open', 'books']);
  });
});
