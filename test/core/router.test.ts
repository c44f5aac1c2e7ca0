import { describe, expect, it } from 'vitest';
import type { RouterError } from '../../src/domain/errors.ts';
import { aConversation, aModel } from '../support/builders.ts';
import type { Script } from '../support/fake-transport.ts';
import { aRouter } from '../support/journeys.ts';
import { chatAnswer, chatError, someModels } from '../support/plans.ts';

const OK = chatAnswer('Hello');
const [M1, M2, M3] = someModels(3);
if (M1 === undefined || M2 === undefined || M3 === undefined) throw new Error('three models');

async function errorOf(work: Promise<unknown>): Promise<RouterError> {
  return await work.then(
    () => Promise.reject(new Error('it was answered')),
    (error: RouterError) => error,
  );
}

describe('MultiModelRouter.answer', () => {
  it('decides, calls, answers and books', async () => {
    const { run, ports } = aRouter([M1, M2], [{ ...OK, afterMs: 400 }]);

    const { answer } = await run();

    expect(answer).toMatchObject({
      type: 'whole',
      head: { requestId: 'r1', model: 'openai/m1', createdAt: 1_000_000, warnings: [] },
      provider: 'openai',
      decision: { selectedModel: 'openai/m1', fallbackChain: ['openai/m2'] },
      attempts: 1,
      fallbacks: 0,
      response: { content: [{ type: 'text', text: 'Hello' }] },
      bill: { usageIsEstimated: false, costNanoUsd: 20_000 },
      nativeBody: OK.body,
    });
    expect(ports.ledger.entries).toMatchObject([
      {
        requestId: 'r1',
        attribution: { tenant: 'owner', tags: ['team-a'] },
        durationMs: 400,
        servedModel: 'openai/m1',
        costNanoUsd: 20_000,
        outcome: 'answered',
        errorCode: undefined,
        lines: [{ attempt: { number: 1 }, costNanoUsd: 20_000 }],
      },
    ]);
    expect(ports.points.entries).toEqual(ports.ledger.entries);
    expect(ports.telemetry.events.map(({ event }) => event)).toEqual([
      'routing_decision',
      'model_execution',
      'cost_attribution',
    ]);
  });

  it('falls back, and says after how much', async () => {
    const { run, ports } = aRouter(
      [M1, M2, M3],
      [chatError(500), chatError(500), chatError(529), OK],
    );

    const { answer } = await run();

    expect(answer).toMatchObject({ head: { model: 'openai/m3' }, attempts: 4, fallbacks: 2 });
    expect(ports.ledger.entries[0]?.lines).toHaveLength(4);
    expect(ports.telemetry.events.map(({ event }) => event)).toEqual([
      'routing_decision',
      ...Array(4).fill('model_execution'),
      ...Array(2).fill('fallback_triggered'),
      'cost_attribution',
    ]);
  });

  it("gives the provider's own text only to a caller of its dialect", async () => {
    const caller = { dialect: 'anthropic-messages' } as const;

    const { answer } = await aRouter([M1], [OK]).run({ caller });

    expect(answer).toMatchObject({ type: 'whole', nativeBody: undefined });
  });

  it('passes on what was warned of while reading the request and while calling', async () => {
    const warning = { type: 'unknown-field', field: 'x', message: 'x is not known' } as const;
    const conversation = { warnings: [warning], sampling: { topK: 4 } };
    const provider = {
      allow_fallbacks: true,
      require_parameters: false,
      data_collection: 'allow',
      zdr: false,
    } as const;

    const { answer } = await aRouter([M1], [OK]).run({ conversation, provider });

    expect(answer.head.warnings).toEqual([
      warning,
      { type: 'unsupported', field: 'top-k', message: 'top-k is not honored by openai/m1' },
    ]);
  });

  it('books a failure with every attempt, and throws what the caller is told', async () => {
    const { run, ports } = aRouter([M1, M2], [chatError(529), chatError(529)]);

    const error = await errorOf(run());

    expect(error.code).toBe('no_capacity');
    expect(ports.ledger.entries).toMatchObject([
      {
        outcome: 'failed',
        errorCode: 'no_capacity',
        servedModel: undefined,
        costNanoUsd: 0,
        lines: [{ attempt: { model: 'openai/m1' } }, { attempt: { model: 'openai/m2' } }],
      },
    ]);
  });

  it('books what a silent provider may bill, though nobody was served (F44)', async () => {
    const { run, ports } = aRouter([M1], ['silence']);

    await errorOf(run());

    expect(ports.ledger.entries[0]?.lines).toMatchObject([{ usageIsEstimated: true }]);
    expect(ports.ledger.entries[0]?.costNanoUsd).toBeGreaterThan(0);
  });

  it('refuses what no model can do before any call, says why, and books that it cost nothing', async () => {
    const blind = aModel('openai/blind', { supportsVision: false });
    const { run, ports } = aRouter([blind]);

    const error = await errorOf(run({ requiresVision: true }));

    expect(error).toMatchObject({
      code: 'no_capable_model',
      details: { availability: { constraint: 'no-vision' } },
    });
    expect(ports.transport.calls).toEqual([]);
    expect(ports.ledger.entries).toMatchObject([
      { outcome: 'failed', errorCode: 'no_capable_model', costNanoUsd: 0, lines: [] },
    ]);
    expect(ports.telemetry.events.map(({ event }) => event)).toEqual([
      'routing_decision',
      'cost_attribution',
    ]);
  });

  it('refuses a request that no window can hold before any call, and names the largest', async () => {
    const { run, ports } = aRouter([M1, aModel('openai/wide', { maxContextTokens: 256_000 })]);

    const error = await errorOf(run({ maxContextTokens: 2_000_000 }));

    expect(error.message).toContain('the largest window is 256000 tokens');
    expect(ports.transport.calls).toEqual([]);
  });

  it('counts every attempt against one cost cap', async () => {
    const prices = { costPer1kInputTokens: 10, costPer1kOutputTokens: 0 };
    const models = ['openai/m1', 'openai/m2'].map((id) => aModel(id, prices));
    const { run, ports, router } = aRouter(models, ['silence', OK]);
    const estimated = router.evaluate({ conversation: aConversation() }).estimatedCost ?? 0;

    await errorOf(run({ maxCostUsd: estimated * 1.5 }));

    expect(estimated).toBeGreaterThan(0);
    expect(ports.transport.asked).toEqual(['m1']);
  });
});

describe('MultiModelRouter.answer, when models rest', () => {
  it('does not ask the breakers while any able model is passable', async () => {
    const { run, ports } = aRouter([M1, M2], [OK]);
    ports.breakers.open.add('openai/m1');

    const { answer } = await run();

    expect(answer.head.model).toBe('openai/m2');
    expect(ports.breakers.consulted).toEqual([]);
  });

  it('asks them once when every able model rests, and serves what that lets through', async () => {
    const { run, ports } = aRouter([M1, M2], [OK]);
    ports.breakers.open.add('openai/m1').add('openai/m2');
    ports.breakers.onConsult = () => {
      ports.breakers.open.delete('openai/m2');
      ports.breakers.halfOpen.add('openai/m2');
    };

    const { answer } = await run();

    expect(answer.head.model).toBe('openai/m2');
    expect(ports.breakers.consulted).toEqual([['openai/m1', 'openai/m2']]);
    expect(ports.ledger.entries[0]?.lines[0]?.attempt.isProbe).toBe(true);
  });

  it('asks them when every other model has failed, and goes on with what has recovered', async () => {
    const { run, ports } = aRouter([M1, M2], [chatError(529), OK]);
    ports.breakers.open.add('openai/m2');
    ports.breakers.onConsult = () => ports.breakers.open.delete('openai/m2');

    const { answer } = await run();

    expect([answer.head.model, answer.attempts, answer.fallbacks]).toEqual(['openai/m2', 2, 1]);
    expect(ports.breakers.consulted).toEqual([['openai/m2']]);
  });

  it('asks nobody further where the caller is at fault, or what rests goes on resting', async () => {
    const rejected = aRouter([M1, M2], [chatError(400)]);
    const failed = aRouter([M1, M2], [chatError(529)]);
    for (const { ports } of [rejected, failed]) ports.breakers.open.add('openai/m2');

    expect(await errorOf(rejected.run())).toMatchObject({ code: 'upstream_rejected_request' });
    expect(await errorOf(failed.run())).toMatchObject({ code: 'no_capacity' });
    expect(rejected.ports.breakers.consulted).toEqual([]);
    expect(failed.ports.transport.calls).toHaveLength(1);
  });

  it('says when to come back when nothing is let through (F88)', async () => {
    const { run, ports } = aRouter([M1, aModel('openai/blind', { supportsVision: false })]);
    ports.breakers.open.add('openai/m1');
    ports.breakers.retryInMs = 12_000;

    const error = await errorOf(run({ requiresVision: true }));

    expect(error).toMatchObject({
      code: 'all_candidates_unavailable',
      details: { retryAfterMs: 12_000, shouldRetry: true },
    });
    expect(ports.breakers.consulted).toEqual([['openai/m1']]);
    expect(ports.ledger.entries).toMatchObject([{ errorCode: 'all_candidates_unavailable' }]);
  });

  it('says when a held key is free again', async () => {
    const limited: Script = { ...chatError(429), headers: { 'retry-after': '40' } };
    const { run, ports } = aRouter([M1], [limited]);
    await errorOf(run());
    await ports.clock.advance(10_000);

    expect(await errorOf(run())).toMatchObject({
      code: 'all_candidates_unavailable',
      details: { retryAfterMs: 30_000 },
    });
    expect(ports.transport.calls).toHaveLength(1);
  });
});

describe('MultiModelRouter.evaluate', () => {
  it('calls nobody, waits for nothing and books nothing', () => {
    const { router, ports } = aRouter([M1, M2]);

    const decision = router.evaluate({ model: 'auto:floor' });

    expect(decision.selectedModel).toBe('openai/m1');
    expect([ports.transport.calls, ports.ledger.entries, ports.telemetry.events]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('throws for a model that there is not', () => {
    const { router } = aRouter([M1]);

    expect(() => router.evaluate({ model: 'openai/m9' })).toThrow('did you mean "openai/m1"?');
  });
});
