import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, read } from '../stage.ts';
import type { Dialect, Heard } from './callers.ts';
import { openPairs, type Pairs, TEXT, WAYS } from './ways.ts';

const TWO_THIRDS = { share: 2 / 3 };
/** Generous for a gap on a busy machine, and short to wait for. */
const IDLE_MS = 1500;

let pairs: Pairs;
beforeAll(async () => {
  pairs = await openPairs({
    cut: { fault: 'F52', settings: TWO_THIRDS },
    differing: { fault: 'F52', settings: TWO_THIRDS },
    stalled: { fault: 'F54', settings: TWO_THIRDS },
    stuck: { fault: 'F54', settings: TWO_THIRDS },
    ended: { fault: 'F53' },
    open: { fault: 'F53', settings: { staysOpen: true } },
    reported: { fault: 'F51', settings: TWO_THIRDS },
    garbled: { fault: 'F56:event' },
  });
});
afterAll(() => pairs.stage.close());

const FINISHES: Readonly<Record<Dialect, string>> = {
  chat: 'stop',
  messages: 'end_turn',
  responses: 'completed',
};

/** The code of what the official client threw; its own class of error and no other. */
function codeOf({ error }: Heard, dialect: Dialect): unknown {
  expect(error).toBeInstanceOf(dialect === 'messages' ? Anthropic.APIError : OpenAI.APIError);
  const { code, errorCode } = error as { code?: string; errorCode?: string }; // as our frames have it
  return code ?? errorCode;
}

type Generation = {
  readonly outcome: string;
  readonly errorCode?: string;
  readonly lines: readonly { readonly attempt: { readonly outcome: { readonly type: string } } }[];
};

async function booked({ headers }: Heard): Promise<Generation> {
  const path = `/v1/generations/${headers.get('x-router-request-id')}`;
  const find = () => read<Generation>(pairs.stage, path);
  await eventually(() => find().then(Boolean, () => false));
  return await find();
}

const BEGINNING = /^This is /;
const BROKEN_OFF = { outcome: { type: 'failed', failure: { kind: 'mid-stream' } } };

describe.concurrent.each(WAYS)('a stream in $dialect, $relay', (way) => {
  const { dialect, relay } = way;
  const whole = { text: TEXT, error: undefined, sent: 1, finish: FINISHES[dialect] };

  it('F52 is made whole by the next model that says the same, where it is cut', async () => {
    expect(await pairs.ask('cut', way)).toMatchObject(whole);
    expect(pairs.called('cut', way)).toEqual(['first', 'first', 'next']);
  });

  it('F52 throws in the client where it is cut and the next model says something else', async () => {
    // Without words to say, each model names itself.
    const heard = await pairs.ask('differing', way, { prompt: 'Hello' });

    expect(codeOf(heard, dialect)).toBe('upstream_stream_error');
    expect(heard).toMatchObject({ finish: undefined, sent: 1 });
    expect(heard.text).toMatch(BEGINNING);
    expect(pairs.called('differing', way)).toEqual(['first', 'first', 'next']);
    expect(await booked(heard)).toMatchObject({ errorCode: 'upstream_stream_error' });
  });

  it('F54 is made whole by the next model where it stalls, which is not asked again', async () => {
    const heard = await pairs.ask('stalled', way, { routing: { idleMs: IDLE_MS } });

    expect(heard).toMatchObject(whole);
    expect(pairs.called('stalled', way)).toEqual(['first', 'next']);
  });

  it('F54 throws in the client where it stalls and nobody may go on', async () => {
    const routing = { idleMs: IDLE_MS, onStreamBreak: 'error' };
    const heard = await pairs.ask('stuck', way, { routing });

    expect(codeOf(heard, dialect)).toBe('upstream_stalled');
    expect(TEXT.startsWith(heard.text)).toBe(true);
    expect(pairs.called('stuck', way)).toEqual(['first']);
  });

  it.each([
    ['ended', 'and the connection ends'],
    ['open', 'and the connection stays open'],
  ])('F53 is whole without the last word: %s, %s', async (kind) => {
    const heard = await pairs.ask(kind, way);

    expect(heard).toMatchObject(whole);
    expect(pairs.called(kind, way)).toEqual(['first']);
    const isAsked = dialect !== 'chat' || relay === 'untouched';
    expect(heard.usage?.output).toEqual(isAsked ? expect.any(Number) : undefined);
  });
});

describe.concurrent.each(WAYS.filter(({ relay }) => relay !== 'untouched'))(
  'a stream in $dialect, $relay',
  (way) => {
    const whole = { text: TEXT, error: undefined, sent: 1, finish: FINISHES[way.dialect] };

    it('F51 is made whole by the next model where the provider reports an error', async () => {
      const heard = await pairs.ask('reported', way);

      expect(heard).toMatchObject(whole);
      expect(pairs.called('reported', way)).toEqual(['first', 'first', 'next']);
      const { outcome, lines } = await booked(heard);
      expect(outcome).toBe('answered');
      expect(lines[0]?.attempt).toMatchObject(BROKEN_OFF);
    });

    it('F56 is whole without an event that cannot be read', async () => {
      expect(await pairs.ask('garbled', way)).toMatchObject(whole);
      expect(pairs.called('garbled', way)).toEqual(['first']);
    });
  },
);

/** The bytes have reached the caller before anybody of ours has looked at them. */
describe.concurrent.each(WAYS.filter(({ relay }) => relay === 'untouched'))(
  'a stream in $dialect, untouched',
  (way) => {
    const whole = { text: TEXT, error: undefined, sent: 1, finish: FINISHES[way.dialect] };

    it('F51 throws in the client where the provider reports an error', async () => {
      const heard = await pairs.ask('reported', way);

      codeOf(heard, way.dialect);
      expect(TEXT.startsWith(heard.text)).toBe(true);
      expect(heard.text.length).toBeGreaterThan(10);
      expect(pairs.called('reported', way)).toEqual(['first']);
      const { outcome, errorCode, lines } = await booked(heard);
      expect([outcome, errorCode]).toEqual(['failed', 'upstream_stream_error']);
      expect(lines.map(({ attempt }) => attempt)).toMatchObject([BROKEN_OFF]);
    });

    it('F56 is whole from the second time on that its model sends an event that cannot be read', async () => {
      // The OpenAI client throws and leaves; the meter has to learn of the event all the same.
      await booked(await pairs.ask('garbled', way));
      const second = await pairs.ask('garbled', way);

      expect(second).toMatchObject(whole);
      expect(pairs.called('garbled', way)).toEqual(['first', 'first']);
    });
  },
);
