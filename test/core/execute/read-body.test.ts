import { describe, expect, it } from 'vitest';
import { readBody } from '../../../src/execute/read-body.ts';

const encoder = new TextEncoder();

/** A body of these pieces, and whether it was let go. */
function aBody(pieces: readonly Uint8Array[], isOpen = false) {
  const body = { wasCancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(piece);
      if (!isOpen) controller.close();
    },
    cancel: () => {
      body.wasCancelled = true;
    },
  });
  return Object.assign(body, { stream });
}

const limits = { maxBytes: 10, signal: new AbortController().signal };

describe('readBody', () => {
  it('joins characters that are cut between two pieces', async () => {
    const bytes = encoder.encode('añ€');
    const body = aBody([...bytes].map((byte) => Uint8Array.of(byte)));

    expect(await readBody(body.stream, limits)).toEqual({ text: 'añ€', isWhole: true });
  });

  it('takes no body for an empty one', async () => {
    expect(await readBody(null, limits)).toEqual({ text: '', isWhole: true });
  });

  it('reads up to the limit and one piece beyond, and lets go of the rest (F40)', async () => {
    const body = aBody(
      ['12345678', '90a', 'bcdef', 'ghi'].map((text) => encoder.encode(text)),
      true,
    );

    expect(await readBody(body.stream, limits)).toEqual({ text: '1234567890a', isWhole: false });
    expect(body.wasCancelled).toBe(true);
  });

  it('takes a body of exactly the limit', async () => {
    const body = aBody([encoder.encode('1234567890')]);

    expect((await readBody(body.stream, limits)).isWhole).toBe(true);
  });

  it('ends with the signal, and lets go of the body', async () => {
    const body = aBody([encoder.encode('1')], true);
    const controller = new AbortController();
    const reading = readBody(body.stream, { maxBytes: 10, signal: controller.signal });
    controller.abort(new Error('over'));

    await expect(reading).rejects.toThrow('over');
    expect(body.wasCancelled).toBe(true);
  });
});
