import type { AnswerDigest } from './answer-digest.ts';
import { parsed } from './answer-digest.ts';
import { isStream, type Recording } from './recordings.ts';

// biome-ignore lint/suspicious/noExplicitAny: raw JSON of a recording, read without any schema
type Raw = any;

/**
 * What a recorded answer of the Responses API says, read from its raw JSON with nothing of the adapter:
 * of a stream from the whole response in its last event, which the pieces before must add up to.
 */
export function expectedResponse(recording: Recording): AnswerDigest {
  const { body } = recording.response;
  const events = isStream(recording) ? eventsIn(body) : [];
  const response: Raw = isStream(recording) ? lastResponseIn(events) : JSON.parse(body);
  const items: Raw[] = response.output;
  const of = (type: string): Raw[] => items.filter((item) => item.type === type);
  const contents: Raw[] = of('message').flatMap(({ content }) => content);
  const calls = of('function_call');
  return {
    text: contents.map(({ text }) => text ?? '').join(''),
    reasoning: of('reasoning').map(thoughtOf).join(''),
    refusal: contents.map(({ refusal }) => refusal ?? '').join(''),
    toolCalls: calls.map(({ call_id: id, name, arguments: json }) => ({
      id,
      name,
      args: parsed(json),
    })),
    citations: contents.flatMap(({ annotations }) => (annotations ?? []).map(sourceOf)),
    carried: (carriedIn(events) ?? of('reasoning')).flatMap(
      ({ id, encrypted_content: encrypted }) =>
        encrypted ? [{ 'openai-responses': { id, encrypted_content: encrypted } }] : [],
    ),
    finish: finishOf(response, calls.length > 0),
    usage: usageOf(response.usage),
  };
}

function eventsIn(body: string): readonly Raw[] {
  return body
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)));
}

function lastResponseIn(events: readonly Raw[]): Raw {
  return events.findLast(({ response }) => response !== undefined).response;
}

/** Each item's end: OpenAI encrypts the same reasoning anew for the last event, and both are good. */
function carriedIn(events: readonly Raw[]): readonly Raw[] | undefined {
  if (events.length === 0) return undefined;
  const ends = events.filter(({ type }) => type === 'response.output_item.done');
  return ends.map(({ item }) => item).filter(({ type }) => type === 'reasoning');
}

function thoughtOf({ content, summary }: Raw): string {
  const pieces = content?.length > 0 ? content : summary;
  return pieces.map(({ text }: Raw) => text).join('\n\n');
}

function sourceOf({ url, title, filename }: Raw): string {
  return [url, title ?? filename].filter(Boolean).join(' ');
}

function finishOf(
  { status, incomplete_details: details }: Raw,
  hasCalls: boolean,
): AnswerDigest['finish'] {
  if (status === 'incomplete') return details.reason === 'max_output_tokens' ? 'length' : 'unknown';
  return hasCalls ? 'tool-calls' : 'stop';
}

function usageOf(usage: Raw): AnswerDigest['usage'] {
  const { cached_tokens: cached, cache_write_tokens: written } = usage.input_tokens_details;
  const cost = usage.cost ?? (usage.cost_in_usd_ticks && usage.cost_in_usd_ticks / 1e10);
  return {
    uncachedInputTokens: usage.input_tokens - cached - (written ?? 0),
    cacheReadTokens: cached,
    ...(written !== undefined && { cacheWriteTokens: written }),
    outputTokens: usage.output_tokens,
    reasoningTokens: usage.output_tokens_details.reasoning_tokens,
    ...(cost !== undefined && { upstreamCostUsd: cost }),
  };
}
