import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import type { CitationPart } from '../../domain/response.ts';

/**
 * A source of the answer, as the dialect's web search names one: the provider's own object where it is
 * of this dialect, else a mark at the end of the text so far.
 */
export function toAnnotation({ url, title, raw }: CitationPart, textLength: number): JsonObject {
  if (isJsonObject(raw) && typeof raw['start_index'] === 'number') return raw;
  return {
    type: 'url_citation',
    start_index: textLength,
    end_index: textLength,
    url: url ?? '',
    title: title ?? '',
  };
}
