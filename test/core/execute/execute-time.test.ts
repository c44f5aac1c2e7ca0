import { describe, expect, it } from 'vitest';
import { aConversation } from '../../support/builders.ts';
import { anExecution } from '../../support/executions.ts';
import type { Script } from '../../support/fake-transport.ts';
import { chatAnswer, chatError, someModels } from '../../support/plans.ts';

const OK = chatAnswer();
const within = (deadlineMs: number) => ({ plan: { request: { deadlineMs } } });

describe('execute: the deadline', () => {
  it('spans all attempts, and is the error when it passes in one (F73)', async () => {
    const slow: Script = { ...chatError(529), afterMs: 3000 };
    const { run, ports } = anExecution([slow, slow, 'silence'], within(8000));

    const { asked, error, waitedMs, attempts } = await run();

    expect(asked).toEqual(['m1', 'm2', 'm3']);
    expect(waitedMs).toBe(8000);
    expect(error).toMatchObject({ code: 'deadline_exceeded', details: { shouldRetry: false } });
    expect(attempts.at(-1)).toMatchObject({
      durationMs: 2000,
      outcome: { type: 'failed', failure: { kind: 'deadline' } },
    });
    expect(ports.breakers.permits.at(-1)?.answers).toEqual(['release']);
  });

  it('covers the body as well as the headers', async () => {
    const { error, waitedMs } = await anExecution([{ body: ['{', 'never'] }], within(4000)).run();

    expect([error?.code, waitedMs]).toEqual(['deadline_exceeded', 4000]);
  });

  it('is the error when it has passed before any call could be made', async () => {
    const { run, ports } = anExecution([OK], within(5000));
    await ports.clock.advance(5000);

    const { asked, error } = await run();

    expect(asked).toEqual([]);
    expect([error?.code, error?.message]).toEqual([
      'deadline_exceeded',
      'the deadline of the request has passed',
    ]);
  });

  it('is the error when an answer that has failed takes until then', async () => {
    const hanging: Script = { status: 500, body: ['{', 'never'] };

    const { error } = await anExecution([hanging, OK], within(4000)).run();

    expect(error?.code).toBe('deadline_exceeded');
  });

  it('is counted as the attempt that it ended, and not as another', async () => {
    const { error } = await anExecution(['silence'], within(4000)).run();

    expect(error?.message).toBe('the deadline of the request has passed; one attempt failed');
  });

  it('is as far as the client waits for an answer to begin (F73)', async () => {
    const { run, ports } = anExecution([OK], { plan: { request: { beginMs: 5000 } } });
    await ports.clock.advance(5000);

    const { asked, error } = await run();

    expect([asked, error?.code]).toEqual([[], 'deadline_exceeded']);
  });

  it('lets no wait take more than a quarter of what is left of it (F16)', async () => {
    const limited = { ...chatError(429), headers: { 'retry-after': '2' } };
    const { asked, waitedMs } = await anExecution([limited, OK], within(7900)).run();

    expect([asked, waitedMs]).toEqual([['m1', 'm2'], 0]);
  });

  it('begins when the request did, not when its execution does', async () => {
    const { run, ports } = anExecution(['silence'], within(5000));
    await ports.clock.advance(1000);

    expect((await run()).waitedMs).toBe(5000);
  });
});

describe('execute: the first content', () => {
  it('gets its own time with each model, and no more', async () => {
    const conversation = aConversation({ stream: true });
    const plan = { conversation, request: { firstTokenMs: 700, conversation } };

    const { asked, error, waitedMs } = await anExecution(['silence', 'silence', 'silence'], {
      plan,
    }).run();

    expect(asked).toEqual(['m1', 'm2', 'm3']);
    expect([error?.code, waitedMs]).toEqual(['upstream_timeout', 2100]);
  });
});

describe('execute: a caller who leaves', () => {
  it('ends the attempt under way, and nothing follows (F69)', async () => {
    const { run, ports, caller } = anExecution([{ ...chatError(529), afterMs: 500 }, OK]);
    const running = run();
    caller.abort();

    const { asked, attempts, error } = await running;

    expect(asked).toEqual(['m1']);
    expect(attempts).toMatchObject([{ outcome: { type: 'cancelled' } }]);
    expect(error?.code).toBe('client_closed_request');
    expect(ports.transport.calls[0]?.signal.aborted).toBe(true);
  });

  it('ends a wait for the next attempt', async () => {
    const limited = { ...chatError(429), headers: { 'retry-after': '2' } };
    const { run, ports, caller } = anExecution([limited, OK], { models: someModels(1) });
    const running = run();
    await ports.clock.advance(1000);
    caller.abort();

    const { asked, error, waitedMs } = await running;

    expect([asked, error?.code, waitedMs]).toEqual([['m1'], 'client_closed_request', 1000]);
  });

  it('has nobody called when gone before the first call', async () => {
    const { run, caller } = anExecution([OK]);
    caller.abort();

    const { asked, attempts, error } = await run();

    expect([asked, attempts, error?.code]).toEqual([[], [], 'client_closed_request']);
  });
});

describe('execute: what is left behind', () => {
  it.each<[string, readonly Script[]]>([
    ['an answer', [OK]],
    ['fallbacks', [chatError(500), chatError(500), OK]],
    ['silence', ['silence', 'silence', 'silence']],
    ["a caller's fault", [chatError(400)]],
  ])('is no timer and no open call after %s', async (_, scripts) => {
    const { run, ports } = anExecution(scripts);
    await run();

    expect(ports.clock.waiting).toBe(0);
    expect(ports.transport.calls.map(({ body }) => body)).not.toContain('open');
  });
});
