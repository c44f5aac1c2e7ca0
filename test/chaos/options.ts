import { parseArgs } from 'node:util';
import { PROFILE_NAMES, type ProfileName } from './profiles.ts';

export const HELP = `Sends seeded requests through seeded faults and checks every invariant of the fault catalogue.

  npm run chaos [-- --profile mixed] [--seed 1] [--seeds 1] [--requests 10000] [--json report.json]

  --profile   mixed          all dialects, faults and kinds of callers, at random (default)
              one-down       one model of three fails for ten minutes, in several ways
              outage         every model fails for ten minutes
              recovery       a model fails for a minute and comes back
              caller-faults  requests that are at fault themselves
              all            each of them
  --seed      the first seed, from 0
  --seeds     how many seeds, one after the other
  --requests  how many requests of each seed; for mixed and caller-faults
  --json      writes the reports to this file, too

Only for mixed:
  --time      simulated      one process in its own time: fast, and the same again (default)
              real           the Worker itself in its runtime, over real connections
  --isolates  how many isolates (3)
  --width     requests under way at the same time, at the most (24)
  --kills     how often all isolates are killed on the way (10)

The exit code is 1 when an invariant or a limit was broken, 2 when an option is wrong.`;

export type ChaosOptions = {
  readonly profiles: readonly ProfileName[];
  readonly seeds: readonly number[];
  readonly requests: number;
  readonly time: 'simulated' | 'real';
  readonly isolates: number;
  readonly width: number;
  readonly kills: number;
  /** A path, where the reports are to be written. */
  readonly json: string | undefined;
};

const OPTIONS = {
  profile: { type: 'string', default: 'mixed' },
  time: { type: 'string', default: 'simulated' },
  seed: { type: 'string', default: '1' },
  seeds: { type: 'string', default: '1' },
  requests: { type: 'string', default: '10000' },
  isolates: { type: 'string', default: '3' },
  width: { type: 'string', default: '24' },
  kills: { type: 'string', default: '10' },
  json: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** An option that is not one, or a value that it cannot have. */
export class WrongOption extends Error {}

/** @throws WrongOption that names the option and what it may be. */
export function readOptions(words: readonly string[]): ChaosOptions | 'help' {
  const values = parse(words);
  if (values.help) return 'help';
  const first = wholeOf('seed', values.seed, { least: 0, most: 1e9 });
  const count = wholeOf('seeds', values.seeds, { least: 1, most: 1000 });
  const profile = oneOf('profile', values.profile, [...PROFILE_NAMES, 'all']);
  return {
    profiles: profile === 'all' ? PROFILE_NAMES : [profile],
    seeds: Array.from({ length: count }, (_, at) => first + at),
    requests: wholeOf('requests', values.requests, { least: 1, most: 1e6 }),
    time: oneOf('time', values.time, ['simulated', 'real']),
    isolates: wholeOf('isolates', values.isolates, { least: 1, most: 50 }),
    width: wholeOf('width', values.width, { least: 1, most: 1000 }),
    kills: wholeOf('kills', values.kills, { least: 0, most: 1000 }),
    json: values.json,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new WrongOption(error instanceof Error ? error.message : String(error));
  }
}

const WHOLE = /^\d+$/;

function wholeOf(
  name: string,
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const value = Number(text);
  if (WHOLE.test(text) && value >= least && value <= most) return value;
  throw new WrongOption(`--${name} is a whole number from ${least} to ${most}, not "${text}"`);
}

function oneOf<Word extends string>(name: string, text: string, words: readonly Word[]): Word {
  const word = words.find((one) => one === text);
  if (word !== undefined) return word;
  throw new WrongOption(`--${name} is one of ${words.join(', ')}, not "${text}"`);
}
