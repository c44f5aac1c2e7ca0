import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/domain/journey.ts';
import { keepAlive } from '../../../src/ingest/keep-alive.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const COMMENT = ': waiting\n\n';

function anAnswer(text: string): Answer {
  const body = new Response(text).body;
  return { type: 'stream', body } as Answer; // nothing else of it is looked at
}

function open() {
  const clock = new FakeClock();
  const openPipe = () => new TransformStream<Uint8Array, Uint8Array>();
  const later = async (ms: number, settle: () => Answer): Promise<Answer> => {
    await clock.wait(ms);
    return settle();
  };
  const frameOf = (error: unknown): string => `error ${(error as Error).message}\n\n`;
  const wait = (answer: Promise<Answer>) => keepAlive(answer, { clock, openPipe }, frameOf);
  return { clock, later, wait };
}

describe('keepAlive', () => {
  it('gives an answer as it is when it begins in time', async () => {
    const { clock, later, wait } = open();
    const answer = anAnswer('Hello');

    expect(await clock.run(wait(later(9000, () => answer)))).toBe(answer);
    expect(clock.waiting).toBe(0);
  });

  it('throws what an early answer throws, so that the status can say it', async () => {
    const { clock, later, wait } = open();
    const failing = later(9000, () => {
      throw new Error('no');
    });

    await expect(clock.run(wait(failing))).rejects.toThrow('no');
  });

  it('begins with a comment each 10 s, which commits to nothing (F48)', async () => {
    const { clock, later, wait } = open();

    const early = await clock.run(wait(later(25_000, () => anAnswer('Hello'))));

    if (!('done' in early)) throw new Error('expected an early stream');
    const text = await clock.run(new Response(early.body).text());
    expect(text).toBe(`${COMMENT}${COMMENT}Hello`);
    await early.done;
    expect(clock.waiting).toBe(0);
  });

  it('ends with an error frame when nobody answers', async () => {
    const { clock, later, wait } = open();
    const failing = later(15_000, () => {
      throw new Error('nobody');
    });

    const early = await clock.run(wait(failing));

    if (!('done' in early)) throw new Error('expected an early stream');
    expect(await clock.run(new Response(early.body).text())).toBe(`${COMMENT}error nobody\n\n`);
  });
});
