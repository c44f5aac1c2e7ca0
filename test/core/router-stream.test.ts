import { describe, expect, it } from 'vitest';
import { aModel, aRegistry } from '../support/builders.ts';
import type { Piece, Script } from '../support/fake-transport.ts';
import { aRouter } from '../support/journeys.ts';
import {
  CHAT_DONE,
  CHAT_ROLE,
  CHAT_STOP,
  CHAT_USAGE,
  chatDelta,
  chatError,
  someModels,
} from '../support/plans.ts';

const HELLO = chatDelta({ content: 'Hello' });
const WHOLE: readonly Piece[] = [CHAT_ROLE, HELLO, CHAT_STOP, CHAT_USAGE, CHAT_DONE];
const STREAM = { conversation: { stream: true }, caller: { wantsUsage: true } };
const models = someModels(2);

describe('MultiModelRouter.answer, streamed', () => {
  it('books when the last byte has passed, not before', async () => {
    const { start, ports } = aRouter(models, [
      { body: [...WHOLE.slice(0, 2), { pauseMs: 900 }, ...WHOLE.slice(2)] },
    ]);
    const answer = await start(STREAM);
    const before = ports.ledger.entries.length;
    if (answer.type !== 'stream') throw new Error(answer.type);
    await ports.clock.run(answer.body.pipeTo(new WritableStream()));
    await ports.clock.run(Promise.all(ports.background.work));

    expect(before).toBe(0);
    expect(answer).toMatchObject({ head: { model: 'openai/m1' }, attempts: 1, fallbacks: 0 });
    expect(ports.ledger.entries).toMatchObject([
      {
        isStream: true,
        outcome: 'answered',
        servedModel: 'openai/m1',
        costNanoUsd: 20_000,
        lines: [{ usage: { uncachedInputTokens: 10, outputTokens: 5 }, usageIsEstimated: false }],
      },
    ]);
    expect(ports.latencies.recorded).toEqual([{ model: 'openai/m1', firstContentMs: 0 }]);
  });

  it('shows nothing of a model that failed before its first content (F47)', async () => {
    const faulty: Script = { body: [CHAT_ROLE, 'data: {"error":{"code":503}}\n\n'] };

    const { answer, text } = await aRouter(models, [faulty, { body: WHOLE }]).run(STREAM);

    expect(text).toBe(WHOLE.join(''));
    expect(answer).toMatchObject({ head: { model: 'openai/m2' }, attempts: 2, fallbacks: 1 });
  });

  it('ends a broken stream with an error frame, and counts it against the model (F51)', async () => {
    const { run, ports } = aRouter(models, [{ body: [CHAT_ROLE, HELLO, 'breaks'] }]);

    const { text } = await run({ ...STREAM, onStreamBreak: 'error' });

    expect(text?.endsWith('error upstream_stream_error\n')).toBe(true);
    expect(ports.transport.asked).toEqual(['m1']);
    expect(ports.breakers.permits.map(({ answers }) => answers)).toEqual([['succeed']]);
    expect(ports.breakers.recorded).toEqual(['openai/m1']);
    expect(ports.ledger.entries).toMatchObject([
      { outcome: 'failed', errorCode: 'upstream_stream_error', servedModel: undefined },
    ]);
  });

  it('counts no model for a deadline that passes in its stream', async () => {
    const flowing = Array.from({ length: 30 }, () => [{ pauseMs: 1000 }, HELLO]).flat();
    const { run, ports } = aRouter(models, [{ body: [HELLO, ...flowing] }]);

    const { text } = await run({ ...STREAM, deadlineMs: 5000 });

    expect(text?.endsWith('error deadline_exceeded\n')).toBe(true);
    expect(ports.breakers.recorded).toEqual([]);
    expect(ports.ledger.entries).toMatchObject([{ errorCode: 'deadline_exceeded' }]);
  });

  it('books what a caller got who left in the middle (F70)', async () => {
    const flowing = Array.from({ length: 30 }, () => [{ pauseMs: 250 }, HELLO]).flat();
    const { start, ports, leave } = aRouter(models, [{ body: [HELLO, ...flowing] }]);
    const answer = await start(STREAM);
    if (answer.type !== 'stream') throw new Error(answer.type);
    const reader = answer.body.getReader();
    await ports.clock.run(reader.read());
    await ports.clock.advance(1000);
    leave();
    await ports.clock.advance(1000);

    expect(ports.transport.calls[0]?.body).toBe('cancelled');
    expect(ports.ledger.entries).toMatchObject([
      { outcome: 'cancelled', errorCode: undefined, lines: [{ usageIsEstimated: true }] },
    ]);
    expect(ports.breakers.recorded).toEqual([]);
  });

  it('books by the prices that the request was decided on, whatever is published meanwhile', async () => {
    const { start, ports } = aRouter(models, [
      chatError(529),
      { body: [HELLO, { pauseMs: 900 }, ...WHOLE.slice(2)] },
    ]);
    const answer = await start(STREAM);
    ports.registry.registry = aRegistry([aModel('openai/m2', { costPer1kInputTokens: 900 })]);
    if (answer.type !== 'stream') throw new Error(answer.type);
    await ports.clock.run(answer.body.pipeTo(new WritableStream()));
    await ports.clock.run(Promise.all(ports.background.work));

    expect(ports.ledger.entries).toMatchObject([
      { costNanoUsd: 20_000, lines: [{ costNanoUsd: 0 }, { costNanoUsd: 20_000 }] },
    ]);
  });
});

describe('MultiModelRouter.answer, a stream that breaks and passes as it came', () => {
  const WORLD = chatDelta({ content: ' world' });
  const good: Script = { body: [CHAT_ROLE, HELLO, WORLD, CHAT_STOP, CHAT_USAGE, CHAT_DONE] };

  it('is gone on from where its last event is whole, with what is missing alone (F51)', async () => {
    const { text } = await aRouter(models, [{ body: [CHAT_ROLE, HELLO, 'breaks'] }, good]).run(
      STREAM,
    );

    const [before = '', behind = ''] = text?.split(HELLO) ?? [];
    expect(before).toBe(CHAT_ROLE);
    expect(behind).toContain('text-delta {"text":" world"}');
    expect(behind).not.toContain('Hello');
    expect(behind.endsWith('finish {"uncachedInputTokens":10,"outputTokens":5}\n')).toBe(true);
  });

  it.each<[string, Piece]>([
    ['half an event', 'data: {"choices":[{"del'],
    ["the provider's own fault", 'data: {"error":{"message":"no","code":503}}\n\n'],
  ])('is not gone on from where %s has passed', async (_, piece) => {
    const { run, ports } = aRouter(models, [{ body: [CHAT_ROLE, HELLO, piece] }, good]);

    const { text } = await run(STREAM);

    expect(ports.transport.asked).toEqual(['m1']);
    expect(text?.endsWith('error upstream_stream_error\n')).toBe(true);
  });
});

describe('MultiModelRouter, and what was said', () => {
  const CANARY = 'canary-7f3a';
  const said = [{ role: 'user' as const, content: [{ type: 'text' as const, text: CANARY }] }];
  const answered = chatDelta({ content: CANARY });

  it.each<[string, readonly Script[]]>([
    ['an answer', [{ body: [answered, ...WHOLE.slice(2)] }]],
    ['a broken stream', [{ body: [answered, 'breaks'] }]],
    [
      'a provider that repeats it in its errors',
      Array(2).fill(chatError(529, { message: CANARY })),
    ],
    ['a provider that blames a field with it', [chatError(400, { message: CANARY, code: CANARY })]],
  ])(
    'has no text of prompt or answer in its books and events after %s (A47)',
    async (_, scripts) => {
      const { run, ports } = aRouter(models, scripts);
      const error = await run({ ...STREAM, conversation: { stream: true, messages: said } }).then(
        () => undefined,
        (thrown: Error) => thrown,
      );

      const seen = [ports.ledger.entries, ports.points.entries, ports.telemetry.events, error];
      expect(ports.telemetry.events.length).toBeGreaterThan(2);
      expect(JSON.stringify([...seen, error?.message])).not.toContain(CANARY);
    },
  );
});
