import { describe, expect, it } from 'vitest';
import { estimateLines, type Progress } from '../../../src/cli/estimate-lines.ts';

async function* inPieces(text: string, length: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}

/** What comes out for a file in pieces, how far it says it is, and what it throws at the end. */
async function estimate(text: string, pieceLength = 10) {
  const estimates: unknown[] = [];
  const progress: Progress[] = [];
  let fault: unknown;
  try {
    const lines = estimateLines(inPieces(text, pieceLength), (note) => progress.push(note));
    for await (const line of lines) estimates.push(JSON.parse(line));
  } catch (error) {
    fault = error;
  }
  return { estimates, progress, fault };
}

describe('estimateLines', () => {
  it('gives each text an estimate and an upper bound for four families', async () => {
    const tokens = expect.any(Number);

    const { estimates } = await estimate('{"id":"a","text":"Hello, world!","domain":"chat"}\n');

    expect(estimates).toEqual([
      {
        id: 'a',
        estimate: { o200k_base: 4, cl100k_base: tokens, llama3: tokens, gemma: tokens },
        upper: { o200k_base: tokens, cl100k_base: tokens, llama3: tokens, gemma: tokens },
      },
    ]);
  });

  it('reads the same lines however the file comes in pieces', async () => {
    const lines = '\uFEFF{"id":1,"text":"a\u2028b"}\r\n\n{"id":2,"text":"é"}\n{"id":3,"text":""}';
    const whole = await estimate(lines, lines.length);

    expect(whole.estimates).toMatchObject([{ id: 1 }, { id: 2 }, { id: 3, upper: { gemma: 0 } }]);
    for (const length of [1, 2, 7]) expect(await estimate(lines, length)).toEqual(whole);
  });

  it.each([
    ['is no JSON', '{"id":', 'line 2: not JSON'],
    ['has no text', '{"id":"b"}', 'line 2: text: Invalid input'],
    ['has no id', '{"text":"b"}', 'line 2: id: Invalid input'],
    ['is no object', '7', 'line 2: Invalid input'],
  ])('names the line that %s, behind what it had read', async (_, line, message) => {
    const { estimates, fault } = await estimate(`{"id":"a","text":"x"}\n${line}\n`);

    expect(String(fault)).toContain(message);
    expect(estimates).toHaveLength(1);
  });

  it('tells how far it is', async () => {
    const { progress } = await estimate('{"id":1,"text":"abc"}\n{"id":2,"text":"de"}\n');

    expect(progress).toEqual([
      { texts: 1, characters: 3 },
      { texts: 2, characters: 5 },
    ]);
  });
});
