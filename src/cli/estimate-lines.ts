import * as z from 'zod';
import { tokensByFamily } from '../classify/measure-input.ts';
import type { TokensByFamily } from '../domain/input-size.ts';
import { readJsonLines } from './json-lines.ts';

const textLineSchema = z.object({ id: z.union([z.string(), z.number()]), text: z.string() });

/** How far the work is. */
export type Progress = { readonly texts: number; readonly characters: number };

/**
 * Lines `{"id","text"}` in, a line with the estimate and the safe upper bound of each text's tokens out.
 * @throws BadLine
 */
export async function* estimateLines(
  pieces: AsyncIterable<string>,
  onProgress: (progress: Progress) => void,
): AsyncGenerator<string> {
  let texts = 0;
  let characters = 0;
  for await (const { id, text } of readJsonLines(pieces, textLineSchema)) {
    const tokens = tokensByFamily([text]);
    texts += 1;
    characters += text.length;
    onProgress({ texts, characters });
    yield `${JSON.stringify({ id, estimate: row(tokens, 'estimated'), upper: row(tokens, 'atMost') })}\n`;
  }
}

function row(tokens: TokensByFamily, figure: 'estimated' | 'atMost') {
  return {
    o200k_base: tokens.o200k[figure],
    cl100k_base: tokens.cl100k[figure],
    llama3: tokens.llama3[figure],
    gemma: tokens.gemma[figure],
  };
}
