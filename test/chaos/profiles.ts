import { PROBE_LEASE_MS } from '../../src/domain/breaker.ts';
import { type Breach, type Evidence, isServed, type Span } from './evidence.ts';
import { breachesOf } from './oracle.ts';
import { type Chapter, type Told, TRIO, tell, troubleIn } from './story.ts';
import { CALLER_FAULTS } from './weather.ts';

/** A number that was measured, and what it may be. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly least?: number;
  readonly most?: number;
};

export type ProfileReport = {
  readonly figures: readonly Figure[];
  readonly breaches: readonly Breach[];
};

export type ProfileSettings = {
  readonly seed: number;
  /** For the profile of caller faults. */
  readonly requests: number;
  readonly onProgress: (done: number) => void;
};

const ISOLATES = 4;
const MINUTE_MS = 60_000;
const [PRIMARY, ...OTHERS] = TRIO.map(({ upstream }) => upstream);
const FIRST = TRIO.slice(0, 1);

/** Each way in which a model can be down: it says so, says nothing, breaks off, or tells nonsense. */
const WAYS_DOWN = ['F12', 'F31', 'F33', 'F43', 'F44', 'F52'];

export const PROFILES = {
  'one-down': oneDown,
  outage,
  recovery,
  'caller-faults': callerFaults,
} satisfies Record<string, (settings: ProfileSettings) => Promise<ProfileReport>>;

export type ProfileName = 'mixed' | keyof typeof PROFILES;
export const PROFILE_NAMES: readonly ProfileName[] = [
  'mixed',
  'one-down',
  'outage',
  'recovery',
  'caller-faults',
];

async function oneDown(settings: ProfileSettings): Promise<ProfileReport> {
  const reports = [await opening(settings)];
  for (const fault of WAYS_DOWN) {
    const told = await play(settings, [fine(60), { seconds: 600, troubles: down(fault) }]);
    const [, spell] = told.spells;
    reports.push({
      figures: [
        { name: `${fault}: calls a request`, value: callsPerRequest(told, spell), most: 1.1 },
        { name: `${fault}: served`, value: servedShare(told, spell), least: 1 },
      ],
      breaches: breachesOf(told),
    });
  }
  return joined(reports);
}

/** One request after another, around the isolates, so that failures can be counted. */
async function opening(settings: ProfileSettings): Promise<ProfileReport> {
  const told = await play(settings, [{ seconds: 30, troubles: down('F12'), requestsPerSecond: 1 }]);
  const failed = told.calls.filter(({ model }) => model === PRIMARY);
  const openedAt = told.breakerEvents.find(({ state }) => state === 'open')?.at ?? Infinity;
  const until = failed.filter(({ startedAt }) => startedAt <= openedAt).length;
  return {
    figures: [
      { name: 'failures until the breaker opened', value: until, least: 3, most: 3 },
      { name: 'calls to the failing model', value: failed.length, most: 3 + ISOLATES - 1 },
    ],
    breaches: breachesOf(told),
  };
}

async function outage(settings: ProfileSettings): Promise<ProfileReport> {
  const reports: ProfileReport[] = [];
  for (const fault of ['F12', 'F31', 'F43', 'F44']) {
    const chapters = [fine(120), { seconds: 600, troubles: troubleIn(TRIO, fault) }, fine(180)];
    const told = await play(settings, chapters);
    const [, spell = NEVER, after = NEVER] = told.spells;
    const later = { from: spell.from + MINUTE_MS, to: spell.to };
    const back = { from: after.from + 2 * MINUTE_MS, to: after.to };
    reports.push({
      figures: [
        { name: `${fault}: calls a request`, value: callsPerRequest(told, spell), most: 1.1 },
        {
          name: `${fault}: calls a request behind the first minute`,
          value: callsPerRequest(told, later),
          most: 0.1,
        },
        { name: `${fault}: served two minutes later`, value: servedShare(told, back), least: 1 },
        { name: `${fault}: probes at a time`, value: probesAtATime(told), most: 1 },
      ],
      breaches: breachesOf(told),
    });
  }
  return joined(reports);
}

async function recovery(settings: ProfileSettings): Promise<ProfileReport> {
  const reports: ProfileReport[] = [];
  for (const [name, circuitBreaker] of RECOVERIES) {
    const chapters = [fine(60), { seconds: 60, troubles: down('F12') }, fine(180)];
    const told = await play(settings, chapters, circuitBreaker);
    const [, , back = NEVER] = told.spells;
    const isPrimary = ({ model, startedAt }: Evidence['calls'][number]): boolean =>
      model === PRIMARY && startedAt >= back.from;
    const first = told.calls.find(isPrimary);
    const goodAt = first?.startedAt ?? Infinity;
    const elsewhere = told.calls.filter(({ model, startedAt }) => {
      return OTHERS.includes(model) && startedAt >= goodAt;
    });
    const fullAt = Math.max(goodAt, ...elsewhere.map(({ startedAt }) => startedAt));
    reports.push({
      figures: [
        {
          name: `${name}: seconds until the model is used again`,
          value: (goodAt - back.from) / 1000,
          most: 30,
        },
        {
          name: `${name}: seconds from the good probe to full traffic`,
          value: (fullAt - goodAt) / 1000,
          most: 15,
        },
        { name: `${name}: probes at a time`, value: probesAtATime(told), most: 1 },
        { name: `${name}: served`, value: servedShare(told, EVER), least: 1 },
      ],
      breaches: breachesOf(told),
    });
  }
  return joined(reports);
}

const RECOVERIES: readonly (readonly [string, object])[] = [
  ['by default', {}],
  ['with a ramp', { rampSeconds: 10 }],
];

async function callerFaults(settings: ProfileSettings): Promise<ProfileReport> {
  const perSecond = 50;
  const chapter: Chapter = {
    seconds: settings.requests / perSecond,
    troubles: [],
    requestsPerSecond: perSecond,
    change: (request, random) => {
      const place = Math.floor(random() * (CALLER_FAULTS.length + 1));
      return { ...request, callerFault: CALLER_FAULTS[place] };
    },
  };
  const told = await play(settings, [chapter]);
  const faulty = told.observations.filter(({ request }) => request.callerFault !== undefined);
  const good = told.observations.filter(({ request }) => request.callerFault === undefined);
  const elsewhere = told.calls.filter(({ model }) => model !== PRIMARY);
  const report = {
    figures: [
      { name: 'requests at fault', value: faulty.length, least: 1 },
      { name: 'breakers opened', value: told.breakerEvents.length, most: 0 },
      { name: 'reports of failures', value: told.reports, most: 0 },
      { name: 'calls a request', value: callsPerRequest(told, EVER), most: 1 },
      { name: 'calls to other models', value: elsewhere.length, most: 0 },
      { name: 'others served', value: good.filter(isServed).length / good.length, least: 1 },
    ],
    breaches: breachesOf(told),
  };
  return joined([report]);
}

function play(
  { seed, onProgress }: ProfileSettings,
  chapters: readonly Chapter[],
  circuitBreaker: object = {},
): Promise<Told> {
  return tell({ seed, isolates: ISOLATES, chapters, circuitBreaker, onProgress });
}

const NEVER: Span = { from: 0, to: 0 };
const EVER: Span = { from: 0, to: Infinity };

function fine(seconds: number): Chapter {
  return { seconds, troubles: [] };
}

function down(fault: string) {
  return troubleIn(FIRST, fault);
}

function isWithin({ from, to }: Span): (thing: { readonly startedAt: number }) => boolean {
  return ({ startedAt }) => startedAt >= from && startedAt < to;
}

function callsPerRequest({ calls, observations }: Evidence, span: Span = NEVER): number {
  return calls.filter(isWithin(span)).length / observations.filter(isWithin(span)).length;
}

function servedShare({ observations }: Evidence, span: Span = NEVER): number {
  const some = observations.filter(isWithin(span));
  return some.filter(isServed).length / some.length;
}

/** The most leases of one model that were out at the same time. */
function probesAtATime({ breakerEvents }: Evidence): number {
  let most = 0;
  for (const [, events] of Map.groupBy(breakerEvents, ({ model }) => model)) {
    let leasedAt: number[] = [];
    for (const { at, state, isLease } of events) {
      leasedAt = state === 'half-open' ? leasedAt.filter((from) => at - from < PROBE_LEASE_MS) : [];
      if (isLease) leasedAt.push(at);
      most = Math.max(most, leasedAt.length);
    }
  }
  return most;
}

/** What is wrong with a figure; undefined where it is within its limits. */
export function faultOf({ name, value, least, most }: Figure): Breach | undefined {
  const isGood = value >= (least ?? -Infinity) && value <= (most ?? Infinity);
  const limit = [least !== undefined && `least ${least}`, most !== undefined && `most ${most}`];
  const what = `${name}: ${value}, at ${limit.filter(Boolean).join(' and ')}`;
  return isGood ? undefined : { invariant: 'limit', what };
}

function joined(reports: readonly ProfileReport[]): ProfileReport {
  const figures = reports.flatMap((report) => report.figures);
  const broken = figures.map(faultOf).filter((fault) => fault !== undefined);
  return { figures, breaches: [...reports.flatMap(({ breaches }) => breaches), ...broken] };
}
