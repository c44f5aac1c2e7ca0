import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/domain/nearest.ts';

const FIELDS = ['maxLatencyMs', 'maxCostUsd', 'deadlineMs', 'fallbackOrder', 'task'];

describe('nearest', () => {
  it.each([
    ['maxLatencyMS', 'maxLatencyMs'],
    ['maxlatency', 'maxLatencyMs'],
    ['deadline', 'deadlineMs'],
    ['fallbackorder', 'fallbackOrder'],
    ['tsak', 'task'],
  ])('takes %s for %s', (name, meant) => {
    expect(nearest(name, FIELDS)).toBe(meant);
  });

  it.each(['temperature', 'x', ''])('takes %j for none of them', (name) => {
    expect(nearest(name, FIELDS)).toBeUndefined();
  });

  it('prefers the first of two that are equally near', () => {
    expect(nearest('gpt-3', ['gpt-1', 'gpt-2'])).toBe('gpt-1');
  });

  it('finds a name with one character changed, added or lost', () => {
    const names = fc.string({ minLength: 1, unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(names, fc.nat(), fc.constantFrom('', 'x', 'xy'), (name, at, piece) => {
        const place = at % name.length;
        const misspelled = name.slice(0, place) + piece + name.slice(place + 1);

        expect(nearest(misspelled, [name])).toBe(name);
      }),
    );
  });
});
