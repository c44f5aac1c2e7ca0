import { describe, expect, it } from 'vitest';
import type { SimulatedCall } from '../simulator/calls.ts';
import { CHAT_DIALECTS } from './dialects.ts';
import type { ChaosRequest, Evidence, Observation, Trouble } from './evidence.ts';
import { CHAT_MODELS } from './models.ts';
import { breachesOf } from './oracle.ts';

const AT = 1_000_000;
const CANARY = 'CANARY-SECRET';
const [CHAT] = CHAT_DIALECTS;
if (CHAT === undefined) throw new Error('there is no dialect');

const REQUEST: ChaosRequest = {
  nonce: 'n1',
  dialect: CHAT,
  model: 'auto',
  isStream: false,
  says: 'one two three',
  callerFault: undefined,
  refusal: undefined,
  leavesAfterMs: undefined,
  allowed: CHAT_MODELS.map(({ id }) => id),
  isRegulated: false,
  hedges: false,
};

const SERVED: Observation = {
  request: REQUEST,
  isolate: 0,
  startedAt: AT,
  endedAt: AT + 300,
  status: 200,
  headers: { 'x-router-request-id': 'r1' },
  heard: { text: 'one two three', isWhole: true, error: undefined },
  broken: 0,
  raw: '{}',
};

const FAILED = {
  status: 502,
  heard: { text: '', isWhole: false, error: 'upstream_error' },
} as const;

const CALL: SimulatedCall = {
  id: '1',
  label: 'api.openai.com',
  wire: 'openai',
  path: '/v1/chat/completions',
  model: 'chaos-0',
  isStream: false,
  nonce: 'n1',
  keyTail: 'ey-1',
  startedAt: AT + 10,
  accepted: true,
  fault: undefined,
  status: 200,
  endedAt: AT + 290,
  clientLeftAt: undefined,
  bytesSent: 100,
  body: undefined,
  headers: {},
};

const LINE = { request_id: 'r1', number: 1, model: 'openai/chaos-0', outcome: 'answered' };

/** A good run of one request, with something changed. */
function evidenceOf(
  changes: Partial<Evidence> & {
    readonly seen?: Partial<Observation>;
    readonly asked?: Partial<ChaosRequest>;
    readonly called?: Partial<SimulatedCall>;
  } = {},
): Evidence {
  const { seen, asked, called, ...fields } = changes;
  return {
    observations: [{ ...SERVED, request: { ...REQUEST, ...asked }, ...seen }],
    spells: [{ from: AT - 60_000, to: AT + 60_000, troubles: [] }],
    kills: [],
    away: [],
    calls: [{ ...CALL, ...called }],
    lines: [LINE],
    logs: ['{"event":"routing_decision"}'],
    canary: CANARY,
    deadlineMs: 20_000,
    unnoticedMs: 0,
    candidatesByNonce: new Map([['n1', CHAT_MODELS.map(({ id }) => id)]]),
    breakerEvents: [],
    ...fields,
  };
}

const invariantsOf = (evidence: Evidence) => breachesOf(evidence).map((found) => found.invariant);

function troubles(...models: readonly string[]): Pick<Evidence, 'spells'> {
  const all = models.map(
    (model): Trouble => ({ model, fault: 'F31', probability: 1, keyTail: undefined }),
  );
  return { spells: [{ from: AT - 60_000, to: AT + 60_000, troubles: all }] };
}

const FIRST_THREE = CHAT_MODELS.slice(0, 3).map(({ id }) => id);
const LAST = 'google/chaos-5';
const justAnswered: SimulatedCall = {
  ...CALL,
  nonce: 'n0',
  model: 'chaos-5',
  startedAt: AT - 5000,
  endedAt: AT - 4000,
};
const twoLines = {
  lines: [LINE, { request_id: 'r0', number: 1, model: LAST, outcome: 'answered' }],
};

/** A failure of the first three, after the last one had answered a request. */
function failedBehind(earlier: Partial<Observation>): Parameters<typeof evidenceOf>[0] {
  const request = { ...REQUEST, nonce: 'n0' };
  const served = { ...SERVED, request, startedAt: AT - 5000, endedAt: AT - 4000, headers: {} };
  return {
    observations: [
      { ...served, ...earlier },
      { ...SERVED, ...FAILED },
    ],
    ...troubles(...FIRST_THREE),
    calls: [CALL, justAnswered],
    ...twoLines,
  };
}

describe('breachesOf', () => {
  it('finds nothing in a good run', () => {
    expect(breachesOf(evidenceOf())).toEqual([]);
  });

  it.each<[string, string, Parameters<typeof evidenceOf>[0]]>([
    ['1 rescue', 'a failure though one of the first three was well', { seen: FAILED }],
    ['1 rescue', 'a failure though one further behind had just answered', failedBehind({})],
    [
      '1 rescue',
      'a failure though the other key of the model was good',
      {
        seen: FAILED,
        spells: [
          {
            from: AT,
            to: AT,
            troubles: CHAT_MODELS.map(({ id: model }) => {
              return { model, fault: 'F04', probability: 1, keyTail: 'ey-1' };
            }),
          },
        ],
      },
    ],
    ['1 deadline', 'an answer behind the deadline', { seen: { endedAt: AT + 30_000 } }],
    ['2 allowed set', 'a call to a model that was not allowed', { asked: { allowed: [LAST] } }],
    ['3 books', 'a call that is in no book', { lines: [] }],
    ['3 books', 'a line without a call', { calls: [] }],
    ['3 books', 'a line that stands twice', { calls: [CALL, CALL], lines: [LINE, LINE] }],
    ['3 books', 'a line that nobody closed', { lines: [{ ...LINE, outcome: 'open' }] }],
    ['3 books', 'an orphan that nobody died for', { lines: [{ ...LINE, outcome: 'orphan' }] }],
    ['3 books', 'a line of another model', { lines: [{ ...LINE, model: LAST }] }],
    [
      '4 mixed bytes',
      'another text than was to be said',
      { seen: { heard: { text: 'one two four', isWhole: true, error: undefined } } },
    ],
    [
      '4 mixed bytes',
      'the words of two models',
      {
        asked: { says: undefined },
        seen: {
          status: 200,
          heard: {
            text: 'This is a, simulated. This is b, simulated.',
            isWhole: false,
            error: 'x',
          },
        },
        ...troubles(...CHAT_MODELS.map(({ id }) => id)),
      },
    ],
    [
      '4 silent truncation',
      'a stream that just ends',
      {
        asked: { isStream: true },
        seen: { heard: { text: 'one', isWhole: false, error: undefined } },
        ...troubles(...CHAT_MODELS.map(({ id }) => id)),
      },
    ],
    [
      '4 broken off',
      'a connection that breaks for no reason',
      {
        seen: { status: undefined, heard: undefined },
        ...troubles(...CHAT_MODELS.map(({ id }) => id)),
      },
    ],
    ['4 broken event', 'an event that is no JSON', { seen: { broken: 1 } }],
    ['5 canary', 'a secret in an answer', { seen: { raw: `{"message":"${CANARY}"}` } }],
    ['5 canary', 'a secret in a header', { seen: { headers: { 'x-why': CANARY } } }],
    ['5 canary', 'a secret in a log', { logs: [`provider said ${CANARY}`] }],
    ['5 canary', 'a prompt in a log', { logs: ['asked PROMPT-CANARY'] }],
    [
      '6 health',
      'a breaker that callers opened',
      {
        called: { fault: 'F25' },
        breakerEvents: [{ at: AT + 50, model: 'openai/chaos-0', state: 'open', isLease: false }],
      },
    ],
    [
      '7 leaving',
      'a call that outlives its caller',
      {
        asked: { leavesAfterMs: 100 },
        seen: { status: undefined, heard: undefined },
        called: { endedAt: AT + 9000 },
      },
    ],
    [
      '8 caller fault',
      'a caller at fault who is sent on to the next model',
      {
        asked: { callerFault: 'F25' },
        seen: { ...FAILED, status: 400 },
        calls: [1, 2].map((at) => ({ ...CALL, id: `${at}`, fault: 'F25' })),
        lines: [LINE, { ...LINE, number: 2 }],
      },
    ],
    [
      '8 caller fault',
      'a caller at fault who is told of ours',
      { asked: { callerFault: 'F25' }, seen: FAILED, called: { fault: 'F25' } },
    ],
    ['8 refusal', 'a call for what is to be refused', { asked: { refusal: 'no-tag' } }],
    [
      '8 refusal',
      'an answer to what is to be refused',
      { asked: { refusal: 'no-tag' }, calls: [], lines: [] },
    ],
    [
      'attempts',
      'a fifth call',
      {
        calls: [1, 2, 3, 4, 5].map((at) => ({ ...CALL, id: `${at}` })),
        lines: [1, 2, 3, 4, 5].map((number) => ({ ...LINE, number })),
      },
    ],
  ])('finds a breach of %s: %s', (invariant, _, changes) => {
    expect(new Set(invariantsOf(evidenceOf(changes)))).toEqual(new Set([invariant]));
  });

  it.each<[string, Parameters<typeof evidenceOf>[0]]>([
    ['no model was well', { ...troubles(...CHAT_MODELS.map(({ id }) => id)) }],
    ['its isolate was killed', { kills: [{ from: AT + 100, to: AT + 200 }] }],
    ['the provider spoke of the request', { called: { fault: 'F27' } }],
    ['only another isolate had an answer of a further model', failedBehind({ isolate: 1 })],
  ])('takes a failure for what it is where %s', (_, changes) => {
    expect(breachesOf(evidenceOf({ seen: FAILED, ...changes }))).toEqual([]);
  });

  it.each<[string, Partial<Observation>, string[]]>([
    ['and knew its model for it', {}, ['4 broken event']],
    ['where another isolate knew it', { isolate: 1 }, []],
    ['where the first such stream had not ended yet', { endedAt: AT + 1 }, []],
    ['where it was killed in between', { startedAt: AT - 9000, endedAt: AT - 8000 }, []],
  ])('judges an isolate that passed an event that cannot be read %s (F56)', (_, before, found) => {
    const request = { ...REQUEST, isStream: true };
    const first = { ...SERVED, request: { ...request, nonce: 'n0' }, broken: 0, headers: {} };
    const evidence = evidenceOf({
      observations: [
        { ...first, startedAt: AT - 900, endedAt: AT - 600, ...before },
        { ...SERVED, request, broken: 1 },
      ],
      kills: [{ from: AT - 7000, to: AT - 6900 }],
      calls: ['n0', 'n1'].map((nonce) => ({ ...CALL, nonce, fault: 'F56:event' })),
      lines: ['r0', 'r1'].map((request_id) => ({ ...LINE, request_id })),
    });

    expect(invariantsOf(evidence)).toEqual(found);
  });

  it('takes an orphan of a killed isolate for closed', () => {
    const kills = [{ from: AT + 100, to: AT + 200 }];
    const lines = [{ ...LINE, outcome: 'orphan' }];

    expect(breachesOf(evidenceOf({ kills, lines }))).toEqual([]);
  });
});
