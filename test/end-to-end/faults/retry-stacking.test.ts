import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS } from '../../simulator/plan.ts';
import type { FaultSettings } from '../../simulator/reply.ts';
import { anEntry } from '../registries.ts';
import { openStage, type Stage } from '../stage.ts';
import { ask, type Dialect } from './callers.ts';

/** So many calls at the most for one of the caller's, whoever asks again. */
const MOST_CALLS = 4;
const DIALECTS: readonly Dialect[] = ['chat', 'messages'];
/** One candidate, as with a named model, and more than there are attempts. */
const WIDTHS = [1, 5];

/** Of the request itself: nobody else is asked, and the client does not ask again. */
const CALLER_FAULTS = ['F02', 'F24', 'F25', 'F26', 'F27', 'F28'];
/** The client would wait for most of a minute before it asks again. */
const TOO_LONG = ['F06', 'F15', 'F16'];
const OTHERS = Object.keys(FAULTS).filter(
  (fault) => ![...CALLER_FAULTS, ...TOO_LONG].includes(fault),
);

/** Longer than the router waits, so that its client does; the key is free again then. */
const SETTINGS: FaultSettings = { retryAfterSeconds: 4, ms: 60_000 };
const LIMITS = { firstTokenMs: 700, idleMs: 700 };

/** Faults rest keys and open breakers and hosts: each case has models, providers and keys of its own. */
type Case = { readonly fault: string; readonly dialect: Dialect; readonly width: number };

function casesOf(fault: string): readonly Case[] {
  return DIALECTS.flatMap((dialect) => WIDTHS.map((width) => ({ fault, dialect, width })));
}

function nameOf({ fault, dialect, width }: Case): string {
  return `${fault}-${dialect}-${width}`.toLowerCase().replaceAll(':', '-');
}

function providersOf(one: Case): readonly string[] {
  return Array.from({ length: one.width }, (_, at) => `p${at}-${nameOf(one)}`);
}

const ALL = [...CALLER_FAULTS, ...OTHERS].flatMap(casesOf);
const HOST = 'models.test';
const SECRETS = new Map(ALL.flatMap(providersOf).map((provider, at) => [provider, `KEY_${at}`]));

function registryOf(cases: readonly Case[]) {
  const places = cases.flatMap((one) =>
    providersOf(one).map((provider) => ({ provider, name: nameOf(one) })),
  );
  const baseUrl = `https://${HOST}/v1`;
  const providerOf = (id: string) => ({ wire: 'openai', baseUrl, secret: SECRETS.get(id) });
  return {
    models: Object.fromEntries(
      places.map(({ provider, name }) => [`${provider}/${name}`, anEntry(provider, 0.001)]),
    ),
    providers: Object.fromEntries(places.map(({ provider }) => [provider, providerOf(provider)])),
  };
}

let stage: Stage;
beforeAll(async () => {
  const keys = [...SECRETS.values()].map((name) => [name, 'simulated']);
  stage = await openStage({
    registry: registryOf(ALL),
    variables: { ...Object.fromEntries(keys), PROVIDER_HOSTS: HOST },
  });
  stage.simulator.setPlan(
    ALL.map((one) => ({ match: { model: nameOf(one) }, fault: one.fault, settings: SETTINGS })),
  );
});
afterAll(() => stage.close());

/** Asks as the official client does, with its own retries, while every candidate fails. */
async function play(one: Case) {
  const name = nameOf(one);
  const [model = '', ...rest] = providersOf(one).map((provider) => `${provider}/${name}`);
  const { error, sent } = await ask(stage, one.dialect, {
    model,
    models: [model, ...rest],
    routing: LIMITS,
  });
  const calls = stage.simulator.calls().filter((call) => call.model === name).length;
  return { ...one, error: error !== undefined, sent, calls };
}

describe.concurrent('a caller whose client asks again by itself', () => {
  it.each(CALLER_FAULTS)('costs one call where the request is at fault: %s', async (fault) => {
    const played = await Promise.all(casesOf(fault).map(play));

    expect(played).toEqual(
      casesOf(fault).map((one) => ({ ...one, error: true, sent: 1, calls: 1 })),
    );
  });

  it.each(OTHERS)(
    `costs at most ${MOST_CALLS} calls, whatever befalls every model: %s`,
    async (fault) => {
      const played = await Promise.all(casesOf(fault).map(play));

      expect(played.filter(({ calls }) => calls > MOST_CALLS)).toEqual([]);
      expect(played.filter(({ calls }) => calls === 0)).toEqual([]);
    },
  );
});
