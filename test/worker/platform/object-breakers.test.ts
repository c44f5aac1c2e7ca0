import { listDurableObjectIds } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { modelIdSchema } from '../../../src/domain/model.ts';
import { breakerPolicySchema } from '../../../src/domain/routing-config.ts';
import { clock, random } from '../../../src/platform/isolate.ts';
import { ObjectBreakers } from '../../../src/platform/object-breakers.ts';
import { MultiModelRouter } from '../../../src/router.ts';
import { aConversation, aModel } from '../../support/builders.ts';
import { aCaller, FakeTelemetry, fakePorts } from '../../support/fakes.ts';
import { chatAnswer } from '../../support/plans.ts';
import { bindings } from '../bindings.ts';

type Namespace = typeof bindings.MODEL_BREAKER;
type Stub = Pick<ReturnType<Namespace['get']>, 'sync'>;

type Isolate = {
  readonly policy?: object;
  /** The objects; the real ones by default. */
  readonly objectOf?: (id: DurableObjectId) => Stub;
};

/** Breakers of one isolate, the models whose objects they call, and the end of what they began. */
function anIsolate({ policy = {}, objectOf }: Isolate = {}) {
  const asked: string[] = [];
  const work: Promise<unknown>[] = [];
  const { MODEL_BREAKER } = bindings;
  const namespace = {
    idFromName: (name: string) => {
      asked.push(name);
      return MODEL_BREAKER.idFromName(name);
    },
    get: objectOf ?? ((id: DurableObjectId) => MODEL_BREAKER.get(id)),
  } as unknown as Namespace; // the two methods that are used
  const breakers = new ObjectBreakers({
    namespace,
    clock,
    random,
    background: { run: (promise) => work.push(promise) },
    telemetry: new FakeTelemetry(),
    continent: () => undefined,
    policy: () => breakerPolicySchema.parse(policy),
  });
  /** What was begun may begin more. */
  const settled = async (): Promise<void> => {
    for (const promise of work) await promise;
  };
  return { breakers, asked, settled };
}

const idOf = (name: string) => modelIdSchema.parse(name);
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('ObjectBreakers', () => {
  it('calls no object for 10,000 healthy attempts', async () => {
    const { breakers, asked, settled } = anIsolate();
    const model = idOf('healthy/attempts');

    for (let attempt = 0; attempt < 10_000; attempt++) {
      expect(breakers.health(model).isPassable).toBe(true);
      breakers.acquire(model)?.succeed();
    }
    await settled();

    expect(asked).toEqual([]);
  });

  it('calls no object for 10,000 healthy requests of the router', async () => {
    const before = await listDurableObjectIds(bindings.MODEL_BREAKER);
    const { breakers, asked, settled } = anIsolate();
    const ports = fakePorts([aModel('openai/healthy-1'), aModel('openai/healthy-2')]);
    const { body } = chatAnswer();
    const transport = {
      send: async () => ({ status: 200, headers: new Headers(), body: new Response(body).body }),
    };
    const router = new MultiModelRouter({ ...ports, breakers, transport, clock });

    for (let request = 0; request < 10_000; request++) await router.answer(aJourney(request));
    await settled();

    expect(asked).toEqual([]);
    expect(ports.ledger.entries).toHaveLength(10_000);
    expect(await listDurableObjectIds(bindings.MODEL_BREAKER)).toEqual(before);
  }, 120_000);

  it('tells the object of a failure behind the answer, with the successes around it', async () => {
    const { breakers, asked, settled } = anIsolate();
    const model = idOf('told/failure');

    breakers.acquire(model)?.succeed();
    breakers.acquire(model)?.fail();
    await settled();

    expect(asked).toEqual(['told/failure']);
    const [status] = await breakers.states([model]);
    expect(status).toMatchObject({ state: 'closed', failuresInRow: 1, isFromObject: true });
  });

  it('closes the way at once after three failures of its own', () => {
    const { breakers } = anIsolate();
    const model = idOf('own/failures');

    for (let failure = 0; failure < 3; failure++) breakers.acquire(model)?.fail();

    expect(breakers.health(model)).toMatchObject({ state: 'open', isPassable: false });
    expect(breakers.acquire(model)).toBeUndefined();
  });

  it('learns of the fleet’s open breaker with its first failure', async () => {
    const model = idOf('fleet/open');
    const others = anIsolate();
    for (let failure = 0; failure < 3; failure++) others.breakers.acquire(model)?.fail();
    await others.settled();
    const { breakers, settled } = anIsolate();

    breakers.acquire(model)?.fail();
    await settled();

    expect(breakers.health(model)).toMatchObject({ state: 'open', isPassable: false });
  });

  it('F86 lets one isolate of ten pass after the cooldown, and all of them after its success', async () => {
    const model = idOf('fleet/probed');
    const isolates = Array.from({ length: 10 }, () =>
      anIsolate({ policy: { cooldownSeconds: 0.2 } }),
    );
    for (const { breakers } of isolates) breakers.acquire(model)?.fail();
    await Promise.all(isolates.map(({ settled }) => settled()));
    await Promise.all(isolates.map(({ breakers }) => breakers.consult([model])));
    expect(isolates.map(({ breakers }) => breakers.acquire(model))).not.toContainEqual(
      expect.anything(),
    );
    await wait(250);

    // The first look asks in the background; the answer is there for the next.
    for (const { breakers } of isolates) breakers.health(model);
    await Promise.all(isolates.map(({ settled }) => settled()));
    const permits = isolates.map(({ breakers }) => breakers.acquire(model));
    const probes = permits.filter((permit) => permit !== undefined);
    expect(probes.map(({ isProbe }) => isProbe)).toEqual([true]);

    probes[0]?.succeed();
    await Promise.all(isolates.map(({ settled }) => settled()));
    await wait(300);
    await Promise.all(isolates.map(({ breakers }) => breakers.consult([model])));
    expect(isolates.map(({ breakers }) => breakers.health(model).state)).toEqual(
      Array.from({ length: 10 }, () => 'closed'),
    );
  });

  it('F75 goes on by its own view when the object cannot be reached', async () => {
    const { breakers, settled } = anIsolate({
      policy: { cooldownSeconds: 0.2 },
      objectOf: () => ({ sync: () => Promise.reject(new Error('overloaded')) as never }),
    });
    const model = idOf('object/away');

    for (let failure = 0; failure < 3; failure++) breakers.acquire(model)?.fail();
    await settled();
    expect(breakers.acquire(model)).toBeUndefined();
    const [status] = await breakers.states([model]);
    expect(status).toMatchObject({ state: 'open', isFromObject: false });

    await wait(250);
    expect(breakers.health(model).isPassable).toBe(true);
  });

  it('F75 waits no longer than 300 ms for objects that do not answer', async () => {
    const { breakers } = anIsolate({
      objectOf: () => ({ sync: () => new Promise(() => undefined) as never }),
    });
    const before = Date.now();

    await breakers.consult([idOf('object/hangs')]);

    const waitedMs = Date.now() - before;
    expect(waitedMs).toBeGreaterThanOrEqual(290);
    expect(waitedMs).toBeLessThan(1500);
  });

  it('F75 lets requests pass when the object falls silent behind an open breaker’s cooldown', async () => {
    const open = { epoch: 1, state: 'open', ttlMs: 100, failuresInRow: 0 };
    const answers = [Promise.resolve(open)];
    const { breakers, settled } = anIsolate({
      objectOf: () => ({ sync: () => (answers.shift() ?? new Promise(() => undefined)) as never }),
    });
    const model = idOf('object/falls-silent');
    breakers.acquire(model)?.fail();
    await settled();
    await wait(150);
    const before = breakers.health(model).isPassable;

    await breakers.consult([model]);

    expect([before, breakers.health(model).isPassable]).toEqual([false, true]);
  });
});

function aJourney(request: number) {
  return {
    requestId: String(request),
    request: { conversation: aConversation() },
    caller: aCaller(),
    attribution: {
      tenant: 'owner',
      keyId: 'key_1',
      tags: [],
      claimedUser: undefined,
      sessionId: undefined,
    },
    startedAt: Date.now(),
  };
}
