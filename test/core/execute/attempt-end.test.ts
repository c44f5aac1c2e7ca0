import { describe, expect, it } from 'vitest';
import { adapterOf } from '../../../src/providers/index.ts';
import { anOrder } from '../../support/attempts.ts';
import { anEmbeddingTask } from '../../support/embeddings.ts';
import {
  CHAT_DONE,
  CHAT_ROLE,
  CHAT_STOP,
  chatAnswer,
  chatDelta,
  chatEvent,
} from '../../support/plans.ts';

describe('attempt: its end', () => {
  it('gives up on an answer of more than 32 MiB (F40, F61)', async () => {
    const mebibyte = 'x'.repeat(1024 * 1024);
    const { run, transport } = anOrder({ body: [...Array(40).fill(mebibyte), 'never'] });

    expect(await run()).toMatchObject({ failure: { kind: 'malformed', code: 'unusable_body' } });
    expect(transport.calls[0]?.body).toBe('cancelled');
  });

  it('waits for the first content no longer than the limit, and closes the call', async () => {
    const { run, clock, transport } = anOrder('silence');
    await run();

    expect(clock.now()).toBe(1_010_000);
    expect(transport.calls[0]?.signal.aborted).toBe(true);
  });

  it('is over at the deadline, which is the failure then', async () => {
    const { run, order } = anOrder('silence');
    order.guard.limit(4000, {
      kind: 'deadline',
      code: 'deadline_exceeded',
      message: 'over',
      status: undefined,
      accepted: 'unknown',
    });

    expect(await run()).toMatchObject({
      failure: { kind: 'deadline' },
      attempt: { durationMs: 4000 },
    });
  });

  it('is cancelled when the caller leaves, and says nothing of the model (F69)', async () => {
    const { run, caller, answers, transport, clock } = anOrder({ afterMs: 5000 });
    const running = run();
    caller.abort();

    expect(await running).toMatchObject({
      failure: { kind: 'cancel' },
      attempt: { outcome: { type: 'cancelled' } },
    });
    expect([answers, transport.calls[0]?.signal.aborted]).toEqual([['release'], true]);
    expect(clock.waiting).toBe(0);
  });

  it('takes a fault of our own for ours, before anything was sent', async () => {
    const adapter = {
      ...adapterOf('openai'),
      toRequest: () => {
        throw new Error('a bug');
      },
    };
    const { run, answers, transport } = anOrder(chatAnswer(), { order: { adapter } });

    expect(await run()).toMatchObject({ failure: { kind: 'self', accepted: 'no' } });
    expect([answers, transport.calls]).toEqual([['release'], []]);
  });
});

const SILENT_CHOICE = { index: 0, message: { role: 'assistant', content: '' } };

/** A whole answer without content. */
function saysNothing(finish: string, usage: object = { prompt_tokens: 10, completion_tokens: 0 }) {
  const choices = [{ ...SILENT_CHOICE, finish_reason: finish }];
  return { body: JSON.stringify({ id: 'c1', model: 'served', choices, usage }) };
}

describe('attempt: an answer that says nothing (F36)', () => {
  it('is a failure that used what the provider says', async () => {
    const { run, answers } = anOrder(saysNothing('stop'));

    expect(await run()).toMatchObject({
      failure: { kind: 'malformed', code: 'empty_answer', accepted: 'yes' },
      attempt: { usage: { uncachedInputTokens: 10, outputTokens: 0 }, status: 200 },
    });
    expect(answers).toEqual(['fail']);
  });

  it.each([
    ['why: the filter', saysNothing('content_filter')],
    ['why: the limit', saysNothing('length')],
    ['something, though it cannot be seen', saysNothing('stop', { completion_tokens: 7 })],
  ])('is none where it says %s', async (_, script) => {
    expect((await anOrder(script).run()).type).toBe('answer');
  });

  it('is none that gives vectors, which are no output tokens', async () => {
    const data = [{ index: 0, embedding: [0.6, 0.8] }];
    const body = JSON.stringify({ data, model: 'served', usage: { prompt_tokens: 1 } });
    const embedding = anEmbeddingTask({ inputs: ['one'] });
    const { run, answers } = anOrder({ body }, { conversation: { embedding } });

    expect([(await run()).type, answers]).toEqual(['answer', ['succeed']]);
  });

  it('is the answer where nobody is left who might say more', async () => {
    const { run, answers } = anOrder(saysNothing('stop'), { order: { takesEmpty: true } });

    expect([(await run()).type, answers]).toEqual(['answer', ['succeed']]);
  });

  it.each([
    ['with its reason', [CHAT_ROLE, CHAT_STOP, CHAT_DONE]],
    ['with the last word alone (F53)', [CHAT_ROLE, CHAT_DONE]],
    ['and stays open', [CHAT_ROLE, CHAT_STOP, CHAT_DONE, 'never']],
  ] as const)('is a failure as a stream %s, and its call is closed', async (_, body) => {
    const { run, transport, clock } = anOrder({ body }, { conversation: { stream: true } });

    expect(await run()).toMatchObject({ failure: { code: 'empty_answer' } });
    expect([transport.calls[0]?.signal.aborted, clock.waiting]).toEqual([true, 0]);
  });

  it('is none as a stream that was all reasoning', async () => {
    const usage = chatEvent({ choices: [], usage: { prompt_tokens: 10, completion_tokens: 5 } });
    const body = [chatDelta({ reasoning_content: 'Hm' }), CHAT_STOP, usage, CHAT_DONE];
    const { run, order } = anOrder({ body }, { conversation: { stream: true } });

    expect((await run()).type).toBe('stream');
    order.guard.close();
  });
});
