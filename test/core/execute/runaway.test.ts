import { describe, expect, it } from 'vitest';
import { ChatStreamWriter } from '../../../src/ingest/chat-completions/stream.ts';
import { aHead } from '../../support/answers.ts';
import type { Piece } from '../../support/fake-transport.ts';
import { CHAT_DONE, CHAT_ROLE, CHAT_STOP, chatDelta } from '../../support/plans.ts';
import { aRelay } from '../../support/relays.ts';

/** The model may write 16,000 tokens. */
const LIMIT = 16_000 * 16;
const LINE = chatDelta({ content: 'again and again '.repeat(1000) });
const PAUSE = { pauseMs: 500 };

/** An answer of so many characters, one line after another, that stays open. */
function repeating(characters: number): Piece[] {
  const lines = Math.ceil(characters / 16_000);
  return [CHAT_ROLE, ...Array.from({ length: lines }, () => [LINE, PAUSE]).flat(), 'never'];
}

const LAST_WORDS = 'finish {"reason":{"unified":"length"}}\nfinish {}\n';

const WAYS = [
  ['as it comes', { wantsUsage: true }],
  ['with single events changed', { wantsUsage: false }],
  ['translated', { dialect: 'anthropic-messages' }],
] as const;

describe('relayStream, of an answer that never ends (F61)', () => {
  it.each(WAYS)('ends it %s, as one that its limit has ended', async (_, caller) => {
    const relay = await aRelay(repeating(LIMIT * 4), { caller });

    const { text, attempt } = await relay.end();

    expect(text.endsWith(LAST_WORDS)).toBe(true);
    expect(text.length).toBeLessThan(LIMIT * 1.5);
    expect(attempt.outcome).toEqual({
      type: 'answered',
      finishReason: { unified: 'length', raw: undefined },
    });
    expect(attempt.outputCharacters).toBeGreaterThan(LIMIT);
    expect(relay.upstream).toBe('cancelled');
    expect(relay.clock.waiting).toBe(0);
  });

  it.each(WAYS)('leaves one alone %s that is as long as it may be', async (_, caller) => {
    const body = [...repeating(LIMIT * 0.9).slice(0, -1), CHAT_STOP, CHAT_DONE];

    const { attempt } = await (await aRelay(body, { caller })).end();

    expect(attempt.outcome).toMatchObject({ finishReason: { unified: 'stop' } });
  });

  it('ends one that comes faster than the meter looks', async () => {
    const relay = await aRelay([CHAT_ROLE, LINE, LINE.repeat(100), 'never'], {
      caller: { wantsUsage: true },
    });

    const { attempt, tookMs } = await relay.end();

    expect(attempt.outcome).toMatchObject({ finishReason: { unified: 'length' } });
    expect(tookMs).toBe(0);
  });

  it('says so in words that the official clients read', async () => {
    const relay = await aRelay(repeating(LIMIT * 2), {
      caller: { wantsUsage: true, openWriter: () => new ChatStreamWriter(aHead(), true) },
    });

    const { text } = await relay.end();

    const last = text.trimEnd().split('\n\n').slice(-3);
    expect(last[0]).toContain('"delta":{},"logprobs":null,"finish_reason":"length"');
    expect(last[1]).toContain('"choices":[],"usage":{');
    expect(last[2]).toBe('data: [DONE]');
  });

  it('waits for the end of an event that passes as it comes', async () => {
    const half = LINE.slice(0, 9000);
    const rest = LINE.slice(9000);
    const body = [...repeating(LIMIT).slice(0, -1), LINE + half, PAUSE, rest, 'never'] as const;

    const { text } = await (await aRelay(body, { caller: { wantsUsage: true } })).end();

    expect(text.endsWith(rest + LAST_WORDS)).toBe(true);
  });

  it('ends it in an error where the dialect lets nothing of ours follow', async () => {
    const writer = Object.assign(new ChatStreamWriter(aHead(), true), { goOnBehind: () => false });
    const relay = await aRelay(repeating(LIMIT * 2), {
      caller: { wantsUsage: true, openWriter: () => writer },
    });

    const { text } = await relay.end();

    expect(text.trimEnd().split('\n\n').at(-1)).toContain('upstream_stream_error');
    expect(text).not.toContain('[DONE]');
  });
});
