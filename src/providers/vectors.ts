import type { EmbeddingTask } from '../domain/conversation.ts';
import type { AttemptFailure } from '../domain/failure.ts';
import type { Vector } from '../domain/response.ts';
import { malformed } from './malformed.ts';

/** One for each input and as long as asked, or the fault of an answer that is not. */
export function checkVectors(
  vectors: readonly Vector[],
  { inputs, dimensions }: EmbeddingTask,
): AttemptFailure | undefined {
  if (vectors.length !== inputs.length) {
    return malformed(`the answer has ${vectors.length} vectors for ${inputs.length} texts`);
  }
  const wrong = vectors.map(lengthOf).find((length) => length !== (dimensions ?? length));
  if (wrong === undefined && vectors.every((vector) => lengthOf(vector) > 0)) return undefined;
  return malformed(`the answer has a vector of ${wrong ?? 0} dimensions`);
}

const BYTES_PER_NUMBER = 4;
const BASE64_CHARACTERS = 4;
const BASE64_BYTES = 3;

function lengthOf(vector: Vector): number {
  if (typeof vector !== 'string') return vector.length;
  const padding = vector.endsWith('==') ? 2 : Number(vector.endsWith('='));
  const bytes = (vector.length / BASE64_CHARACTERS) * BASE64_BYTES - padding;
  return bytes / BYTES_PER_NUMBER;
}

/** Vectors of signed bytes as numbers. */
export function fromSignedBytes(base64: string): readonly number[] {
  return Array.from(new Int8Array(bytesOf(base64).buffer));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The same direction at length 1, which OpenAI's vectors have and callers reckon with. */
export function normalized(vector: readonly number[]): readonly number[] {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
