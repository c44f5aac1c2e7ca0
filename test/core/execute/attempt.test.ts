import { describe, expect, it } from 'vitest';
import { anOrder, type GivenOrder } from '../../support/attempts.ts';
import { aModel } from '../../support/builders.ts';
import type { Script } from '../../support/fake-transport.ts';
import {
  aCandidate,
  CHAT_DONE,
  CHAT_ROLE,
  chatAnswer,
  chatDelta,
  chatError,
} from '../../support/plans.ts';

const STREAM: GivenOrder = { conversation: { stream: true } };
const HELLO = chatDelta({ content: 'Hello' });

describe('attempt: answers', () => {
  it('gives the answer, its record and the text as it came', async () => {
    const { run, answers, clock, order } = anOrder({ ...chatAnswer('Hello'), afterMs: 700 });

    const result = await run();

    expect(result).toEqual({
      type: 'answer',
      model: order.model,
      response: {
        upstreamId: 'c1',
        upstreamModel: 'served',
        content: [{ type: 'text', text: 'Hello' }],
        finishReason: { unified: 'stop', raw: 'stop' },
        usage: { uncachedInputTokens: 10, outputTokens: 5 },
      },
      body: chatAnswer('Hello').body,
      attempt: {
        number: 1,
        model: 'openai/m1',
        provider: 'openai',
        isProbe: false,
        startedAt: 1_000_000,
        firstContentMs: 700,
        durationMs: 700,
        outcome: { type: 'answered', finishReason: { unified: 'stop', raw: 'stop' } },
        status: 200,
        upstreamId: 'c1',
        upstreamModel: 'served',
        usage: { uncachedInputTokens: 10, outputTokens: 5 },
        outputCharacters: 5,
        warnings: [],
      },
    });
    expect([answers, clock.waiting]).toEqual([['succeed'], 0]);
  });

  it('gives a stream at its first content, still open and still guarded', async () => {
    const body = [CHAT_ROLE, { pauseMs: 300 }, HELLO, CHAT_DONE];
    const { run, answers, transport, order } = anOrder({ body }, STREAM);

    const result = await run();

    if (result.type !== 'stream') throw new Error(result.type);
    expect(result.stream).toMatchObject({ status: 200, startedAt: 1_000_000, firstContentMs: 300 });
    expect([answers, transport.calls[0]?.body]).toEqual([['succeed'], 'open']);
    order.guard.close();
  });

  it('has a stream keep no limit on its first content once that is there', async () => {
    const { run, clock, order } = anOrder({ body: [HELLO, 'never'] }, STREAM);
    await run();
    await clock.advance(60_000);

    expect(order.guard.failure()).toBeUndefined();
  });

  it('warns of settings that the model does not honor', async () => {
    const candidate = aCandidate(aModel(), { unhonored: ['seed'] });
    const { run } = anOrder(chatAnswer(), { order: { candidate } });

    expect(await run()).toMatchObject({
      attempt: {
        warnings: [
          { type: 'unsupported', field: 'seed', message: 'seed is not honored by openai/m1' },
        ],
      },
    });
  });
});

describe('attempt: failures', () => {
  it.each<[string, Script, GivenOrder, object, string]>([
    [
      'an error of the provider',
      chatError(500),
      {},
      { kind: 'route', status: 500, accepted: 'no' },
      'fail',
    ],
    ["the caller's own fault", chatError(400), {}, { kind: 'client', status: 400 }, 'release'],
    [
      'a limit of our key',
      { ...chatError(429), headers: { 'retry-after': '7' } },
      {},
      { kind: 'rate', retryAfterMs: 7000 },
      'release',
    ],
    [
      'a redirect (F38)',
      { status: 302, headers: { location: 'https://elsewhere.test' } },
      {},
      { kind: 'route', code: 'redirected' },
      'fail',
    ],
    [
      'a page in place of an answer (F33)',
      { body: '<html>Hello</html>' },
      {},
      { kind: 'malformed', accepted: 'yes' },
      'fail',
    ],
    ['nothing (F34)', { body: '' }, {}, { kind: 'malformed' }, 'fail'],
    [
      'half an answer (F35)',
      { body: chatAnswer().body.slice(0, 40) },
      {},
      { kind: 'malformed' },
      'fail',
    ],
    [
      'a fault in a body of status 200 (F37)',
      { body: '{"error":{"message":"no","code":502}}' },
      {},
      { kind: 'route', accepted: 'unknown' },
      'fail',
    ],
    [
      'no connection (F42)',
      { fails: 'refused' },
      {},
      { kind: 'transport', code: 'connection_failed', status: undefined, accepted: 'no' },
      'fail',
    ],
    [
      'a connection that is reset before the headers (F43)',
      { fails: 'reset' },
      {},
      { kind: 'transport', accepted: 'unknown' },
      'fail',
    ],
    [
      'a connection that breaks in the body',
      { body: ['{"id":', 'breaks'] },
      {},
      { kind: 'transport', code: 'connection_lost', status: 200, accepted: 'unknown' },
      'fail',
    ],
    [
      'headers that never come (F44)',
      'silence',
      {},
      { kind: 'slow', code: 'no_content_in_time', accepted: 'unknown' },
      'fail',
    ],
    [
      'a body that never ends',
      { body: ['{"id":', 'never'] },
      {},
      { kind: 'slow', accepted: 'unknown' },
      'fail',
    ],
    [
      'an error whose body never ends',
      { status: 503, body: ['{', 'never'] },
      {},
      { kind: 'route', status: 503 },
      'fail',
    ],
    [
      'a fault before the first content (F47)',
      { body: [CHAT_ROLE, 'data: {"error":{"code":429}}\n\n'] },
      STREAM,
      { kind: 'rate' },
      'release',
    ],
    [
      'pings without end (F48)',
      { body: pings(30) },
      STREAM,
      { kind: 'slow', code: 'no_content_in_time' },
      'fail',
    ],
    [
      'a stream that breaks before its first content',
      { body: [CHAT_ROLE, 'breaks'] },
      STREAM,
      { kind: 'transport', code: 'connection_lost' },
      'fail',
    ],
  ])('%s is a failure, told to the breaker', async (_, script, given, failure, answer) => {
    const { run, answers, clock } = anOrder(script, given);

    const result = await run();

    expect(result).toMatchObject({
      type: 'failed',
      failure,
      attempt: { outcome: { type: 'failed' } },
    });
    expect([answers, clock.waiting]).toEqual([[answer], 0]);
  });
});

/** A ping each second. */
function pings(count: number) {
  return Array.from({ length: count }, () => [': ping\n\n', { pauseMs: 1000 }]).flat();
}
