import { describe, expect, it } from 'vitest';
import type { Piece } from '../../support/fake-transport.ts';
import { CHAT_DONE, CHAT_ROLE, CHAT_STOP, CHAT_USAGE, chatDelta } from '../../support/plans.ts';
import { aRelay } from '../../support/relays.ts';

const HELLO = chatDelta({ content: 'Hello' });
const WORLD = chatDelta({ content: ' world' });
const WHOLE = [CHAT_ROLE, HELLO, WORLD, CHAT_STOP, CHAT_USAGE, CHAT_DONE];
const FAULT = 'data: {"error":{"message":"sk-secret","code":503}}\n\n';

const data = (event: string) => event.slice('data: '.length, -2);
const asEvents = (events: readonly string[]) =>
  events.map((event) => `event ${data(event)}\n`).join('');

/** A caller of the same dialect that did not ask for usage: single events must go. */
const EDITED = {};
/** A caller of another dialect: everything is written anew. */
const TRANSLATED = { caller: { dialect: 'anthropic-messages' } } as const;

const BOTH = [
  ['relayEdited', EDITED],
  ['relayTranslated', TRANSLATED],
] as const;

describe('relayEdited', () => {
  it('gives each event as the caller wants it, and the last word at the end', async () => {
    const { text, attempt } = await (await aRelay(WHOLE, EDITED)).end();

    expect(text).toBe(`${asEvents(WHOLE.slice(0, 4))}billed 7\nterminal event\n`);
    expect(attempt).toMatchObject({
      outcome: { type: 'answered', finishReason: { unified: 'stop' } },
      usage: { uncachedInputTokens: 10, outputTokens: 5 },
      outputCharacters: 11,
    });
  });

  it('is the way of a caller who asked for the cost too', async () => {
    const { text } = await (
      await aRelay(WHOLE, { caller: { wantsUsage: true, wantsCost: true } })
    ).end();

    expect(text).toContain('billed 7\n');
  });

  it("shows nobody a provider's own words of a fault, nor an event that cannot be read", async () => {
    const { text } = await (await aRelay([HELLO, 'data: {broken\n\n', WORLD, FAULT], EDITED)).end();

    expect(text).toBe(`${asEvents([HELLO, WORLD])}error upstream_stream_error\n`);
  });
});

describe('relayTranslated', () => {
  it('writes the parts of each event anew, and the bill at the end', async () => {
    const { text } = await (await aRelay(WHOLE, TRANSLATED)).end();

    expect(text.split('\n')).toEqual([
      'start {"upstreamId":"c1","upstreamModel":"served"}',
      'text-delta {"text":"Hello"}',
      'text-delta {"text":" world"}',
      'finish {"reason":{"unified":"stop","raw":"stop"}}',
      'usage {"usage":{"uncachedInputTokens":10,"outputTokens":5}}',
      'finish {"uncachedInputTokens":10,"outputTokens":5}',
      '',
    ]);
  });

  it('skips an event that cannot be read, and goes on', async () => {
    const { text, attempt } = await (
      await aRelay([HELLO, 'data: {broken\n\n', ...WHOLE.slice(2)], TRANSLATED)
    ).end();

    expect(text).toContain('text-delta {"text":" world"}');
    expect(attempt.outcome.type).toBe('answered');
  });
});

describe.each(BOTH)('%s, at the end', (_, given) => {
  it('is done at the last word, whatever the connection does (F55)', async () => {
    const relay = await aRelay([...WHOLE, 'never'], given);
    const { attempt, tookMs } = await relay.end();

    expect([attempt.outcome.type, tookMs]).toEqual(['answered', 0]);
    expect([relay.upstream, relay.clock.waiting]).toEqual(['cancelled', 0]);
  });

  it('lets go of what stays open behind an answer that came in one piece (F55)', async () => {
    const relay = await aRelay([WHOLE.join(''), 'never'], given);
    const { attempt } = await relay.end();

    expect([attempt.outcome.type, relay.upstream]).toEqual(['answered', 'cancelled']);
  });

  it('waits for the last word of an answer that came in one piece no longer (F53)', async () => {
    const relay = await aRelay([HELLO + CHAT_STOP, 'never'], given);

    expect((await relay.end()).tookMs).toBe(2000);
  });

  it('waits for the last word a little, and takes the answer as whole without it (F53)', async () => {
    const relay = await aRelay([HELLO, CHAT_STOP, CHAT_USAGE, 'never'], given);
    const { text, attempt, tookMs } = await relay.end();

    expect([attempt.outcome.type, tookMs]).toEqual(['answered', 2000]);
    expect(text).not.toContain('error');
  });

  it.each<[string, readonly Piece[], string]>([
    ['breaks (F52)', [HELLO, WORLD, 'breaks'], 'upstream_stream_error'],
    ['ends before its answer does (F52)', [HELLO, WORLD], 'upstream_stream_error'],
    ['reports a fault (F51)', [HELLO, FAULT, 'never'], 'upstream_stream_error'],
    ['stands still (F54)', [HELLO, WORLD, 'never'], 'upstream_stalled'],
  ])('ends with an error frame where a stream %s', async (__, pieces, code) => {
    const relay = await aRelay(pieces, given);
    const { text, attempt } = await relay.end();

    expect(text.endsWith(`\nerror ${code}\n`)).toBe(true);
    expect(attempt.outcome).toMatchObject({ type: 'failed', failure: { kind: 'mid-stream' } });
    expect(relay.clock.waiting).toBe(0);
  });

  it('ends with the deadline', async () => {
    const flowing = Array.from({ length: 60 }, () => [{ pauseMs: 1000 }, WORLD]).flat();
    const { text, attempt } = await (
      await aRelay([HELLO, ...flowing], { ...given, deadlineMs: 10_000 })
    ).end();

    expect(text.endsWith('error deadline_exceeded\n')).toBe(true);
    expect(attempt.outcome).toMatchObject({ failure: { kind: 'deadline' } });
  });
});

describe.each(BOTH)('%s, when the caller leaves', (_, given) => {
  const flowing: Piece[] = [
    HELLO,
    ...Array.from({ length: 60 }, () => [{ pauseMs: 250 }, WORLD]).flat(),
  ];

  it.each(['by its signal', 'by letting go of the body'])(
    '%s, closes the call within a second (F70)',
    async (way) => {
      const relay = await aRelay(flowing, given);
      const reader = relay.body.getReader();
      await relay.clock.run(reader.read());
      await relay.clock.advance(400);
      if (way === 'by its signal') relay.leave();
      else await reader.cancel();
      await relay.clock.advance(1000);

      expect(relay.upstream).toBe('cancelled');
      expect(await relay.settled).toMatchObject({ outcome: { type: 'cancelled' } });
      expect(relay.clock.waiting).toBe(0);
    },
  );

  it('closes the call when nothing was read yet', async () => {
    const relay = await aRelay(flowing, given);
    relay.leave();
    await relay.clock.advance(1000);

    expect(relay.upstream).toBe('cancelled');
    expect(await relay.settled).toMatchObject({ outcome: { type: 'cancelled' } });
  });
});
