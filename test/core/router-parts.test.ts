import { describe, expect, it } from 'vitest';
import type { RouterError } from '../../src/domain/errors.ts';
import type { WireRequest } from '../../src/domain/ports.ts';
import { aConversation, aModel, aRegistry } from '../support/builders.ts';
import type { Script } from '../support/fake-transport.ts';
import { aRouter } from '../support/journeys.ts';
import { CHAT_DONE, CHAT_STOP, chatAnswer, chatDelta, chatError } from '../support/plans.ts';

const small = { maxContextTokens: 8000, maxOutputTokens: 2000 };
const M1 = aModel('openai/m1', small);
const M2 = aModel('openai/m2', small);
/** Too long for 8,000 tokens, not for three times as many. */
const LONG = 'The quick brown fox jumps over the lazy dog. '.repeat(1000);
const long = {
  messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: LONG }] }],
};
const chunked = { oversize: 'chunk', conversation: long } as const;

const PART = /^\[This is part (\d+) of/;

/** What the model was told in a call. */
function toldIn({ body }: WireRequest): string {
  return JSON.parse(body).messages[0].content;
}

/** Each part is answered with its number, and then whatever the last script is. */
function partsThen(last: Script) {
  return (request: WireRequest): Script => {
    const [, number] = PART.exec(toldIn(request)) ?? [];
    return number === undefined ? last : chatAnswer(`answer ${number}`);
  };
}

async function errorOf(work: Promise<unknown>): Promise<RouterError> {
  return await work.then(
    () => Promise.reject(new Error('it was answered')),
    (error: RouterError) => error,
  );
}

describe('MultiModelRouter, of a text that fits no window', () => {
  it('refuses it before any call, and names the largest window', async () => {
    const { run, ports } = aRouter([M1, aModel('openai/m3', { ...small, maxContextTokens: 9000 })]);

    const error = await errorOf(run({ conversation: long }));

    expect(error.code).toBe('no_capable_model');
    expect(error.message).toContain('the largest window is 9000 tokens');
    expect(ports.transport.calls).toEqual([]);
  });

  it('reads it in parts where the request says so, and combines their answers', async () => {
    const { run, ports, router } = aRouter([M1], partsThen(chatAnswer('all of it')));
    const parts =
      router.evaluate({ oversize: 'chunk', conversation: aConversation(long) }).parts ?? 0;

    const { answer } = await run(chunked);

    const told = ports.transport.calls.map(({ request }) => toldIn(request));
    expect(parts).toBeGreaterThan(1);
    expect(told).toHaveLength(parts + 1);
    expect(told.at(-1)).toContain('[Part 1]\nanswer 1\n\n[Part 2]\nanswer 2');
    expect(answer).toMatchObject({
      type: 'whole',
      response: { content: [{ type: 'text', text: 'all of it' }] },
      decision: { selectedModel: 'openai/m1', parts },
      attempts: parts + 1,
      fallbacks: 0,
    });
    expect(answer.head.warnings).toMatchObject([{ type: 'changed', field: 'messages' }]);
  });

  it('books each part under the request, and tells the caller the cost of all', async () => {
    const { run, ports } = aRouter([M1], partsThen(chatAnswer('all')));

    const { answer } = await run(chunked);

    const calls = ports.transport.calls.length;
    expect(ports.ledger.entries).toHaveLength(1);
    const [entry] = ports.ledger.entries;
    expect(entry?.lines.map(({ attempt }) => attempt.number)).toEqual(
      Array.from({ length: calls }, (_, at) => at + 1),
    );
    expect(ports.ledger.opened.map(({ number }) => number)).toHaveLength(calls);
    expect(entry).toMatchObject({
      requestId: 'r1',
      outcome: 'answered',
      costNanoUsd: calls * 20_000,
    });
    expect(answer).toMatchObject({
      bill: { costNanoUsd: calls * 20_000, usage: { uncachedInputTokens: 10 * calls } },
    });
  });

  it('estimates each part by its own text where a provider reports nothing', async () => {
    const silent = (text: string): Script => {
      const choice = {
        index: 0,
        message: { role: 'assistant', content: text },
        finish_reason: 'stop',
      };
      return { body: JSON.stringify({ id: 'c', choices: [choice] }) };
    };
    const { run, ports } = aRouter([M1], () => silent('a part'));

    await run(chunked);

    const inputs = ports.ledger.entries[0]?.lines.map(
      ({ usage }) => usage.uncachedInputTokens ?? 0,
    );
    expect(Math.max(...(inputs ?? []))).toBeLessThan(small.maxContextTokens);
    expect(inputs?.at(-1)).toBeLessThan(200);
  });

  it('gives a caller of a stream the last answer as a stream', async () => {
    const stream = { body: [chatDelta({ content: 'all' }), CHAT_STOP, CHAT_DONE] };
    const { run, ports } = aRouter([M1], partsThen(stream));

    const { answer, text } = await run({
      oversize: 'chunk',
      conversation: { ...long, stream: true },
    });

    expect(answer.type).toBe('stream');
    expect(text).toContain('all');
    const streamed = ports.transport.calls.map(
      ({ request }) => JSON.parse(request.body).stream === true,
    );
    expect(streamed.filter(Boolean)).toEqual([true]);
    expect(streamed.at(-1)).toBe(true);
    expect(ports.ledger.entries[0]).toMatchObject({
      outcome: 'answered',
      servedModel: 'openai/m1',
    });
  });

  it('falls back within each part, with as many second tries as any request has', async () => {
    let failures = 0;
    const { run, ports } = aRouter([M1, M2], (request) => {
      const isFirst = JSON.parse(request.body).model === 'm1';
      if (!isFirst) return partsThen(chatAnswer('all'))(request);
      failures += 1;
      return chatError(529);
    });

    const content = [{ type: 'text' as const, text: LONG.repeat(3) }];
    const conversation = { messages: [{ role: 'user' as const, content }] };

    const error = await errorOf(run({ oversize: 'chunk', conversation }));

    // Three calls that failed and their fallbacks; the fourth step has no second try left.
    expect(failures).toBe(4);
    expect(error.code).toBe('no_capacity');
    expect(ports.ledger.entries).toMatchObject([{ outcome: 'failed', errorCode: 'no_capacity' }]);
    expect(ports.ledger.entries[0]?.lines).toHaveLength(7);
  });

  it('fails with the part that fails: part of an answer is none', async () => {
    let calls = 0;
    const { run, ports } = aRouter([M1], () => {
      calls += 1;
      return calls === 2 ? chatError(400) : chatAnswer('a part');
    });

    await errorOf(run(chunked));

    expect(calls).toBe(2);
    expect(ports.ledger.entries[0]?.lines).toHaveLength(2);
  });

  it('has one deadline for all parts', async () => {
    const { run, ports } = aRouter([M1], () => ({ ...chatAnswer('a part'), afterMs: 4000 }));

    const error = await errorOf(run({ ...chunked, deadlineMs: 6000 }));

    expect(error.code).toBe('deadline_exceeded');
    expect(ports.transport.calls).toHaveLength(2);
  });

  it('has one cost cap for all parts, of which each may take its share', async () => {
    const { run, router } = aRouter([M1], partsThen(chatAnswer('all')));
    const request = { oversize: 'chunk', conversation: aConversation(long) } as const;
    const { estimatedCost, parts = 0 } = router.evaluate(request);
    const whole = (estimatedCost ?? 0) * (parts + 1);

    const error = await errorOf(run({ ...chunked, maxCostUsd: whole / 2 }));
    const { answer } = await run({ ...chunked, maxCostUsd: whole * 1.5 });

    expect(error).toMatchObject({ details: { availability: { constraint: 'too-expensive' } } });
    expect(answer.type).toBe('whole');
  });

  it('asks only models with every tag of the whole text for each of its parts', async () => {
    const tagged = aModel('openai/safe', { ...small, compliance: ['pii_safe'] });
    const { run, ports } = aRouter([M1, tagged], partsThen(chatAnswer('all')));
    const text = `Write to jane.doe@example.com. ${LONG}`;
    const conversation = {
      messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }],
    };

    await run({ oversize: 'chunk', detectPersonalData: true, conversation });

    expect(new Set(ports.transport.asked)).toEqual(new Set(['safe']));
  });

  it('splits for the next window where the largest cannot be asked', async () => {
    const large = aModel('openai/large', { ...small, maxContextTokens: 12_000 });
    const { run, ports } = aRouter([M1, large], partsThen(chatAnswer('all')));
    ports.breakers.open.add('openai/large');

    const { answer } = await run(chunked);

    expect(answer.head.model).toBe('openai/m1');
  });

  it('says when to come back where all of them rest', async () => {
    const { run, ports } = aRouter([M1]);
    ports.breakers.open.add('openai/m1');

    const error = await errorOf(run(chunked));

    expect(error.code).toBe('all_candidates_unavailable');
    expect(ports.breakers.consulted).toEqual([['openai/m1']]);
  });

  it('learns how a model counts from each part', async () => {
    const counted = (request: WireRequest): Script => {
      const answer = JSON.parse(chatAnswer('a part').body);
      const usage = { prompt_tokens: Math.round(toldIn(request).length / 3), completion_tokens: 5 };
      return { body: JSON.stringify({ ...answer, usage }) };
    };
    const { run, ports } = aRouter([M1], counted);

    await run(chunked);

    const ratios = ports.tokenRatios.recorded.map(({ ratio }) => ratio);
    expect(ratios.length).toBeGreaterThan(1);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(1.5, 0);
  });

  it('leaves alone what a window holds, whatever the request allows', async () => {
    const { run, ports } = aRouter([M1], [chatAnswer('Hello')]);
    ports.registry.registry = aRegistry([M1]);

    const { answer } = await run({ oversize: 'chunk' });

    expect(answer.decision.parts).toBeUndefined();
    expect(answer.head.warnings).toEqual([]);
  });
});
