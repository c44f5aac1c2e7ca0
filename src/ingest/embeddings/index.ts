import type { DialectDoor } from '../dialect.ts';
import { readEmbeddingsRequest } from './request.ts';
import { toEmbeddingsBody } from './response.ts';

/** OpenAI's Embeddings as callers speak it. */
export const embeddings: DialectDoor = {
  dialect: 'openai-embeddings',
  readRequest: (body) => readEmbeddingsRequest(body),
  toBody: toEmbeddingsBody,
  toErrorFrame: notStreamed,
  openWriter: notStreamed,
  editEvent: notStreamed,
};

/** No request of this dialect asks for a stream. */
function notStreamed(): never {
  throw new Error('vectors are not streamed');
}
