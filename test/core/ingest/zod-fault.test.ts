import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { invalidRequest } from '../../../src/ingest/zod-fault.ts';

const schema = z.strictObject({
  name: z.string().optional(),
  limit: z.number().max(5).optional(),
  part: z
    .union([z.string(), z.array(z.strictObject({ type: z.literal('text'), text: z.string() }))])
    .optional(),
});

function fault(value: unknown, path = '', known: readonly string[] = Object.keys(schema.shape)) {
  const { error } = schema.safeParse(value);
  if (error === undefined) throw new Error('it is valid');
  const { message, details } = invalidRequest(error, path, known);
  return [details.field, message];
}

describe('invalidRequest', () => {
  it.each<[string, unknown, string, string]>([
    ['a misspelled field', { limt: 1 }, 'limt', 'limt is not known; did you mean "limit"?'],
    [
      'a field that is like no other',
      { temperature: 1 },
      'temperature',
      'temperature is not known; known are name, limit, part',
    ],
    ['a value out of bounds', { limit: 6 }, 'limit', 'limit: Too big: expected number to be <=5'],
    [
      'the branch of a union that came furthest',
      { part: [{ type: 'text', text: 5 }] },
      'part.0.text',
      'part.0.text: Invalid input: expected string, received number',
    ],
    ['a value that is like no branch', { part: 5 }, 'part', 'part: Invalid input'],
  ])('names %s', (_, value, field, message) => {
    expect(fault(value)).toEqual([field, message]);
  });

  it('stands the field below the path it was read at', () => {
    expect(fault({ limt: 1 }, 'routing')[0]).toBe('routing.limt');
  });

  it('never repeats a value, which may be somebody’s text', () => {
    expect(fault({ name: 5, limit: 'canary' }).join()).not.toContain('canary');
  });
});
