import type * as z from 'zod';

/** A line that is not what the program reads. Says which line, and what is wrong with it. */
export class BadLine extends Error {
  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`);
  }
}

/**
 * Reads JSON Lines from text in pieces, one line at a time; empty lines are passed over.
 * @throws BadLine for the first one that does not fit the schema.
 */
export async function* readJsonLines<T>(
  pieces: AsyncIterable<string>,
  schema: z.ZodType<T>,
): AsyncGenerator<T> {
  let number = 0;
  for await (const line of linesOf(pieces)) {
    number += 1;
    if (line.trim() === '') continue;
    yield parse(line, number, schema);
  }
}

function parse<T>(line: string, number: number, schema: z.ZodType<T>): T {
  const { success, data, error } = schema.safeParse(fromJson(line, number));
  if (success) return data;
  const reasons = error.issues.map(({ path, message }) => [...path, message].join(': '));
  throw new BadLine(number, reasons.join('; '));
}

function fromJson(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new BadLine(number, `not JSON (${String(cause)})`);
  }
}

const BYTE_ORDER_MARK = /^\uFEFF/;

/**
 * Only a line feed ends a line, and JSON takes a carriage return before it for space. `node:readline`
 * also splits at U+2028, which stands unescaped in JSON's strings.
 */
async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let open: string[] = [];
  let isFirst = true;
  for await (const piece of pieces) {
    const [head = '', ...rest] = (isFirst ? piece.replace(BYTE_ORDER_MARK, '') : piece).split('\n');
    isFirst = false;
    open.push(head);
    for (const next of rest) {
      yield open.join('');
      open = [next];
    }
  }
  yield open.join('');
}
