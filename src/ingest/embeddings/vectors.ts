import type { EmbeddingTask } from '../../domain/conversation.ts';
import type { Vector } from '../../domain/response.ts';

/** A vector in the form that the caller asked for; most come in it already. */
export function inFormat(vector: Vector, format: EmbeddingTask['encodingFormat']): Vector {
  if (format === 'base64') return typeof vector === 'string' ? vector : toBase64(vector);
  return typeof vector === 'string' ? fromBase64(vector) : vector;
}

const BYTES_PER_NUMBER = 4;
/** Text is made of so many bytes at once: functions take a limited number of arguments. */
const BYTES_AT_ONCE = 8192;

function toBase64(vector: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(vector.length * BYTES_PER_NUMBER));
  for (const [at, value] of vector.entries()) view.setFloat32(at * BYTES_PER_NUMBER, value, true);
  const bytes = new Uint8Array(view.buffer);
  let text = '';
  for (let at = 0; at < bytes.length; at += BYTES_AT_ONCE) {
    text += String.fromCharCode(...bytes.subarray(at, at + BYTES_AT_ONCE));
  }
  return btoa(text);
}

function fromBase64(base64: string): readonly number[] {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const length = Math.floor(bytes.length / BYTES_PER_NUMBER);
  return Array.from({ length }, (_, at) => view.getFloat32(at * BYTES_PER_NUMBER, true));
}
