import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import type { CitationPart } from '../../domain/response.ts';

/**
 * A source of the answer, as the dialect's web search names one: the provider's own object where it is
 * of this dialect, else a mark at the end of the text so far.
 */
export function toAnnotation({ url, title, raw }: CitationPart, textLength: number): JsonObject {
  if (isOwn(raw)) return raw;
  return {
    type: 'url_citation',
    start_index: textLength,
    end_index: textLength,
    url: url ?? '',
    title: title ?? '',
  };
}

const FILE_TYPES = ['file_citation', 'container_file_citation', 'file_path'];

/** Chat Completions has sources of the same type, which say nothing of their place. */
function isOwn(raw: JsonValue | undefined): raw is JsonObject {
  if (!isJsonObject(raw)) return false;
  return FILE_TYPES.includes(String(raw['type'])) || typeof raw['start_index'] === 'number';
}
