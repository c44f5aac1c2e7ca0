import { describe, expect, it } from 'vitest';
import type { Journey } from '../../../src/domain/journey.ts';
import type { RoutingRequest } from '../../../src/domain/request.ts';
import { MultiModelRouter } from '../../../src/router.ts';
import { aConversation, aModel } from '../../support/builders.ts';
import type { Script } from '../../support/fake-transport.ts';
import { aCaller, fakePorts } from '../../support/fakes.ts';
import {
  CHAT_DONE,
  CHAT_ROLE,
  CHAT_STOP,
  chatAnswer,
  chatDelta,
  chatError,
} from '../../support/plans.ts';

const first = aModel('openai/m1', { family: 'm', supportsPrefill: true });
const second = aModel('openai/m2', { family: 'm', supportsPrefill: true, weight: 0.5 });

const pieces = (...texts: readonly string[]): string[] => [
  CHAT_ROLE,
  ...texts.map((content) => chatDelta({ content })),
];
const whole = (...texts: readonly string[]): Script => ({
  body: [...pieces(...texts), CHAT_STOP, CHAT_DONE],
});
const cut = (...texts: readonly string[]): Script => ({ body: [...pieces(...texts), 'breaks'] });
const ended = (...texts: readonly string[]): Script => ({ body: pieces(...texts) });
const stalled = (...texts: readonly string[]): Script => ({ body: [...pieces(...texts), 'never'] });

/** Asks for a stream in another dialect; gives what the caller got and what was booked. */
async function ask(
  scripts: readonly Script[],
  wishes: Partial<RoutingRequest> = {},
  { models = [first, second], keys = ['key-1'] } = {},
) {
  const ports = fakePorts(models, scripts);
  ports.keys.ids = keys;
  const conversation = aConversation({ stream: true });
  const journey: Journey = {
    requestId: 'r1',
    request: { model: 'openai/m1', ...wishes, conversation },
    caller: aCaller({ dialect: 'anthropic-messages' }),
    attribution: {
      tenant: 'owner',
      keyId: 'key_1',
      tags: [],
      claimedUser: undefined,
      sessionId: undefined,
    },
    startedAt: ports.clock.now(),
  };
  const answer = await ports.clock.run(new MultiModelRouter(ports).answer(journey));
  if (answer.type !== 'stream') throw new Error('expected a stream');
  const lines = (await ports.clock.run(new Response(answer.body).text())).trim().split('\n');
  await Promise.all(ports.background.work);
  const text = lines
    .filter((line) => line.startsWith('text-delta'))
    .map((line) => JSON.parse(line.slice('text-delta '.length)).text)
    .join('');
  const entry = ports.ledger.entries[0];
  return {
    text,
    last: lastOf(lines),
    asked: ports.transport.asked,
    outcomes: entry?.lines.map(({ attempt }) => attempt.outcome.type),
    entry,
    ports,
  };
}

/** `finish`, or `error` with its code. */
function lastOf(lines: readonly string[]): string {
  const last = lines.at(-1) ?? '';
  return last.startsWith('finish') ? 'finish' : last;
}

describe('a stream that breaks', () => {
  it('is made whole by the same model when it was only cut (F52)', async () => {
    const { text, last, asked, outcomes, entry } = await ask([
      cut('The sky ', 'is '),
      whole('The ', 'sky is bl', 'ue.'),
    ]);

    expect(text).toBe('The sky is blue.');
    expect(last).toBe('finish');
    expect(asked).toEqual(['m1', 'm1']);
    expect(outcomes).toEqual(['failed', 'answered']);
    expect(entry?.servedModel).toBe('openai/m1');
  });

  it.each([
    ['cut', cut],
    ['ended without its terminal event', ended],
  ])('is made whole by the next model when the same one is %s again (F52)', async (_, broken) => {
    const { text, asked, outcomes, entry, ports } = await ask([
      broken('The sky '),
      broken('The sky is '),
      whole('The sky is blue.'),
    ]);

    expect(text).toBe('The sky is blue.');
    expect(asked).toEqual(['m1', 'm1', 'm2']);
    expect(outcomes).toEqual(['failed', 'failed', 'answered']);
    expect(entry?.servedModel).toBe('openai/m2');
    expect(ports.breakers.recorded).toEqual(['openai/m1', 'openai/m1']);
  });

  it('is made whole by the model that lost the race to its first content', async () => {
    const lead: Script = { body: [{ pauseMs: 5000 }, ...pieces('The sky ', 'is '), 'breaks'] };
    const lost: Script = { body: ['never'] };

    const { text, last, asked } = await ask(
      [lead, lost, cut('The sky '), whole('The sky is blue.')],
      { hedge: true },
    );

    expect(text).toBe('The sky is blue.');
    expect(last).toBe('finish');
    expect(asked).toEqual(['m1', 'm2', 'm1', 'm2']);
  });

  it('goes to the next model at once where it stood still (F54)', async () => {
    const { text, asked } = await ask([stalled('The sky '), whole('The sky is blue.')]);

    expect(text).toBe('The sky is blue.');
    expect(asked).toEqual(['m1', 'm2']);
  });

  it('never shows another text: it ends with an error frame', async () => {
    const { text, last, asked, outcomes, ports } = await ask([
      cut('The sky '),
      whole('The sea is blue.'),
      whole('A sky is blue.'),
    ]);

    expect(text).toBe('The sky ');
    expect(last).toBe('error upstream_stream_error');
    expect(asked).toEqual(['m1', 'm1', 'm2']);
    expect(outcomes).toEqual(['failed', 'failed', 'failed']);
    expect(ports.breakers.recorded).toEqual(['openai/m1']);
    expect(ports.transport.calls.map(({ body }) => body)).not.toContain('open');
  });

  it('says that it stood still when nobody goes on (F54)', async () => {
    const { last } = await ask([stalled('The sky '), whole('No')], { idleMs: 2000 });

    expect(last).toBe('error upstream_stalled');
  });

  it('is not asked for again when the caller wants the error', async () => {
    const { text, last, asked } = await ask([cut('The sky ')], { onStreamBreak: 'error' });

    expect(text).toBe('The sky ');
    expect(last).toBe('error upstream_stream_error');
    expect(asked).toEqual(['m1']);
  });

  it('leaves an attempt for each of the next models (F51, F52)', async () => {
    const scripts = [cut('The '), cut('The sky '), cut('The sky is '), whole('The sky is blue.')];
    const third = aModel('openai/m3', { family: 'm', weight: 0.2 });
    const { text, asked } = await ask(scripts, {}, { models: [first, second, third] });

    expect(text).toBe('The sky is blue.');
    expect(asked).toEqual(['m1', 'm1', 'm2', 'm3']);
  });

  it.each<[string, readonly Script[], readonly string[], readonly string[]]>([
    [
      'the same model with its other key',
      [cut('The '), chatError(429), whole('The sky.')],
      ['m1', 'm1', 'm1'],
      ['key-1', 'key-1', 'key-2'],
    ],
    [
      'the next model with its other key',
      [stalled('The '), chatError(401), whole('The sky.')],
      ['m1', 'm2', 'm2'],
      ['key-1', 'key-1', 'key-2'],
    ],
    [
      'the next model where the other key is limited too',
      [cut('The '), chatError(429), chatError(429), whole('The sky.')],
      ['m1', 'm1', 'm1', 'm2'],
      ['key-1', 'key-1', 'key-2', 'key-1'],
    ],
  ])('is made whole by %s (F01, F18)', async (_, scripts, models, keys) => {
    const { text, asked, ports } = await ask(scripts, {}, { keys: ['key-1', 'key-2'] });

    const used = ports.transport.calls.map(({ request }) => request.headers['authorization']);
    expect(text).toBe('The sky.');
    expect(asked).toEqual(models);
    expect(used).toEqual(keys.map((key) => `Bearer ${key}`));
  });

  it('makes no more than four attempts', async () => {
    const { last, asked } = await ask([
      cut('The '),
      cut('The sky '),
      cut('The sky is '),
      cut('The sky is '),
    ]);

    expect(last).toBe('error upstream_stream_error');
    expect(asked).toEqual(['m1', 'm1', 'm2', 'm2']);
  });

  it('ends at the deadline, and calls nobody behind it', async () => {
    const { last, asked } = await ask([stalled('The sky ')], { deadlineMs: 5000 });

    expect(last).toBe('error deadline_exceeded');
    expect(asked).toEqual(['m1']);
  });

  it('gives the beginning to a model that takes one, where the caller opted in', async () => {
    const { text, ports } = await ask([cut('The sky '), whole('is blue.')], {
      onStreamBreak: 'prefill',
    });

    expect(text).toBe('The sky is blue.');
    expect(JSON.parse(ports.transport.calls[1]?.request.body ?? '').messages.at(-1)).toEqual({
      role: 'assistant',
      content: 'The sky ',
    });
  });

  it('never shows that a model refused the beginning', async () => {
    const refusal: Script = { status: 400, body: '{"error":{"message":"must end with a user"}}' };
    const { text, last } = await ask([cut('The sky '), refusal, refusal], {
      onStreamBreak: 'prefill',
    });

    expect(text).toBe('The sky ');
    expect(last).toBe('error upstream_stream_error');
  });

  it('passes over a whole answer that came in place of a stream', async () => {
    const { text, last } = await ask([cut('The sky '), chatAnswer('No'), whole('The sky is up.')]);

    expect(text).toBe('The sky is up.');
    expect(last).toBe('finish');
  });
});
