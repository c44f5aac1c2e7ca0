import { inputTokensOf } from '../../domain/response.ts';
import { toCost } from '../cost.ts';
import type { DialectRequest, OutgoingAnswer } from '../dialect.ts';
import { inFormat } from './vectors.ts';

/** The answer as a list of vectors, in the form that the caller asked for. */
export function toEmbeddingsBody(answer: OutgoingAnswer, { conversation }: DialectRequest): string {
  const { head, response, bill, routing } = answer;
  const format = conversation.embedding?.encodingFormat ?? 'float';
  const tokens = inputTokensOf(bill.usage) ?? 0;
  return JSON.stringify({
    object: 'list',
    data: (response.vectors ?? []).map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: inFormat(vector, format),
    })),
    model: head.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens, ...toCost(bill) },
    ...(routing === undefined ? {} : { routing }),
  });
}
