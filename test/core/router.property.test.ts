import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, RouterError } from '../../src/domain/errors.ts';
import type { Answer } from '../../src/domain/journey.ts';
import { routingConfigSchema } from '../../src/domain/routing-config.ts';
import { MAX_ATTEMPTS } from '../../src/execute/next-step.ts';
import { aModel } from '../support/builders.ts';
import { isWhole, scriptOf, someFates } from '../support/faults.ts';
import { aRouter } from '../support/journeys.ts';
import { readText } from '../support/read-text.ts';

/** All speak the same wire, in the three ways in which a stream can reach a caller. */
const IDS = ['openai/m1', 'groq/m2', 'mistral/m3', 'openai/m4', 'groq/m5'];

const wishes = fc.record({
  onStreamBreak: fc.constantFrom('resume' as const, 'error' as const),
  onContentFilter: fc.constantFrom('pass' as const, 'fallback' as const),
  deadlineMs: fc.constantFrom(3000, 20_000, 600_000),
  idleMs: fc.constantFrom(1000, 30_000),
  hedge: fc.boolean(),
  isRetry: fc.boolean(),
});

const fallbacks = fc
  .record({ enabled: fc.constantFrom(true, true, true, false), maxRetries: fc.nat(3) })
  .map((fallback) => ({ fallback }));

const weathers = fc.boolean().chain((isStream) =>
  fc.record({
    isStream: fc.constant(isStream),
    fates: someFates(isStream),
    models: fc.integer({ min: 1, max: IDS.length }),
    routing: fallbacks,
    wishes,
    keys: fc.constantFrom(['key-1'], ['key-1', 'key-2']),
    dialect: fc.constantFrom('openai-chat' as const, 'anthropic-messages' as const),
    wantsUsage: fc.boolean(),
    /** Whether all models say the same, so that one can go on where another broke. */
    areAlike: fc.boolean(),
    leavesAfterMs: fc.option(fc.constantFrom(0, 30, 700, 5000), { freq: 4, nil: undefined }),
  }),
);
type Weather = typeof weathers extends fc.Arbitrary<infer Value> ? Value : never;

const ALIKE = 'abcdef';

/** What the call of this number says: its own letter again and again, or the same as all others. */
function textOf(weather: Weather, at: number): string {
  return weather.areAlike ? ALIKE : (ALIKE[at] ?? 'z').repeat(ALIKE.length);
}

/** Lives through one request to the end of its books, or until the caller has left. */
async function live(weather: Weather) {
  const models = IDS.slice(0, weather.models).map((id) => aModel(id));
  const world = aRouter(models, (_, at) => {
    const fate = weather.fates[at];
    return fate && scriptOf(fate, textOf(weather, at));
  });
  const { ports, router, journeyOf } = world;
  ports.keys.ids = weather.keys;
  const { registry } = ports.registry;
  ports.registry.registry = { ...registry, routing: routingConfigSchema.parse(weather.routing) };
  const startedAt = ports.clock.now();
  const over = new AbortController();
  if (weather.leavesAfterMs !== undefined) {
    void ports.clock.wait(weather.leavesAfterMs, over.signal).then(world.leave);
  }
  const journey = journeyOf({
    ...weather.wishes,
    conversation: { stream: weather.isStream },
    caller: { dialect: weather.dialect, wantsUsage: weather.wantsUsage },
  });
  const go = async (): Promise<{ answer?: Answer; error?: unknown; text?: string }> => {
    try {
      const answer = await router.answer(journey);
      if (answer.type === 'whole') return { answer };
      return { answer, text: await readText(answer.body) };
    } catch (error) {
      return { error };
    } finally {
      await Promise.all(ports.background.work);
    }
  };
  const outcome = await ports.clock.run(go());
  over.abort();
  return { ...outcome, ports, tookMs: ports.clock.now() - startedAt };
}
type Life = Awaited<ReturnType<typeof live>>;
type Check = (life: Life, weather: Weather) => void;

/** The meter of a native stream looks four times a second. */
const SLACK_MS = 250;
const LAST_WORDS = /(?:\[DONE\]\n\n|terminal event\n|finish \{.*\}\n|error [a-z_]+\n)$/;
/** A fault in the provider's own words, or half an event: both may pass where bytes pass untouched. */
const BROKEN_EVENT = /data: \{"error"|\{"del(?!ta)/;
const SAID = /"(?:content|text)":"([a-z]*)"/g;

const INVARIANTS: Readonly<Record<string, Check>> = {
  'there is one record, and in it one line for each call that was made': ({ ports }) => {
    const lines = ports.ledger.entries.flatMap((entry) => entry.lines);
    const numbers = lines.map(({ attempt }) => attempt.number).sort();
    expect(ports.ledger.entries).toHaveLength(1);
    expect(ports.points.entries).toEqual(ports.ledger.entries);
    expect(numbers).toEqual(ports.transport.calls.map((_, at) => at + 1));
    expect(ports.ledger.opened.map(({ number }) => number).sort()).toEqual(numbers);
  },

  'there are four calls at the most': ({ ports }) => {
    expect(ports.transport.calls.length).toBeLessThanOrEqual(MAX_ATTEMPTS);
  },

  'nothing goes on behind the deadline': ({ tookMs }, { wishes: { deadlineMs } }) => {
    expect(tookMs).toBeLessThanOrEqual(deadlineMs + SLACK_MS);
  },

  'every permit is answered exactly once': ({ ports }) => {
    const answers = ports.breakers.permits.map((permit) =>
      permit.answers.filter((answer) => answer !== 'slow'),
    );
    expect(answers.map(({ length }) => length)).toEqual(answers.map(() => 1));
  },

  'no timer and no call is left behind': ({ ports }) => {
    expect(ports.clock.waiting).toBe(0);
    expect(ports.transport.calls.map(({ body }) => body)).not.toContain('open');
  },

  'a stream ends with the last word of its dialect or with an error frame': (life, weather) => {
    if (life.text === undefined || weather.leavesAfterMs !== undefined) return;
    expect(life.text).toMatch(LAST_WORDS);
  },

  'a caller never gets the words of two answers': ({ text = '' }, weather) => {
    const said = Array.from(text.matchAll(SAID), ([, letters]) => letters).join('');
    if (weather.areAlike) expect(ALIKE.startsWith(said)).toBe(true);
    else expect(new Set(said).size).toBeLessThanOrEqual(1);
  },

  'nothing is said behind an event that broke': ({ text = '' }) => {
    const at = text.search(BROKEN_EVENT);
    if (at >= 0) expect(text.slice(at).match(SAID)).toBeNull();
  },

  'no call that stopped short is taken for answered': ({ ports }, { fates }) => {
    const lines = ports.ledger.entries.flatMap((entry) => entry.lines);
    const answered = lines.filter(({ attempt }) => attempt.outcome.type === 'answered');
    const answering = answered.map(({ attempt }) => fates[attempt.number - 1]);
    expect(answering.filter((fate) => fate === undefined || !isWhole(fate))).toEqual([]);
  },

  'a failure is an error of ours, and the record says the same': ({ error, ports }) => {
    if (error === undefined) return;
    if (!(error instanceof RouterError)) throw error;
    expect(ERROR_CODES).toContain(error.code);
    expect(ports.ledger.entries[0]?.errorCode).toBe(error.code);
  },

  'a caller who stays and is answered is booked as answered': (life, weather) => {
    if (life.answer?.type !== 'whole' || weather.leavesAfterMs !== undefined) return;
    expect(life.ports.ledger.entries[0]).toMatchObject({
      outcome: 'answered',
      servedModel: life.answer.head.model,
      costNanoUsd: expect.any(Number),
    });
  },
};

describe('MultiModelRouter, whatever the providers do', () => {
  it('holds every invariant', { timeout: 120_000 }, async () => {
    const seen = { answered: 0, failed: 0, streamed: 0 };
    await fc.assert(
      fc.asyncProperty(weathers, async (weather) => {
        const life = await live(weather);
        seen[life.answer === undefined ? 'failed' : 'answered'] += 1;
        if (life.text !== undefined) seen.streamed += 1;
        for (const check of Object.values(INVARIANTS)) check(life, weather);
      }),
      { numRuns: 400 },
    );

    // Weather of all kinds: neither always fair nor always foul.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(40);
  });
});
