import type { EmbeddingPrompt } from './prompt.ts';

const USUAL_DIMENSIONS = 1536;
const WORD = /[\p{L}\p{N}]+/gu;

/**
 * A vector of length 1 for each text: each word adds to one dimension, so that texts with the same
 * words are near each other, and the same text always gives the same vector.
 */
export function vectorsFor({ inputs, dimensions = USUAL_DIMENSIONS }: EmbeddingPrompt): number[][] {
  return inputs.map((text) => {
    const vector = Array.from({ length: dimensions }, () => 0);
    for (const [word] of text.toLowerCase().matchAll(WORD)) {
      const place = hashOf(word) % dimensions;
      vector[place] = (vector[place] ?? 0) + 1;
    }
    const length = Math.hypot(...vector);
    return length === 0 ? unit(dimensions) : vector.map((value) => value / length);
  });
}

function unit(dimensions: number): number[] {
  return Array.from({ length: dimensions }, (_, at) => Number(at === 0));
}

function hashOf(word: string): number {
  let hash = 5381;
  for (let at = 0; at < word.length; at++) hash = (hash * 33 + word.charCodeAt(at)) % 4_294_967_291;
  return hash;
}

/** Little-endian floats of 32 bits. */
export function toBase64(vector: readonly number[]): string {
  const buffer = Buffer.alloc(vector.length * 4);
  for (const [at, value] of vector.entries()) buffer.writeFloatLE(value, at * 4);
  return buffer.toString('base64');
}
