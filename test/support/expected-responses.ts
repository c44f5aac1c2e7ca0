import type { AnswerFacts } from './answer-facts.ts';
import { parsed } from './answer-facts.ts';

// biome-ignore lint/suspicious/noExplicitAny: raw JSON of a recording, read without any schema
type Raw = any;

/**
 * What a recorded answer of the Responses API says: the whole answer, or the events of a stream, whose
 * last one holds the whole that the pieces before it must add up to.
 */
export function expectedResponse(objects: readonly Raw[]): AnswerFacts {
  const response = objects.findLast((event) => event.response)?.response ?? objects[0];
  const items: Raw[] = response.output;
  const of = (type: string): Raw[] => items.filter((item) => item.type === type);
  const contents: Raw[] = of('message').flatMap(({ content }) => content);
  const calls = of('function_call');
  const thoughts = carriedIn(objects) ?? of('reasoning');
  return {
    upstreamId: response.id,
    upstreamModel: response.model,
    text: contents.map(({ text }) => text ?? '').join(''),
    reasoning: of('reasoning').map(thoughtOf).join(''),
    refusal: contents.map(({ refusal }) => refusal ?? '').join(''),
    toolCalls: calls.map(({ call_id: id, name, arguments: json }) => {
      return { id, name, arguments: parsed(json) };
    }),
    citations: contents.flatMap(({ annotations }) =>
      (annotations ?? []).map(({ url }: Raw) => url),
    ),
    signatures: thoughts.map(({ encrypted_content: encrypted }) => encrypted).filter(Boolean),
    finish: finishOf(response, calls.length > 0),
    usage: usageOf(response.usage),
  };
}

/** Each item's end: OpenAI encrypts the same reasoning anew for the last event, and both are good. */
function carriedIn(objects: readonly Raw[]): readonly Raw[] | undefined {
  const ends = objects.filter(({ type }) => type === 'response.output_item.done');
  if (ends.length === 0) return undefined;
  return ends.map(({ item }) => item).filter(({ type }) => type === 'reasoning');
}

function thoughtOf({ content, summary }: Raw): string {
  const pieces = content?.length > 0 ? content : summary;
  return pieces.map(({ text }: Raw) => text).join('\n\n');
}

function finishOf({ status, incomplete_details: details }: Raw, hasCalls: boolean) {
  if (status === 'incomplete') return { unified: 'length', raw: details.reason };
  return { unified: hasCalls ? 'tool-calls' : 'stop', raw: status };
}

function usageOf(usage: Raw): AnswerFacts['usage'] {
  return {
    input: usage.input_tokens,
    output: usage.output_tokens,
    cacheRead: usage.input_tokens_details.cached_tokens,
    cacheWrite: usage.input_tokens_details.cache_write_tokens,
    reasoning: usage.output_tokens_details.reasoning_tokens,
  };
}
