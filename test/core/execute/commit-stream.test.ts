import { describe, expect, it } from 'vitest';
import { commitStream } from '../../../src/execute/commit-stream.ts';
import { openai } from '../../../src/providers/openai/index.ts';
import { aCall } from '../../support/builders.ts';
import { settle } from '../../support/fake-clock.ts';
import {
  CHAT_DONE,
  CHAT_ROLE,
  CHAT_STOP,
  CHAT_USAGE,
  chatDelta,
  chatEvent,
} from '../../support/plans.ts';
import { readText } from '../../support/read-text.ts';

const HELLO = chatDelta({ content: 'Hello' });
const WORLD = chatDelta({ content: ' world' });
const THOUGHT = chatDelta({ reasoning_content: 'Hm' });
const CALL = chatDelta({
  tool_calls: [{ index: 0, id: 'c', function: { name: 'look', arguments: '' } }],
});
const AZURE_FIRST = chatEvent({ choices: [], prompt_filter_results: [] });
const FAULT = 'data: {"error":{"message":"no","type":"server_error","code":503}}\n\n';
const PING = ': ping\n\n';

/** A stream that gives a piece with each read; `end` closes it behind them. */
function aStream(pieces: readonly string[], end: 'closes' | 'stays open' | 'breaks' = 'closes') {
  const left = [...pieces];
  const seen = { reads: 0, wasCancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const piece = left.shift();
        if (piece !== undefined) {
          seen.reads += 1;
          controller.enqueue(new TextEncoder().encode(piece));
        } else if (end === 'closes') controller.close();
        else if (end === 'breaks') controller.error(new Error('connection lost'));
      },
      cancel: () => {
        seen.wasCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return Object.assign(seen, { body });
}

function commit(
  stream: ReturnType<typeof aStream>,
  fields: { readonly showsReasoning?: boolean; readonly signal?: AbortSignal } = {},
) {
  return commitStream({
    body: stream.body,
    decoder: openai.openStream(aCall()),
    signal: new AbortController().signal,
    showsReasoning: false,
    ...fields,
  });
}

describe('commitStream', () => {
  it.each<[string, readonly string[], number]>([
    ['the first text', [CHAT_ROLE, HELLO, WORLD], 2],
    ['the first tool call', [CHAT_ROLE, CALL, WORLD], 2],
    ['a refusal', [CHAT_ROLE, chatDelta({ refusal: 'No' }), WORLD], 2],
    ['text behind chunks that say nothing (F50)', [AZURE_FIRST, CHAT_ROLE, PING, HELLO, WORLD], 4],
    ['text behind reasoning that is not shown', [THOUGHT, THOUGHT, HELLO, WORLD], 3],
    ['text in the same piece as all before', [CHAT_ROLE + THOUGHT + HELLO, WORLD], 1],
  ])('commits at %s, and reads no further', async (_, pieces, reads) => {
    const stream = aStream(pieces);

    const held = await commit(stream);

    expect('kind' in held).toBe(false);
    expect([stream.reads, stream.body.locked, stream.wasCancelled]).toEqual([reads, false, false]);
  });

  it('keeps what it has read, as bytes and as events, and leaves the rest', async () => {
    const held = await commit(aStream([CHAT_ROLE, HELLO, WORLD]));
    if ('kind' in held) throw new Error(held.message);

    const chunks = held.chunks.map((chunk) => new TextDecoder().decode(chunk));
    expect(chunks).toEqual([CHAT_ROLE, HELLO]);
    expect(held.events.flatMap(({ parts }) => parts).map(({ type }) => type)).toEqual([
      'start',
      'text-delta',
    ]);
    expect(held.tally.outputCharacters).toBe(5);
    expect(await readText(held.rest)).toBe(WORLD);
  });

  it('commits at reasoning where the caller asked to see it', async () => {
    const stream = aStream([CHAT_ROLE, THOUGHT, HELLO]);

    await commit(stream, { showsReasoning: true });

    expect(stream.reads).toBe(2);
  });

  it.each([
    ['the filter of the provider', chatDelta({}, 'content_filter'), 'content-filter'],
    ['a limit that reasoning used up', THOUGHT + chatDelta({}, 'length'), 'length'],
  ])('commits an answer without content that says why: %s (F59)', async (_, piece, reason) => {
    const held = await commit(aStream([CHAT_ROLE, piece, CHAT_DONE]));

    expect('kind' in held ? held : held.tally.finishReason?.unified).toBe(reason);
  });

  it.each<[string, readonly string[], 'closes' | 'breaks', object]>([
    ['a fault', [CHAT_ROLE, FAULT], 'closes', { kind: 'route', code: 'server_error' }],
    ['a fault beside the first text', [CHAT_ROLE, HELLO + FAULT], 'closes', { kind: 'route' }],
    ['nothing at all (F49)', [], 'closes', { kind: 'malformed', code: 'empty_stream' }],
    ['pings alone', [PING, PING], 'closes', { kind: 'malformed', code: 'empty_stream' }],
    ['the end before a finish', [CHAT_ROLE], 'closes', { kind: 'malformed', code: 'empty_stream' }],
    ['a web page', ['<html>'], 'closes', { kind: 'malformed', code: 'empty_stream' }],
  ])('fails with %s, of which the caller sees nothing (F47)', async (_, pieces, end, failure) => {
    expect(await commit(aStream(pieces, end))).toMatchObject(failure);
  });

  it('lets go of a stream that failed', async () => {
    const stream = aStream([FAULT], 'stays open');

    await commit(stream);
    await settle();

    expect(stream.wasCancelled).toBe(true);
  });

  it('throws when the connection breaks or the attempt is over, for the attempt to judge', async () => {
    const controller = new AbortController();
    const waiting = commit(aStream([CHAT_ROLE], 'stays open'), { signal: controller.signal });
    controller.abort(new Error('over'));

    await expect(waiting).rejects.toThrow('over');
    await expect(commit(aStream([CHAT_ROLE], 'breaks'))).rejects.toThrow('connection lost');
  });

  it('needs no usage and no last word behind content that came whole', async () => {
    const held = await commit(aStream([HELLO + CHAT_STOP + CHAT_USAGE + CHAT_DONE]));

    expect('kind' in held ? held : [held.tally.isDone, held.tally.usage]).toEqual([
      true,
      { uncachedInputTokens: 10, outputTokens: 5 },
    ]);
  });
});
