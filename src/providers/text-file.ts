import type { MediaSource } from '../domain/conversation.ts';

/** The text of a document that is plain text and came inside the request; undefined for any other. */
export function textOfFile(source: MediaSource): string | undefined {
  if (source.type !== 'base64' || !source.mediaType.startsWith('text/')) return undefined;
  try {
    const bytes = Uint8Array.from(atob(source.data), (character) => character.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    return undefined;
  }
}
