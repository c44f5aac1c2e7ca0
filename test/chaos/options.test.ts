import { describe, expect, it } from 'vitest';
import { readOptions, WrongOption } from './options.ts';
import { PROFILE_NAMES } from './profiles.ts';

describe('readOptions', () => {
  it('has a default for everything', () => {
    expect(readOptions([])).toEqual({
      profiles: ['mixed'],
      seeds: [1],
      requests: 10_000,
      time: 'simulated',
      isolates: 3,
      width: 24,
      kills: 10,
      json: undefined,
    });
  });

  it('takes several seeds and all profiles', () => {
    expect(readOptions(['--seed', '4', '--seeds', '3', '--profile', 'all'])).toMatchObject({
      seeds: [4, 5, 6],
      profiles: PROFILE_NAMES,
    });
  });

  it.each([['--help'], ['-h']])('shows help for %s', (word) => {
    expect(readOptions([word])).toBe('help');
  });

  it.each([
    [['--profile', 'worst'], '--profile is one of mixed, one-down, outage'],
    [['--seed', 'x'], '--seed is a whole number from 0 to 1000000000, not "x"'],
    [['--seed=-1'], '--seed is a whole number from 0 to 1000000000, not "-1"'],
    [['--requests', '1.5'], '--requests is a whole number from 1 to 1000000, not "1.5"'],
    [['--requests', '0'], '--requests is a whole number from 1 to 1000000, not "0"'],
    [['--width', ''], '--width is a whole number from 1 to 1000, not ""'],
    [['--time', 'fast'], '--time is one of simulated, real, not "fast"'],
    [['--sed', '1'], "Unknown option '--sed'"],
    [['more'], "Unexpected argument 'more'"],
  ])('refuses %j and says why', (words, message) => {
    expect(() => readOptions(words)).toThrow(WrongOption);
    expect(() => readOptions(words)).toThrow(message);
  });
});
