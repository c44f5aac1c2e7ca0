import { whenAborted } from './guard.ts';

type Limits = { readonly maxBytes: number; readonly signal: AbortSignal };

/** What was read, and whether that is all: reading stops where the limit is passed. */
export type BodyText = { readonly text: string; readonly isWhole: boolean };

/** Reads a body up to a limit of decoded bytes (fault catalogue F40, F41), then lets go of it. */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  { maxBytes, signal }: Limits,
): Promise<BodyText> {
  if (body === null) return { text: '', isWhole: true };
  const reader = body.getReader();
  const aborted = whenAborted(signal);
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    while (bytes <= maxBytes) {
      const { done, value } = await Promise.race([reader.read(), aborted]);
      if (done) return { text: text + decoder.decode(), isWhole: true };
      bytes += value.byteLength;
      text += decoder.decode(value, { stream: true });
    }
    return { text, isWhole: false };
  } finally {
    aborted.catch(ignore);
    reader.cancel().catch(ignore);
  }
}

/** A body that is no longer wanted may fail while it is let go; nobody is left to care. */
export function ignore(): void {}
