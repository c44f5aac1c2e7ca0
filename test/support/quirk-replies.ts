import type { AttemptFailure } from '../../src/domain/failure.ts';
import type { Wire } from '../../src/domain/model.ts';
import type { ModelStreamPart } from '../../src/domain/response.ts';
import { adapterOf } from '../../src/providers/index.ts';
import { type AnswerFacts, factsOfParts, factsOfResponse } from './answer-facts.ts';
import { aCall, aConversation, aModel } from './builders.ts';
import { partsOfPieces } from './recorded-call.ts';

/* Hand-written answers of one provider, for what no recording shows. */

export type Speaking = { readonly wire?: Wire; readonly provider?: string };

function callTo({ wire, provider = 'openai' }: Speaking, stream: boolean) {
  const model = aModel(`${provider}/some-model`, wire === undefined ? {} : { wire });
  return aCall({ model, conversation: aConversation({ stream }) });
}

/** The facts of a whole answer, or the class of what is none. */
export function answerOf(body: unknown, speaking: Speaking = {}): AnswerFacts | AttemptFailure {
  const call = callTo(speaking, false);
  const response = adapterOf(call.model.wire).fromResponse(JSON.stringify(body), call);
  return 'kind' in response ? response : factsOfResponse(response);
}

/** The parts of a stream, given as its text. */
export function partsOf(text: string, speaking: Speaking = {}): ModelStreamPart[] {
  const call = callTo(speaking, true);
  return partsOfPieces(adapterOf(call.model.wire).openStream(call), [
    new TextEncoder().encode(text),
  ]);
}

export function streamFactsOf(text: string, speaking: Speaking = {}): AnswerFacts {
  return factsOfParts(partsOf(text, speaking));
}

/** Events around JSON, as all but a few providers send them. */
export function sse(...events: readonly unknown[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
}

/** One chunk of Chat Completions. */
export function chunk(delta: unknown, more: object = {}, finish: string | null = null) {
  return { id: 'c1', model: 'm', choices: [{ index: 0, delta, finish_reason: finish }], ...more };
}

/** A whole Chat Completions answer. */
export function completion(message: unknown, more: object = {}, finish = 'stop') {
  return { id: 'c1', model: 'm', choices: [{ index: 0, message, finish_reason: finish }], ...more };
}
