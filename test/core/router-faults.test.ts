import { describe, expect, it } from 'vitest';
import type { RouterError } from '../../src/domain/errors.ts';
import type { LedgerEntry } from '../../src/domain/ledger.ts';
import type { RoutingRequest } from '../../src/domain/request.ts';
import { aModel } from '../support/builders.ts';
import type { Script } from '../support/fake-transport.ts';
import { aRouter } from '../support/journeys.ts';
import { chatAnswer, chatDelta, chatError, someModels } from '../support/plans.ts';

const OK = chatAnswer('Hello');
const overloaded = chatError(529);
const unreachable: Script = { fails: 'reset' };

async function errorOf(work: Promise<unknown>): Promise<RouterError> {
  return await work.then(
    () => Promise.reject(new Error('it was answered')),
    (error: RouterError) => error,
  );
}

describe('F45 one region of a model is out', () => {
  const EU = aModel('eu-cloud/model', { family: 'model', regions: ['eu'] });
  const US = aModel('us-cloud/model', { family: 'model', regions: ['us'] });

  it('is answered by the model of another region, and only the first one’s health suffers', async () => {
    const { run, ports } = aRouter([EU, US], [unreachable, OK]);

    const { answer } = await run({ model: 'eu-cloud/model' });

    expect(answer.head.model).toBe('us-cloud/model');
    expect(ports.breakers.permits).toEqual([
      { model: 'eu-cloud/model', answers: ['fail'] },
      { model: 'us-cloud/model', answers: ['succeed'] },
    ]);
    expect(ports.hosts.noted).toEqual([
      { model: 'eu-cloud/model', outcome: 'transport' },
      { model: 'us-cloud/model', outcome: 'answered' },
    ]);
  });

  it('goes round a host that rests, to the same model at another', async () => {
    const { run, ports } = aRouter([EU, US], [OK]);
    ports.hosts.open.add('eu-cloud');

    expect((await run({ model: 'eu-cloud/model' })).answer.head.model).toBe('us-cloud/model');
  });

  it('never leaves the region that the request must stay in', async () => {
    const { run, ports } = aRouter([EU, US], [unreachable]);

    const error = await errorOf(run({ model: 'eu-cloud/model', regions: ['eu'] }));

    expect(error.code).toBe('upstream_error');
    expect(ports.transport.calls).toHaveLength(1);
  });
});

describe('F68 two calls whose provider gives them one id', () => {
  it('are two records by our own ids', async () => {
    const [model] = someModels(1);
    const { router, journeyOf, ports } = aRouter(model === undefined ? [] : [model], [OK, OK]);
    for (const requestId of ['r1', 'r2']) {
      await ports.clock.run(router.answer({ ...journeyOf({}), requestId }));
    }

    const { entries } = ports.ledger;
    expect(entries.map(({ requestId }) => requestId)).toEqual(['r1', 'r2']);
    expect(entries.map(({ lines }) => lines[0]?.attempt.upstreamId)).toEqual(['c1', 'c1']);
  });
});

/** A caller who leaves after a second, and what has come of its one call when so much time is over. */
async function left(model: ReturnType<typeof aModel>, script: Script, stream = false) {
  const { router, journeyOf, ports, leave } = aRouter([model], [script]);
  const answering = errorOf(router.answer(journeyOf({ conversation: { stream } })));
  await ports.clock.advance(1000);
  leave();
  const later = async (ms: number) => {
    await ports.clock.advance(ms);
    const [call] = ports.transport.calls;
    return { isClosed: call?.signal.aborted, booked: ports.ledger.entries.map(bookedOf) };
  };
  return { later, answering, ports };
}

function bookedOf({ outcome, errorCode, lines, durationMs }: LedgerEntry) {
  const usage = lines.map((line) => [line.usage.outputTokens, line.usageIsEstimated]);
  return { outcome, errorCode, durationMs, usage };
}

describe('F71 a caller leaves a whole answer', () => {
  const BILLS = aModel('bedrock/model', { wire: 'openai' });
  const STOPS = aModel('openai/model');
  const slow = { ...OK, afterMs: 8000 };
  const booked = { outcome: 'cancelled', errorCode: 'client_closed_request' };

  it('that ends with its call: it is closed at once, and booked by estimate', async () => {
    const { later } = await left(STOPS, slow);

    expect(await later(1)).toEqual({
      isClosed: true,
      booked: [{ ...booked, durationMs: 1000, usage: [[0, true]] }],
    });
  });

  it('that is billed in full: it is waited for, and booked by its usage', async () => {
    const { later, answering, ports } = await left(BILLS, slow);

    expect(await later(6999)).toEqual({ isClosed: false, booked: [] });
    expect(await later(1)).toEqual({
      isClosed: false,
      booked: [{ ...booked, durationMs: 8000, usage: [[5, false]] }],
    });
    expect((await answering).code).toBe('client_closed_request');
    expect(ports.breakers.permits).toMatchObject([{ answers: ['release'] }]);
    expect(ports.clock.waiting).toBe(0);
  });

  it('that is billed in full and takes longer than 25 s: it is booked as expected', async () => {
    const { later, ports } = await left(BILLS, 'silence');
    const expected = ports.ledger.opened[0]?.estimatedCostNanoUsd;

    expect(await later(24_999)).toEqual({ isClosed: false, booked: [] });
    expect(await later(1)).toMatchObject({
      isClosed: true,
      booked: [{ ...booked, durationMs: 26_000, usage: [[expect.any(Number), true]] }],
    });
    expect(expected).toBeGreaterThan(0);
    expect(ports.ledger.entries[0]?.costNanoUsd).toBe(expected);
  });

  it('that fails behind its back: nobody else is asked', async () => {
    const { later, ports } = await left(BILLS, { ...overloaded, afterMs: 5000 });

    expect((await later(4000)).booked).toMatchObject([{ errorCode: 'client_closed_request' }]);
    expect(ports.transport.calls).toHaveLength(1);
  });

  it('that is a stream: it is closed at once everywhere', async () => {
    const { later } = await left(BILLS, { body: [{ pauseMs: 8000 }, chatDelta({})] }, true);

    expect(await later(1)).toMatchObject({ isClosed: true, booked: [booked] });
  });
});

describe('F83 work behind an answer that is cut short', () => {
  it.each<[string, readonly Script[]]>([
    ['an answer', [overloaded, OK]],
    ['a failure', [overloaded, overloaded]],
  ])('settles %s first and exports last', async (_, scripts) => {
    const { run, ports } = aRouter(someModels(2), scripts);
    const done: string[] = [];
    ports.ledger.record = () => done.push('books');
    ports.points.write = () => done.push('analysis');
    ports.telemetry.emit = ({ event }) => done.push(event);
    await run().catch(() => undefined);

    expect(done.slice(0, 3)).toEqual(['routing_decision', 'books', 'analysis']);
    expect(done.slice(3)).toContain('cost_attribution');
  });
});

describe('F89 only the slowest and dearest model is healthy', () => {
  const FAST = aModel('openai/fast');
  const DEAR = aModel('openai/dear', {
    costPer1kInputTokens: 0.5,
    costPer1kOutputTokens: 1,
    estimatedP50LatencyMs: 20_000,
    compliance: ['pii_safe'],
    regions: ['eu'],
  });
  const OTHER = aModel('groq/other', { supportsVision: false });
  const models = [FAST, DEAR, OTHER];
  const slow = { ...OK, afterMs: 9000 };

  it.each<[string, RoutingRequest]>([
    ['where all others rest', {}],
    ['past the latency that was wished for', { maxLatencyMs: 100 }],
  ])('is used %s', async (_, request) => {
    const { run, ports } = aRouter(models, [slow]);
    ports.breakers.open.add('openai/fast').add('groq/other');

    const { answer } = await run(request);

    expect([answer.head.model, ports.transport.asked]).toEqual(['openai/dear', ['dear']]);
  });

  it('is used where the others fail on the way', async () => {
    const { run } = aRouter(models, ({ body }) => (body.includes('"dear"') ? slow : overloaded));

    expect((await run()).answer.head.model).toBe('openai/dear');
  });

  it.each<[string, RoutingRequest]>([
    ['lacks a tag', { compliance: ['pii_safe'] }],
    ['is elsewhere', { regions: ['eu'] }],
    ['was not named', { models: [DEAR.id] }],
  ])('no other is asked that %s, when it fails too', async (_, request) => {
    const { run, ports } = aRouter(models, Array(4).fill(overloaded));

    expect((await errorOf(run(request))).code).toBe('no_capacity');
    expect(ports.transport.asked).toEqual(['dear']);
  });

  it('is not used past a hard limit on cost', async () => {
    const { run, ports } = aRouter(models);
    ports.breakers.open.add('openai/fast').add('groq/other');

    expect((await errorOf(run({ maxCostUsd: 0.0001 }))).code).not.toBe('no_capacity');
    expect(ports.transport.calls).toEqual([]);
  });
});
