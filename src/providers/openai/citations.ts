import type { CitationPart } from '../../domain/response.ts';
import type { WireCompletion, WireMessage, WireSource } from './wire.ts';

type Head = Pick<WireCompletion, 'citations' | 'search_results'>;

/** The sources of an answer, or of one chunk: annotations, executed searches, or Perplexity's lists. */
export function citationsOf(message: WireMessage | null | undefined, head: Head): CitationPart[] {
  const annotated = (message?.annotations ?? []).flatMap(({ url_citation: source }) =>
    source ? [citationPart(source)] : [],
  );
  if (annotated.length > 0) return annotated;
  const searched = (message?.executed_tools ?? []).flatMap(
    ({ search_results: found }) => found?.results ?? [],
  );
  if (searched.length > 0) return searched.map(citationPart);
  const titled = head.search_results ?? [];
  return (head.citations ?? []).map((url) =>
    citationPart(titled.find((source) => source.url === url) ?? { url, title: undefined }),
  );
}

function citationPart({ url, title }: WireSource): CitationPart {
  return { type: 'citation', url: url ?? undefined, title: title ?? undefined };
}
