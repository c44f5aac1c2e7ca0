import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import * as z from 'zod';
import { BadLine, readJsonLines } from '../json-lines.ts';

/** One prompt and how each model did on it, a line of the routing scorer's format. */
export const gradedPromptSchema = z.object({
  id: z.string().min(1),
  prompt: z.string(),
  /** The kind of work, or a benchmark's name for it, where it is known. */
  task: z.string().optional(),
  bench: z.string().optional(),
  /** For each model the score, 0 to 1, and what the call cost in US dollars. */
  models: z.record(z.string(), z.tuple([z.number().min(0).max(1), z.number().nonnegative()])),
});
export type GradedPrompt = z.infer<typeof gradedPromptSchema>;

/** Reads JSON lines, compressed where the name ends in `.gz`. @throws Error that names file and line. */
export async function readLines<T>(path: string, schema: z.ZodType<T>): Promise<T[]> {
  const file = createReadStream(path);
  const bytes = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  // A pipe does not hand errors on.
  if (bytes !== file) file.on('error', (error) => bytes.destroy(error));
  try {
    const lines: T[] = [];
    for await (const line of readJsonLines(bytes.setEncoding('utf8'), schema)) lines.push(line);
    return lines;
  } catch (error) {
    throw error instanceof BadLine ? new Error(`${path}, ${error.message}`) : error;
  }
}
