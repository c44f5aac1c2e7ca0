import type { EmbeddingRequirement, RejectionReason } from '../domain/decision.ts';
import type { RoutableModel } from '../domain/model.ts';

/** The tokenizer that OpenAI's models for embeddings share, and that callers cut texts with. */
const OPENAI_EMBEDDING_TOKENIZER = 'cl100k';
/** How long vectors are where an entry does not say. */
const USUAL_DIMENSIONS = 1536;
/**
 * So many numbers an answer may have: it is held as a whole, and an isolate has 128 MB. As text a number
 * takes about 20 bytes, in base64 less than six.
 */
const MOST_NUMBERS = { float: 1_000_000, base64: 3_200_000 };

/** Why a model that makes vectors cannot make these; undefined where it can. */
export function vectorFault(
  { capability, entry }: RoutableModel,
  asked: EmbeddingRequirement,
): readonly [RejectionReason, string] | undefined {
  const { embedding: can } = capability;
  if (can === undefined) return undefined;
  const { inputs, dimensions, isTokenized, format } = asked;
  if (isTokenized && entry.tokenizer.family !== OPENAI_EMBEDDING_TOKENIZER) {
    return ['no-token-input', 'takes texts only, not their tokens'];
  }
  if (inputs > can.inputs) return ['too-many-inputs', `takes ${can.inputs} texts, not ${inputs}`];
  if (dimensions !== undefined && dimensions > (can.dimensions ?? 0)) {
    const length = can.dimensions === undefined ? 'of one length' : `of up to ${can.dimensions}`;
    return ['wrong-dimensions', `makes vectors ${length}, not of ${dimensions} dimensions`];
  }
  const most = Math.floor(
    MOST_NUMBERS[format] / (dimensions ?? can.dimensions ?? USUAL_DIMENSIONS),
  );
  if (inputs <= most) return undefined;
  return ['too-many-inputs', `${most} of its vectors fit into one answer as ${format}`];
}
