import { describe, expect, it } from 'vitest';
import type { BreakerReport, BreakerSnapshot } from '../../../src/domain/breaker.ts';
import { breakerPolicySchema } from '../../../src/domain/routing-config.ts';
import { type BreakerNamespace, ObjectBreakers } from '../../../src/platform/object-breakers.ts';
import { aModel } from '../../support/builders.ts';
import { fakePorts } from '../../support/fakes.ts';

const MODEL = aModel().id;
const OPEN: BreakerSnapshot = { epoch: 1, state: 'open', ttlMs: 60_000, failuresInRow: 3 };

/** One object per name, which is open once it has heard of three failures. */
function aNamespace() {
  const asked: string[] = [];
  const failures = new Map<string, number>();
  const sync = async (name: string, { runs }: BreakerReport): Promise<BreakerSnapshot> => {
    const fresh = runs.filter((run) => run < 0).reduce((sum, run) => sum - run, 0);
    failures.set(name, (failures.get(name) ?? 0) + fresh);
    const failuresInRow = failures.get(name) ?? 0;
    return failuresInRow >= 3 ? OPEN : { ...OPEN, epoch: 0, state: 'closed', failuresInRow };
  };
  const namespace: BreakerNamespace = {
    idFromName: (name) => ({ name }),
    get: (id, hints) => {
      const { name } = id as { readonly name: string }; // made by `idFromName`
      asked.push(`${name} ${hints?.locationHint}`);
      return { sync: (report) => sync(name, report) };
    },
  };
  return { namespace, asked };
}

/** The breakers of one isolate somewhere. */
function anIsolate(namespace: BreakerNamespace, continent: string, policy: object) {
  const ports = fakePorts([]);
  const breakers = new ObjectBreakers({
    ...ports,
    namespace,
    continent: () => continent,
    policy: () => breakerPolicySchema.parse(policy),
  });
  /** A report may begin another. */
  const failThrice = async (): Promise<void> => {
    for (let failure = 0; failure < 3; failure++) breakers.acquire(MODEL)?.fail();
    for (const report of ports.background.work) await report;
  };
  const consulted = async (): Promise<string> => {
    await breakers.consult([MODEL]);
    return breakers.health(MODEL).state;
  };
  return { failThrice, consulted };
}

describe('ObjectBreakers, of an outage in one region', () => {
  it('F45 has a breaker per continent where the policy says so', async () => {
    const { namespace, asked } = aNamespace();
    const policy = { scope: 'region' };
    await anIsolate(namespace, 'EU', policy).failThrice();

    expect(await anIsolate(namespace, 'EU', policy).consulted()).toBe('open');
    expect(await anIsolate(namespace, 'NA', policy).consulted()).toBe('closed');
    expect(new Set(asked)).toEqual(new Set([`${MODEL}@EU weur`, `${MODEL}@NA enam`]));
  });

  it('has one breaker in the world by default', async () => {
    const { namespace, asked } = aNamespace();
    await anIsolate(namespace, 'EU', {}).failThrice();

    expect(await anIsolate(namespace, 'NA', {}).consulted()).toBe('open');
    expect(new Set(asked)).toEqual(new Set([`${MODEL} undefined`]));
  });
});
