import { describe, expect, it } from 'vitest';
import { FakeFraming } from '../../support/fake-measures.ts';
import type { Piece } from '../../support/fake-transport.ts';
import { CHAT_DONE, CHAT_ROLE, CHAT_STOP, CHAT_USAGE, chatDelta } from '../../support/plans.ts';
import { aRelay } from '../../support/relays.ts';

const HELLO = chatDelta({ content: 'Hello' });
const WORLD = chatDelta({ content: ' world' });
const WHOLE = [CHAT_ROLE, HELLO, WORLD, CHAT_STOP, CHAT_USAGE, CHAT_DONE];
const FAULT = 'data: {"error":{"message":"no","code":503}}\n\n';

/** The caller asked for usage, so nothing of an OpenAI stream must change. */
const NATIVE = { caller: { wantsUsage: true } };

describe('relayNative', () => {
  it('passes the bytes as they came', async () => {
    const pieces = [...WHOLE, ': a comment behind the end\n\n'];
    const { end } = await aRelay(pieces, NATIVE);

    expect((await end()).text).toBe(pieces.join(''));
  });

  it('passes them whatever way they are cut', async () => {
    const text = [CHAT_ROLE, chatDelta({ content: 'añ€👩‍👩‍👧' }), ...WHOLE.slice(3)].join('');
    const bytes = new TextEncoder().encode(text);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) =>
      bytes.slice(at * 7, at * 7 + 7),
    );

    const { text: relayed, attempt } = await (await aRelay(pieces, NATIVE)).end();

    expect(relayed).toBe(text);
    expect(attempt.usage).toEqual({ uncachedInputTokens: 10, outputTokens: 5 });
  });

  it('closes the record with what has passed', async () => {
    const pieces: Piece[] = [
      CHAT_ROLE,
      { pauseMs: 300 },
      HELLO,
      { pauseMs: 1000 },
      ...WHOLE.slice(2),
    ];

    const { attempt } = await (await aRelay(pieces, NATIVE)).end();

    expect(attempt).toMatchObject({
      startedAt: 1_000_000,
      firstContentMs: 300,
      outcome: { type: 'answered', finishReason: { unified: 'stop', raw: 'stop' } },
      status: 200,
      upstreamId: 'c1',
      upstreamModel: 'served',
      usage: { uncachedInputTokens: 10, outputTokens: 5 },
      outputCharacters: 11,
    });
    expect(attempt.durationMs).toBeGreaterThanOrEqual(1300);
  });

  it('adds the last word where the provider left it out (F53)', async () => {
    const pieces = [HELLO, CHAT_STOP, CHAT_USAGE];
    const { text, attempt } = await (await aRelay(pieces, NATIVE)).end();

    expect(text).toBe(`${pieces.join('')}terminal event\n`);
    expect(attempt.outcome.type).toBe('answered');
  });

  it('takes the last word alone for the end of a whole answer (F53)', async () => {
    const { text, attempt } = await (await aRelay([HELLO, CHAT_DONE], NATIVE)).end();

    expect(text).toBe(HELLO + CHAT_DONE);
    expect(attempt.outcome).toEqual({
      type: 'answered',
      finishReason: { unified: 'unknown', raw: undefined },
    });
  });

  it.each<[string, readonly Piece[]]>([
    ['the last word (F55)', [...WHOLE, 'never']],
    ['the reason to finish, and no last word comes (F53)', [HELLO, CHAT_STOP, CHAT_USAGE, 'never']],
  ])('closes a connection that stays open behind %s', async (_, pieces) => {
    const relay = await aRelay(pieces, NATIVE);
    const { attempt, tookMs } = await relay.end();

    expect(attempt.outcome.type).toBe('answered');
    expect(tookMs).toBeLessThan(3000);
    expect([relay.upstream, relay.clock.waiting]).toEqual(['cancelled', 0]);
  });

  it.each<[string, readonly Piece[], string]>([
    ['breaks (F52)', [HELLO, WORLD, 'breaks'], 'upstream_stream_error'],
    ['ends before its answer does (F52)', [HELLO, WORLD], 'upstream_stream_error'],
    ['ends in the middle of an event', [HELLO, WORLD.slice(0, 20)], 'upstream_stream_error'],
    ['reports a fault (F51)', [HELLO, FAULT, 'never'], 'upstream_stream_error'],
    [
      'reports a fault and says that it is done',
      [HELLO, FAULT, CHAT_DONE],
      'upstream_stream_error',
    ],
    ['stands still (F54)', [HELLO, WORLD, 'never'], 'upstream_stalled'],
  ])('ends with an error frame, which stands by itself, where a stream %s', async (...row) => {
    const [, pieces, code] = row;
    const relay = await aRelay(pieces, NATIVE);
    const { text, attempt } = await relay.end();

    expect(text.endsWith(`\n\nerror ${code}\n`)).toBe(true);
    expect(attempt.outcome).toMatchObject({
      type: 'failed',
      failure: { kind: 'mid-stream', accepted: 'yes' },
    });
    expect(attempt.outputCharacters).toBeGreaterThanOrEqual(5);
    expect(relay.clock.waiting).toBe(0);
  });

  it('allows a gap of the limit, and no longer one (F54)', async () => {
    const slow: Piece[] = [HELLO, { pauseMs: 4000 }, WORLD, { pauseMs: 4000 }, ...WHOLE.slice(3)];
    const stuck: Piece[] = [HELLO, { pauseMs: 6000 }, ...WHOLE.slice(2)];
    const idleMs = 5000;

    const kept = await (await aRelay(slow, { ...NATIVE, idleMs })).end();
    const ended = await (await aRelay(stuck, { ...NATIVE, idleMs })).end();

    expect([kept.attempt.outcome.type, ended.attempt.outcome.type]).toEqual(['answered', 'failed']);
    expect(ended.tookMs).toBeLessThanOrEqual(5500);
  });

  it('counts pings as signs of life between contents (F54)', async () => {
    const pinging = Array.from({ length: 5 }, () => [{ pauseMs: 4000 }, ': ping\n\n']).flat();
    const { attempt } = await (
      await aRelay([HELLO, ...pinging, ...WHOLE.slice(2)], { ...NATIVE, idleMs: 5000 })
    ).end();

    expect(attempt.outcome.type).toBe('answered');
  });

  it('ends with the deadline, which is not the model’s fault', async () => {
    const flowing = Array.from({ length: 60 }, () => [{ pauseMs: 1000 }, WORLD]).flat();
    const { text, attempt } = await (
      await aRelay([HELLO, ...flowing], { ...NATIVE, deadlineMs: 10_000 })
    ).end();

    expect(text.endsWith('\n\nerror deadline_exceeded\n')).toBe(true);
    expect(attempt.outcome).toMatchObject({ failure: { kind: 'deadline' } });
  });
});

describe('relayNative, of events that cannot be read (F56)', () => {
  const BROKEN = 'data: {"choices":[{"delta":{"content":"cut\n\n';

  it('takes them out where they came before the first content', async () => {
    const { text, attempt } = await (
      await aRelay([CHAT_ROLE + BROKEN, ...WHOLE.slice(1)], NATIVE)
    ).end();

    expect(text).toContain('Hello');
    expect(text).not.toContain('cut');
    expect(attempt.outcome.type).toBe('answered');
  });

  it('lets them pass once, and takes them out of the model’s later streams', async () => {
    const framing = new FakeFraming();
    const pieces = [CHAT_ROLE, HELLO, BROKEN, ...WHOLE.slice(2)];

    const first = await (await aRelay(pieces, { ...NATIVE, framing })).end();
    const second = await (await aRelay(pieces, { ...NATIVE, framing })).end();

    expect(first.text).toBe(pieces.join(''));
    expect([...framing.doubtful]).toEqual([first.attempt.model]);
    expect(second.text).toContain(' world');
    expect(second.text).not.toContain('cut');
  });

  it('learns of them also where the caller left because of them', async () => {
    const framing = new FakeFraming();
    const relay = await aRelay([HELLO, WORLD, BROKEN, 'never'], { ...NATIVE, framing });
    const reader = relay.body.getReader();
    for (let pieces = 0; pieces < 3; pieces++) await reader.read();
    expect(framing.doubtful.size).toBe(0);

    relay.leave();
    await relay.clock.advance(1000);

    expect(framing.doubtful.size).toBe(1);
    expect(relay.clock.waiting).toBe(0);
  });
});

describe('relayNative, when the caller leaves', () => {
  const flowing: Piece[] = [
    HELLO,
    ...Array.from({ length: 60 }, () => [{ pauseMs: 250 }, WORLD]).flat(),
  ];

  it('closes the call within a second, and books what has come (F70)', async () => {
    const relay = await aRelay(flowing, NATIVE);
    const reader = relay.body.getReader();
    await relay.clock.run(reader.read());
    await relay.clock.advance(1400);
    relay.leave();
    await relay.clock.advance(1000);

    expect(relay.upstream).toBe('cancelled');
    expect(await relay.settled).toMatchObject({ outcome: { type: 'cancelled' } });
    expect((await relay.settled)?.outputCharacters).toBeGreaterThan(5);
    expect(relay.clock.waiting).toBe(0);
  });

  it('closes the call when only the body is let go', async () => {
    const relay = await aRelay(flowing, NATIVE);
    const reader = relay.body.getReader();
    await relay.clock.run(reader.read());
    await reader.cancel();
    await relay.clock.advance(1000);

    expect(relay.upstream).toBe('cancelled');
    expect(await relay.settled).toMatchObject({ outcome: { type: 'cancelled' } });
    expect(relay.clock.waiting).toBe(0);
  });

  it('closes the call when nothing was read yet', async () => {
    const relay = await aRelay(flowing, NATIVE);
    relay.leave();
    await relay.clock.advance(1000);

    expect(relay.upstream).toBe('cancelled');
    expect(await relay.settled).toMatchObject({ outcome: { type: 'cancelled' } });
  });
});
