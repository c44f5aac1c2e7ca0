import { describe, expect, it } from 'vitest';
import { FAULTS } from '../simulator/plan.ts';
import { COVERAGE } from './coverage.ts';
import { CALLER_FAULTS } from './weather.ts';

const LAST_ROW = 92;

describe('COVERAGE', () => {
  it('has every row of the fault catalogue', () => {
    const rows = Array.from({ length: LAST_ROW }, (_, at) => `F${String(at + 1).padStart(2, '0')}`);

    expect(Object.keys(COVERAGE)).toEqual(rows);
  });

  it('names every fault of the simulator, and none that it does not play', () => {
    const played = Object.values(COVERAGE).flatMap((row) => ('weather' in row ? row.weather : []));

    expect(new Set([...played, ...CALLER_FAULTS])).toEqual(new Set(Object.keys(FAULTS)));
  });
});
