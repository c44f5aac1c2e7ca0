import { describe, expect, it, vi } from 'vitest';
import { modelIdSchema } from '../../../src/domain/model.ts';
import { background, clock, openPipe, random } from '../../../src/platform/isolate.ts';
import { IsolateFraming, IsolateLatencies } from '../../../src/platform/isolate-measures.ts';

describe('clock.wait', () => {
  it('resolves after the time', async () => {
    const before = clock.now();

    await clock.wait(50);

    expect(clock.now() - before).toBeGreaterThanOrEqual(45);
  });

  it('resolves early when the signal aborts, and at once when it has', async () => {
    const leaving = new AbortController();
    const waiting = clock.wait(60_000, leaving.signal);

    leaving.abort();

    await waiting;
    await clock.wait(60_000, leaving.signal);
  });
});

describe('random', () => {
  it('gives ids of 32 hexadecimal digits, each another', () => {
    const ids = Array.from({ length: 1000 }, () => random.id());

    expect(new Set(ids).size).toBe(1000);
    expect(ids.every((id) => ID.test(id))).toBe(true);
  });

  it('gives ratios from 0 to 1', () => {
    const ratios = Array.from({ length: 1000 }, () => random.ratio());

    expect(Math.min(...ratios)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...ratios)).toBeLessThan(1);
  });
});

const ID = /^[0-9a-f]{32}$/;

describe('background.run', () => {
  it('logs that work failed, and not with what', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);

    background.run(Promise.reject(new Error('a text of somebody')));

    await vi.waitFor(() => expect(log).toHaveBeenCalled());
    expect(log.mock.calls).toEqual([['{"event":"platform_fault","part":"background"}']]);
    log.mockRestore();
  });
});

describe('openPipe', () => {
  it('takes native pipes, and a writer behind them', async () => {
    const pipe = openPipe();
    const text = new Response(pipe.readable).text();

    const source = new Response('one ').body;
    await source?.pipeTo(pipe.writable, { preventClose: true });
    const writer = pipe.writable.getWriter();
    await writer.write(new TextEncoder().encode('two'));
    await writer.close();

    expect(await text).toBe('one two');
  });
});

describe('IsolateLatencies', () => {
  const model = modelIdSchema.parse('openai/measured');

  it('says nothing until it has seen five calls', () => {
    const latencies = new IsolateLatencies();
    for (let call = 0; call < 4; call++) latencies.record(model, 100);
    expect(latencies.expected(model)).toBeUndefined();

    latencies.record(model, 100);

    expect(latencies.expected(model)).toBe(100);
  });

  it('follows a model that has become slow', () => {
    const latencies = new IsolateLatencies();
    for (let call = 0; call < 20; call++) latencies.record(model, 100);

    for (let call = 0; call < 10; call++) latencies.record(model, 1000);

    expect(latencies.expected(model)).toBeGreaterThan(850);
    expect(latencies.expected(model)).toBeLessThan(1000);
  });
});

describe('IsolateFraming', () => {
  it('doubts a model for an hour behind a broken event', () => {
    const time = { ...clock, at: 0, now: () => time.at };
    const framing = new IsolateFraming(time);
    const model = modelIdSchema.parse('openai/broken');
    framing.noteBroken(model);

    const doubts = [0, 3_599_999, 3_600_000].map((at) => {
      time.at = at;
      return framing.isDoubtful(model);
    });

    expect(doubts).toEqual([true, true, false]);
    expect(framing.isDoubtful(modelIdSchema.parse('openai/other'))).toBe(false);
  });
});
