import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/domain/json.ts';
import { canBeStrict } from '../../../../src/ingest/messages/strictness.ts';

const TEXT = { type: 'string' };

/** An object that is closed and requires all that it names. */
function closed(properties: JsonObject): JsonObject {
  const required = Object.keys(properties);
  return { type: 'object', properties, required, additionalProperties: false };
}

describe('canBeStrict', () => {
  it.each([
    ['closed objects', closed({ city: TEXT })],
    ['closed objects in lists', closed({ cities: { type: 'array', items: closed({ a: TEXT }) } })],
    ['properties that are named as keywords are', closed({ properties: TEXT, required: TEXT })],
    ['values that are no schemas', closed({ kind: { enum: [{ type: 'object' }] } })],
    ['definitions that are closed', { ...closed({}), $defs: { a: closed({ b: TEXT }) } }],
  ])('says yes to %s', (_, schema) => {
    expect(canBeStrict(schema)).toBe(true);
  });

  it.each([
    ['an open object', { type: 'object', properties: { city: TEXT }, required: ['city'] }],
    ['a property that need not be there', { ...closed({ city: TEXT }), required: [] }],
    ['an open object inside', closed({ place: { type: 'object' } })],
    ['an open object under the name of a keyword', closed({ enum: { type: 'object' } })],
    ['an open choice', closed({ place: { anyOf: [{ type: 'object' }, { type: 'null' }] } })],
    ['an open definition', { ...closed({}), $defs: { a: { type: 'object' } } }],
  ])('says no to %s', (_, schema) => {
    expect(canBeStrict(schema)).toBe(false);
  });
});
